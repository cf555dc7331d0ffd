"""Hill loss."""

import math

import torch
from torch import Tensor, nn

from genre.losses.arithmetic import at_least_float32, focal_cells, mean_of_known
from genre.losses.ranges import check_not_negative, check_range


class HillLoss(nn.Module):
    r"""Hill loss of Zhang et al. (2021), "Simple and robust loss design ...", the mean over films and labels.

    .. math:: \frac{1}{BL} \sum_{b,k} -y_{bk} (1 - p^m_{bk})^\gamma \ln p^m_{bk}
              + (1 - y_{bk}) (\lambda - p_{bk}) p_{bk}^2, \quad p = \sigma(z), \quad p^m = \sigma(z - m)

    with z the logits and y the targets (B, L). It is made for data that lack positives. With lambda 1.5 a negative has
    the gradient :math:`3 p^2 (1 - p)^2` over its logit, the hill: the steepest at p = 1/2, and next to none where p is
    near 1 and the label is probably a missing positive. Below 1.5 the hill has a valley behind it: a negative with p
    above :math:`2 \lambda / 3` is pushed further up.

    The positives have the paper's focal margin loss, as in the authors' code: focal, as if the logit were m lower, so
    that those which the model is half sure of are not lost sight of. With m = 0 and gamma 0 it is their BCE.

    Args:
        negative_weight: lambda, at least 1, without which the loss could fall below zero.
        margin: m, 0 or more.
        gamma: focusing exponent of the positives, 0 or more.
        label_counts: unused.
        num_examples: unused.

    Raises:
        ValueError: for a setting out of range.
    """

    def __init__(
        self,
        negative_weight: float,
        margin: float,
        gamma: float,
        label_counts: Tensor,
        num_examples: int | Tensor,
    ) -> None:
        super().__init__()
        check_range(1 <= negative_weight < math.inf, "negative_weight", negative_weight, "be 1 or more, and finite")
        check_not_negative("margin", margin)
        check_not_negative("gamma", gamma)
        self.negative_weight = negative_weight
        self.margin = margin
        self.gamma = gamma

    def forward(self, logits: Tensor, targets: Tensor, known: Tensor | None = None) -> Tensor:
        """Loss of a batch: logits (B, L), targets (B, L) in {0, 1}, known (B, L) bool -> scalar."""
        logits, targets = at_least_float32(logits, targets)
        positive_cells = focal_cells(logits - self.margin, self.gamma)
        return mean_of_known(torch.where(targets > 0.5, positive_cells, self._negative_cells(logits)), known)

    def _negative_cells(self, logits: Tensor) -> Tensor:
        """Terms (lambda - p) p^2 of cells (B, L) that are negatives."""
        weight = self.negative_weight
        p, rest = logits.sigmoid(), (-logits).sigmoid()  # rest = 1 - p
        # the same polynomial in p and in 1 - p, each where its variable is the small one: where that is near 1, the
        # terms of its gradient cancel
        low = (weight - p) * p.square()
        high = weight - 1 + rest * (3 - 2 * weight + rest * (weight - 3 + rest))
        return torch.where(logits < 0, low, high)
