"""The LightningModule: parameter groups, schedule, training mode, whole-split validation metrics."""

import types

import pytest
import torch

from genre.config import compose
from genre.decision import FixedThreshold, GlobalThreshold, decide
from genre.losses import BCELoss
from genre.metrics import multilabel_metrics
from genre.models import GenreClassifier, tiny_network

LABELS = [f"label{number}" for number in range(4)]


@pytest.fixture
def module() -> GenreClassifier:
    torch.manual_seed(0)
    net = tiny_network(layers=1, heads=2, width=16, pooling="mean", labels=LABELS).net.eval()
    settings = compose("train", ["optimizer.head_learning_rate=0.01", "optimizer.warmup_share=0.1"]).optimizer
    return GenreClassifier(net, BCELoss(0.0, torch.ones(4), 4), FixedThreshold(0.5, "probability"), settings, seed=3)


def batch(films: int, tokens: int, seed: int = 0) -> dict[str, torch.Tensor]:
    random = torch.Generator().manual_seed(seed)
    ids = torch.randint(1000, 2000, (films, tokens), generator=random)
    labels = (torch.rand(films, 4, generator=random) < 0.5).float()
    return {"input_ids": ids, "attention_mask": torch.ones_like(ids), "labels": labels, "position": torch.arange(films)}


def test_a_network_in_eval_mode_is_put_to_training(module: GenreClassifier) -> None:
    assert all(part.training for part in module.net.modules())


def test_biases_and_norms_do_not_decay_and_the_head_learns_at_its_own_rate(module: GenreClassifier) -> None:
    module.trainer = types.SimpleNamespace(estimated_stepping_batches=100)  # type: ignore[assignment]
    optimizer = module.configure_optimizers()["optimizer"]
    names = {id(parameter): name for name, parameter in module.net.named_parameters()}
    seen = {}
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            seen[names[id(parameter)]] = (group["initial_lr"], group["weight_decay"])
    assert set(seen) == set(names.values())
    for name, (rate, decay) in seen.items():
        assert rate == (1e-4 if name.startswith("distilbert.") else 0.01)
        assert decay == (0.0 if name.endswith("bias") or "norm" in name.lower() else 0.01)


def test_the_rate_rises_and_falls_linearly(module: GenreClassifier) -> None:
    module.trainer = types.SimpleNamespace(estimated_stepping_batches=100)  # type: ignore[assignment]
    made = module.configure_optimizers()
    optimizer, schedule = made["optimizer"], made["lr_scheduler"]["scheduler"]
    rates = []
    for _ in range(100):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    assert rates[0] == 0
    assert rates[10] == max(rates) == pytest.approx(1e-4)
    assert rates[55] == pytest.approx(0.5e-4)
    assert optimizer.param_groups[0]["lr"] == 0


def test_validation_metrics_are_of_the_whole_split(module: GenreClassifier) -> None:
    logged: dict[str, float] = {}
    module.log = lambda name, value, **_: logged.__setitem__(name, float(value))  # type: ignore[method-assign]
    module.log_dict = lambda values, **_: logged.update(values)  # type: ignore[method-assign]
    module.eval()
    parts = [batch(5, 7, seed=1), batch(2, 30, seed=2)]
    with torch.inference_mode():
        for number, part in enumerate(parts):
            module.validation_step(part, number)
        module.on_validation_epoch_end()
        probabilities = torch.cat([module.predict_step(part, 0)[1] for part in parts])
    targets = torch.cat([part["labels"] for part in parts])
    expected = multilabel_metrics(decide(probabilities, torch.full((4,), 0.5)), targets)
    assert logged["val/jaccard"] == pytest.approx(expected["jaccard"])
    assert logged["val/f1_macro"] == pytest.approx(expected["f1_macro"])


def test_each_epoch_is_judged_under_the_thresholds_that_suit_it(module: GenreClassifier) -> None:
    logged: dict[str, float] = {}
    module.log = lambda name, value, **_: logged.__setitem__(name, float(value))  # type: ignore[method-assign]
    module.log_dict = lambda values, **_: logged.update(values)  # type: ignore[method-assign]
    module.decision = GlobalThreshold("jaccard", "probability")
    module.eval()
    part = batch(30, 7, seed=1)
    with torch.inference_mode():
        module.validation_step(part, 0)
        module.on_validation_epoch_end()
        probabilities = module.predict_step(part, 0)[1]
    jaccards = [
        multilabel_metrics(decide(probabilities, torch.full((4,), float(cut))), part["labels"])["jaccard"]
        for cut in probabilities.unique()
    ]
    assert logged["val/jaccard"] == pytest.approx(max(jaccards))
    assert max(jaccards) > min(jaccards)


def test_padding_does_not_change_a_films_logits(module: GenreClassifier) -> None:
    module.eval()
    short = batch(1, 6)
    padded_ids = torch.cat([short["input_ids"], torch.zeros(1, 5, dtype=torch.long)], dim=1)
    mask = torch.cat([short["attention_mask"], torch.zeros(1, 5, dtype=torch.long)], dim=1)
    with torch.inference_mode():
        alone = module(short)
        assert torch.allclose(module({"input_ids": padded_ids, "attention_mask": mask}), alone, atol=1e-6)
