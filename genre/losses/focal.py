"""Focal loss."""

import torch
from torch import Tensor, nn

from genre.losses.arithmetic import at_least_float32, focal_cells, label_shares, mean_of_known
from genre.losses.ranges import check_not_negative, check_range


class FocalLoss(nn.Module):
    r"""Focal loss of Lin, Goyal, Girshick, He and Dollar (2017), equation 5, the mean over films and labels.

    .. math:: -\frac{1}{BL} \sum_{b,k} \alpha^t_{bk} (1 - p^t_{bk})^\gamma \ln p^t_{bk}

    with :math:`p = \sigma(z)`; for a positive :math:`p^t = p` and :math:`\alpha^t = \alpha`, for a negative
    :math:`p^t = 1 - p` and :math:`\alpha^t = 1 - \alpha`. With gamma 0 and alpha 0.5 it is half the BCE.

    Args:
        alpha: weight of the positives, 0 to 1; None for no weights, equation 4; or `balanced`: for each label
            :math:`\alpha_k = 1 - n_k / N`, so that its n_k positives weigh as much in all as its N - n_k negatives. A
            label on no training film, or on all, is taken to be half a film away from that.
        gamma: focusing exponent, 0 or more.
        label_counts: training films with each label, (L,); only `balanced` uses them.
        num_examples: training films N.

    Raises:
        ValueError: for an alpha or gamma out of range.
    """

    label_weights: Tensor

    def __init__(
        self, alpha: float | str | None, gamma: float, label_counts: Tensor, num_examples: int | Tensor
    ) -> None:
        super().__init__()
        if isinstance(alpha, int | float) and not isinstance(alpha, bool):
            check_range(0 <= alpha <= 1, "alpha", alpha, "lie between 0 and 1")
        else:
            check_range(alpha in (None, "balanced"), "alpha", alpha, "be a number between 0 and 1, null, or balanced")
        check_not_negative("gamma", gamma)
        self.alpha = alpha
        self.gamma = gamma
        if alpha == "balanced":
            self.register_buffer("label_weights", (1 - label_shares(label_counts, num_examples)).float())

    def forward(self, logits: Tensor, targets: Tensor, known: Tensor | None = None) -> Tensor:
        """Loss of a batch: logits (B, L), targets (B, L) in {0, 1}, known (B, L) bool -> scalar."""
        logits, targets = at_least_float32(logits, targets)
        cells = focal_cells(torch.where(targets > 0.5, logits, -logits), self.gamma)  # (B, L)
        if self.alpha is None:
            return mean_of_known(cells, known)
        alpha = self.label_weights if isinstance(self.alpha, str) else self.alpha
        return mean_of_known((alpha * targets + (1 - alpha) * (1 - targets)) * cells, known)
