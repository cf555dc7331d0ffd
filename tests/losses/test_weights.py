"""What the losses make of the label counts, worked by hand."""

import math
from decimal import Decimal, localcontext

import pytest
import torch

from genre.errors import UserError


def test_log_weights(make_loss) -> None:
    """N = 8, n = 0, 1, 3: ln 8, ln 4, ln 2, which are as 3 to 2 to 1."""
    loss = make_loss("log_weighted_bce", counts=(0, 1, 3), films=8)
    assert loss.label_weights.tolist() == pytest.approx([1.5, 1, 0.5])


def test_a_label_on_every_film_has_no_log_weight(make_loss) -> None:
    with pytest.raises(UserError, match="use loss=bce"):
        make_loss("log_weighted_bce", counts=(10, 1), films=10)
    make_loss("log_weighted_bce", counts=(8, 1), films=10)


def test_log_weights_stand_in_the_state_under_the_name_of_torch(make_loss) -> None:
    """Checkpoints hold them, so that a training does not go on under another loss."""
    assert list(make_loss("log_weighted_bce").state_dict()) == ["pos_weight"]
    assert list(make_loss("log_weighted_bce", use="label_weight").state_dict()) == ["weight"]


def test_balanced_alpha(make_loss) -> None:
    """Positives of a label weigh as its negatives; on no film or on all it is half a film away from that."""
    counts = (0, 1, 3, 10)
    weights = make_loss("focal", alpha="balanced", counts=counts, films=10).label_weights
    assert weights.tolist() == pytest.approx([0.95, 0.9, 0.7, 0.05])
    for count, alpha in zip(counts[1:3], weights.tolist()[1:3], strict=True):
        assert count * alpha == pytest.approx((10 - count) * (1 - alpha))


def test_a_number_for_alpha_is_no_label_weight(make_loss) -> None:
    assert not hasattr(make_loss("focal", alpha=0.25), "label_weights")
    assert not make_loss("focal", alpha=None).state_dict()


def test_class_balanced_weights(make_loss) -> None:
    """Beta a half: effective numbers 1, 1.5 and 1.75 of 1, 2 and 3 films; no film counts as one."""
    loss = make_loss("class_balanced_bce", beta=0.5, counts=(1, 2, 3, 0))
    raw = [1, 2 / 3, 4 / 7, 1]
    assert loss.label_weights.tolist() == pytest.approx([value / (sum(raw) / 4) for value in raw])


def test_class_balanced_weights_at_both_ends_of_beta(make_loss) -> None:
    assert make_loss("class_balanced_bce", beta=0).label_weights.tolist() == [1, 1, 1, 1]
    weights = make_loss("class_balanced_focal", beta=0.9999999999999, counts=(1, 10, 100)).label_weights
    assert weights.tolist() == pytest.approx([3 / 1.11, 0.3 / 1.11, 0.03 / 1.11])  # inverse frequencies


def test_class_balanced_weights_keep_their_digits(make_loss) -> None:
    counts = (1, 1000, 10**6, 10**8)
    weights = make_loss("class_balanced_bce", beta=0.999999, counts=counts).label_weights
    with localcontext() as context:
        context.prec = 60
        beta = Decimal("0.999999")
        raw = [(1 - beta) / (1 - beta**count) for count in counts]
        exact = [float(value / (sum(raw) / 4)) for value in raw]
    assert weights.tolist() == pytest.approx(exact, rel=1e-7)


def test_distribution_balanced_weights(make_loss) -> None:
    """Labels on 10 and 2 films. Film with the first: ratios 1 and 5; with both: 1/6 and 5/6; with none: infinite."""
    loss = make_loss("distribution_balanced", alpha=0.1, beta=1, mu=1, gamma=0, kappa=0, counts=(10, 2))

    def weights(*targets: float) -> list[float]:
        # with kappa, gamma and the logits 0 a cell is ln 2, halved by the scale of the negatives
        cells = torch.zeros(1, 2, requires_grad=True)
        target = torch.tensor([targets])
        (gradient,) = torch.autograd.grad(loss(cells, target), cells)  # weight times -1/2 or 1/2, over 2 cells
        return (4 * gradient.abs()).flatten().tolist()

    def smoothed(ratio: float) -> float:
        return 0.1 + 1 / (1 + math.exp(-(ratio - 1)))

    assert weights(1, 0) == pytest.approx([smoothed(1), smoothed(5)])
    assert weights(1, 1) == pytest.approx([smoothed(1 / 6), smoothed(5 / 6)])
    assert weights(0, 0) == pytest.approx([1.1, 1.1])


def test_the_shift_tolerates_negatives_of_rare_labels(make_loss) -> None:
    """The best constant logit is (1 - kappa) times the log odds: nearer to zero, not further from it."""
    plain = {"gamma": 0, "alpha": 0.5, "beta": 1e-9, "negative_scale": 1}
    loss = make_loss("distribution_balanced", counts=(10, 90), films=100, kappa=0.25, **plain).double()
    targets = torch.zeros(100, 2, dtype=torch.float64)
    targets[:10, 0] = targets[10:, 1] = 1  # each film has one label, so all weights are equal
    best = 0.75 * torch.logit(torch.tensor([0.1, 0.9], dtype=torch.float64))
    best.requires_grad_()
    (gradient,) = torch.autograd.grad(loss(best.expand(100, 2), targets), best)
    assert gradient.abs().max() < 1e-7


def test_expected_positives(make_loss) -> None:
    """13 labels on 10 films, of 4 labels; where a label is known of fewer films, its share is of those."""
    counts = (8, 4, 1, 0)
    assert make_loss("expected_positive", counts=counts, films=10).expected.item() == pytest.approx(1.3 / 4)
    known = torch.tensor([10, 5, 2, 0])
    assert make_loss("expected_positive", counts=counts, films=known).expected.item() == pytest.approx(2.1 / 4)
    assert make_loss("expected_positive", counts=counts, positives=3).expected.item() == 0.75


def test_expected_positives_stand_in_the_state_unless_they_are_a_setting(make_loss) -> None:
    assert list(make_loss("expected_positive").state_dict()) == ["expected"]
    assert not make_loss("expected_positive", positives=2).state_dict()


def test_labels_on_no_film_or_on_all_leave_every_loss_finite(make_loss, name: str) -> None:
    most = 8 if name == "log_weighted_bce" else 10  # which has no weight for a label on every film
    loss = make_loss(name, counts=(0, most), films=10)
    logits = torch.randn(5, 2, requires_grad=True)
    for targets in (torch.zeros(5, 2), torch.ones(5, 2)):
        (gradient,) = torch.autograd.grad(loss(logits, targets), logits)
        assert gradient.isfinite().all()
