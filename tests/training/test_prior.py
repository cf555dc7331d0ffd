import pytest
import torch
from torch import nn

from genre.config import compose, instantiate
from genre.losses import BCELoss
from genre.models import TinyClassifier
from genre.paths import CONF_DIR
from genre.training.prior import best_constant, set_prior

TARGETS = (
    torch.rand(500, 4, generator=torch.Generator().manual_seed(0)) < torch.tensor([0.5, 0.2, 0.05, 0.01])
).float()
COUNTS = TARGETS.sum(dim=0)


def test_for_bce_it_is_the_log_odds_of_the_shares() -> None:
    constant = best_constant(BCELoss(0.0, COUNTS, 500), TARGETS)
    assert torch.allclose(constant, torch.logit(COUNTS / 500), atol=0.02)


@pytest.mark.parametrize("name", sorted(file.stem for file in (CONF_DIR / "loss").glob("*.yaml")))
def test_for_any_loss_no_other_constant_is_better(name: str) -> None:
    loss = instantiate(compose("train", [f"loss={name}"]).loss, label_counts=COUNTS.int(), num_examples=500)
    constant = best_constant(loss, TARGETS)
    reached = loss(constant.expand_as(TARGETS), TARGETS)
    for step in (-0.3, 0.3):
        for label in range(4):
            other = constant.clone()
            other[label] += step
            assert loss(other.expand_as(TARGETS), TARGETS) > reached


def test_labels_on_no_film_or_on_all_stay_finite() -> None:
    targets = torch.tensor([[0.0, 1.0], [0.0, 1.0]])
    assert best_constant(BCELoss(0.0, targets.sum(dim=0), 2), targets).isfinite().all()


def test_the_output_layer_gets_it() -> None:
    net = TinyClassifier(layers=1, heads=2, width=16, pooling="cls", labels=["a", "b", "c", "d"]).net
    set_prior(net, torch.tensor([1.0, 2.0, 3.0, 4.0]))
    assert isinstance(net.classifier, nn.Linear)
    assert net.classifier.bias.tolist() == [1, 2, 3, 4]
