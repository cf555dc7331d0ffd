"""Losses weighted by the effective number of films of a label."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from genre.losses.arithmetic import at_least_float32, focal_cells, mean_of_known
from genre.losses.ranges import check_not_negative, check_range


def class_balanced_weights(beta: float, label_counts: Tensor) -> Tensor:
    r"""Inverse effective numbers of films (L,), float32 of mean one, after Cui, Jia, Lin, Song and Belongie (2019).

    .. math:: w_k \propto \frac{1 - \beta}{1 - \beta^{n_k}}

    from the paper's proposition 1 and section 4; there the weights are normalised to sum up to L as well. Beta 0 gives
    equal weights; towards 1 they approach inverse frequencies. A label on no film, whose weight would be infinite, is
    taken to be on one.

    Args:
        beta: from 0 to below 1.
        label_counts: training films n_k with each label, (L,).

    Raises:
        ValueError: for a beta out of range.
    """
    check_range(0 <= beta < 1, "beta", beta, "be 0 or more and below 1")
    films = label_counts.double().clamp(min=1)
    # 1 - beta^n through log1p and expm1: a beta of 0.999999 leaves six digits fewer otherwise
    effective = -torch.expm1(torch.special.xlog1py(films, beta - 1)) / (1 - beta)
    return (effective.reciprocal() / effective.reciprocal().mean()).float()


class ClassBalancedBCELoss(nn.Module):
    r"""Class-balanced binary cross-entropy of Cui et al. (2019), section 4.2, the mean over films and labels.

    .. math:: -\frac{1}{BL} \sum_{b,k} w_k [y_{bk} \ln \sigma(z_{bk}) + (1 - y_{bk}) \ln(1 - \sigma(z_{bk}))]

    with z the logits, y the targets (B, L) and w the weights of `class_balanced_weights`. In the paper an example has
    one class, whose weight all of its cells take; with several labels a film each cell takes that of its own label, as
    in Huang et al. (2021).

    Args:
        beta: from 0 (no weights) to below 1.
        label_counts: training films with each label, (L,).
        num_examples: unused.

    Raises:
        ValueError: for a beta out of range.
    """

    label_weights: Tensor

    def __init__(self, beta: float, label_counts: Tensor, num_examples: int | Tensor) -> None:
        super().__init__()
        self.register_buffer("label_weights", class_balanced_weights(beta, label_counts))

    def forward(self, logits: Tensor, targets: Tensor, known: Tensor | None = None) -> Tensor:
        """Loss of a batch: logits (B, L), targets (B, L) in {0, 1}, known (B, L) bool -> scalar."""
        logits, targets = at_least_float32(logits, targets)
        reduction = "mean" if known is None else "none"
        cells = functional.binary_cross_entropy_with_logits(logits, targets, self.label_weights, reduction=reduction)
        return cells if known is None else mean_of_known(cells, known)


class ClassBalancedFocalLoss(nn.Module):
    r"""Class-balanced focal loss of Cui et al. (2019), section 4.3, the mean over films and labels.

    .. math:: -\frac{1}{BL} \sum_{b,k} w_k (1 - p^t_{bk})^\gamma \ln p^t_{bk}

    with w the weights of `class_balanced_weights`, used as in `ClassBalancedBCELoss`, and :math:`p^t` the probability
    :math:`\sigma(z)` of a positive, :math:`1 - \sigma(z)` of a negative.

    Args:
        beta: from 0 (no weights) to below 1.
        gamma: focusing exponent, 0 or more.
        label_counts: training films with each label, (L,).
        num_examples: unused.

    Raises:
        ValueError: for a setting out of range.
    """

    label_weights: Tensor

    def __init__(self, beta: float, gamma: float, label_counts: Tensor, num_examples: int | Tensor) -> None:
        super().__init__()
        check_not_negative("gamma", gamma)
        self.gamma = gamma
        self.register_buffer("label_weights", class_balanced_weights(beta, label_counts))

    def forward(self, logits: Tensor, targets: Tensor, known: Tensor | None = None) -> Tensor:
        """Loss of a batch: logits (B, L), targets (B, L) in {0, 1}, known (B, L) bool -> scalar."""
        logits, targets = at_least_float32(logits, targets)
        cells = focal_cells(torch.where(targets > 0.5, logits, -logits), self.gamma)  # (B, L)
        return mean_of_known(self.label_weights * cells, known)
