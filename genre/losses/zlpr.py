"""Zero-bounded log-sum-exp and pairwise rank-based loss."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from genre.losses.arithmetic import at_least_float32


class ZLPRLoss(nn.Module):
    r"""ZLPR loss of Su, Zhu, Murtadha, Pan, Wen and Liu (2022), the mean over films, divided by the number of labels.

    .. math:: \frac{1}{BL} \sum_b \Bigl[ \ln\Bigl(1 + \sum_{k: y_{bk} = 1} e^{-z_{bk}}\Bigr)
              + \ln\Bigl(1 + \sum_{k: y_{bk} = 0} e^{z_{bk}}\Bigr) \Bigr]

    with z the logits and y the targets (B, L). It ranks the labels of a film above zero and the others below. The paper
    has no division by L: here it gives the loss the scale of the other ones, a mean over films and labels, so that one
    learning rate serves them all. An unknown label stands in neither sum, and the division is by the known cells.

    Args:
        label_counts: unused.
        num_examples: unused.
    """

    def __init__(self, label_counts: Tensor, num_examples: int | Tensor) -> None:
        super().__init__()

    def forward(self, logits: Tensor, targets: Tensor, known: Tensor | None = None) -> Tensor:
        """Loss of a batch: logits (B, L), targets (B, L) in {0, 1}, known (B, L) bool -> scalar."""
        logits, targets = at_least_float32(logits, targets)
        positive, negative = targets > 0.5, targets <= 0.5
        if known is not None:
            positive, negative = positive & known, negative & known
        films = _log_one_plus_sum(-logits, positive) + _log_one_plus_sum(logits, negative)  # (B,)
        if known is None:
            return films.mean() / logits.shape[1]
        return films.sum() / known.sum().clamp(min=1)


def _log_one_plus_sum(exponents: Tensor, mine: Tensor) -> Tensor:
    """ln(1 + sum of e^x over the cells that are `mine`), both (B, L) -> (B,)."""
    # the lowest number, not minus infinity, whose gradient is not a number where no cell is `mine`
    total = torch.where(mine, exponents, torch.finfo(exponents.dtype).min).logsumexp(dim=1)  # (B, L) -> (B,)
    # not a 1 within the sum, which would swallow a small total
    return -functional.logsigmoid(-total)
