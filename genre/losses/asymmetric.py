"""Asymmetric loss."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from genre.losses.arithmetic import at_least_float32, focal_cells, mean_of_known
from genre.losses.ranges import check_not_negative, check_range


class AsymmetricLoss(nn.Module):
    r"""Asymmetric loss of Ridnik et al. (2021), equations 4 to 7, the mean over films and labels.

    .. math:: -\frac{1}{BL} \sum_{b,k} y_{bk} (1 - p_{bk})^{\gamma_+} \ln p_{bk}
              + (1 - y_{bk}) (p^m_{bk})^{\gamma_-} \ln(1 - p^m_{bk}), \quad p^m = \max(p - m, 0)

    with :math:`p = \sigma(z)` and y the targets (B, L). A negative with a probability of at most m counts nothing and
    has no gradient; one with a probability near 1 keeps a loss of about :math:`-\ln m` but next to no gradient: the
    paper takes it for a wrong label. With m = 0 and one gamma it is the focal loss without alpha, with all three 0 BCE.

    Args:
        gamma_neg: focusing exponent of the negatives, 0 or more.
        gamma_pos: that of the positives, 0 or more.
        clip: the margin m, from 0 to below 1.
        label_counts: unused.
        num_examples: unused.

    Raises:
        ValueError: for a setting out of range.
    """

    log_clip: Tensor

    def __init__(
        self, gamma_neg: float, gamma_pos: float, clip: float, label_counts: Tensor, num_examples: int
    ) -> None:
        super().__init__()
        check_not_negative("gamma_neg", gamma_neg)
        check_not_negative("gamma_pos", gamma_pos)
        check_range(0 <= clip < 1, "clip", clip, "be 0 or more and below 1")
        self.gamma_neg = gamma_neg
        self.gamma_pos = gamma_pos
        # a setting, not a weight: it stays out of checkpoints
        self.register_buffer("log_clip", torch.tensor(clip).log(), persistent=False)

    def forward(self, logits: Tensor, targets: Tensor, known: Tensor | None = None) -> Tensor:
        """Loss of a batch: logits (B, L), targets (B, L) in {0, 1}, known (B, L) bool -> scalar."""
        logits, targets = at_least_float32(logits, targets)
        cells = torch.where(targets > 0.5, focal_cells(logits, self.gamma_pos), self._negative_cells(logits))
        return mean_of_known(cells, known)

    def _negative_cells(self, logits: Tensor) -> Tensor:
        """Terms -(p - m)^gamma_neg ln(1 - p + m) of cells (B, L) that are negatives."""
        log_p = functional.logsigmoid(logits)
        log_ratio = self.log_clip - log_p  # ln(m / p), minus infinity for m = 0
        counts = log_ratio < 0  # p > m
        # both logarithms as sums of exponents, so that nothing cancels: ln(p - m) = ln p + ln(1 - m / p) and
        # ln(1 - p + m) = ln((1 - p) + m); a cell that is cut off gets a harmless value first, for its gradient would
        # otherwise be 0 times infinity
        log_shifted = log_p + torch.log(-torch.expm1(torch.where(counts, log_ratio, -math.inf)))
        log_rest = torch.logaddexp(functional.logsigmoid(-logits), self.log_clip)
        return torch.where(counts, -torch.exp(self.gamma_neg * log_shifted) * log_rest, 0.0)
