"""Focal loss."""

import torch
from torch import Tensor, nn
from torch.nn import functional


class FocalLoss(nn.Module):
    r"""Focal loss of Lin, Goyal, Girshick, He and Dollar (2017), equation 5, the mean over films and labels.

    .. math:: -\frac{1}{BL} \sum_{b,k} \alpha^t_{bk} (1 - p^t_{bk})^\gamma \ln p^t_{bk}

    with :math:`p = \sigma(z)`; for a positive :math:`p^t = p` and :math:`\alpha^t = \alpha`, for a negative
    :math:`p^t = 1 - p` and :math:`\alpha^t = 1 - \alpha`. With gamma 0 and alpha 0.5 it is half the BCE.

    Args:
        alpha: weight of the positives, 0 to 1.
        gamma: focusing exponent, 0 or more.
        label_counts: unused.
        num_examples: unused.

    Raises:
        ValueError: for an alpha or gamma out of range.
    """

    def __init__(self, alpha: float, gamma: float, label_counts: Tensor, num_examples: int) -> None:
        super().__init__()
        if not 0 <= alpha <= 1:
            raise ValueError(f"loss.alpha={alpha:g}: must lie between 0 and 1")
        if not gamma >= 0:
            raise ValueError(f"loss.gamma={gamma:g}: must be 0 or more")
        self.alpha = alpha
        self.gamma = gamma

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Loss of a batch: logits (B, L), targets (B, L) in {0, 1} -> scalar."""
        toward = torch.where(targets > 0.5, logits, -logits)  # logit of the true side
        log_p = functional.logsigmoid(toward)
        # (1 - p)^gamma as exp(gamma ln(1 - p)): no power of a number that rounds to zero, so no lost gradient
        focus = torch.exp(self.gamma * functional.logsigmoid(-toward))
        alpha = torch.where(targets > 0.5, self.alpha, 1 - self.alpha)
        return -(alpha * focus * log_p).mean()
