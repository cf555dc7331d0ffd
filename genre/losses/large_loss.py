"""Binary cross-entropy that mistrusts the negatives of largest loss."""

import torch
from torch import Tensor
from torch.nn import functional

from genre.losses.arithmetic import at_least_float32, mean_of_known
from genre.losses.epochs import EpochLoss
from genre.losses.ranges import check_range


class LargeLoss(EpochLoss):
    r"""Large loss rejection and temporary correction of Kim, Kim, Akata and Lee (2022), LL-R and LL-Ct there; the mean
    over films and labels.

    .. math:: -\frac{1}{BL} \sum_{b,k} y_{bk} \ln p_{bk} + (1 - y_{bk}) \bigl[ (1 - r_{bk}) \ln(1 - p_{bk})
              + c\, r_{bk} \ln p_{bk} \bigr], \quad p = \sigma(z)

    with z the logits and y the targets (B, L); r is 1 for the largest :math:`e \Delta` percent of the losses of the
    batch's negatives and 0 elsewhere, e being the epoch, 0 the first. It is made for data that lack positives: networks
    learn what is right before they learn mistakes by heart, so that after the first epoch a negative of large loss is
    likely a missing positive. Rejection (c = 0) leaves it out of the sum, though not out of the mean's divisor;
    temporary correction (c = 1) takes it for a positive, in this batch alone. The paper's permanent correction, LL-Cp,
    writes into the labels of the data, which no loss has in its hands.

    The share is of the negatives, as in the paper; the authors' code takes it of all cells. As in the code, it is
    rounded up to whole cells, and cells as large as the last of them go with it.

    Args:
        scheme: `rejection` or `temporary`.
        delta_rel: Delta, percent of the negatives by which the share grows each epoch, 0 to 100.
        label_counts: unused.
        num_examples: unused.

    Raises:
        ValueError: for a setting out of range.
    """

    def __init__(self, scheme: str, delta_rel: float, label_counts: Tensor, num_examples: int | Tensor) -> None:
        super().__init__()
        check_range(scheme in ("rejection", "temporary"), "scheme", scheme, "be rejection or temporary")
        check_range(0 <= delta_rel <= 100, "delta_rel", delta_rel, "lie between 0 and 100 (percent)")
        self.scheme = scheme
        self.delta_rel = delta_rel

    def forward(self, logits: Tensor, targets: Tensor, known: Tensor | None = None) -> Tensor:
        """Loss of a batch: logits (B, L), targets (B, L) in {0, 1}, known (B, L) bool -> scalar."""
        logits, targets = at_least_float32(logits, targets)
        positive = targets > 0.5
        cells = -functional.logsigmoid(torch.where(positive, logits, -logits))  # (B, L)
        # a whole number, for 0.1 percent three times over is a little more than 0.3 and would be rounded up
        millionths = round(self.delta_rel * 10_000 * self.epoch)
        if millionths:
            negative = ~positive if known is None else ~positive & known
            instead = -functional.logsigmoid(logits) if self.scheme == "temporary" else torch.zeros_like(cells)
            cells = torch.where(_largest(logits, negative, min(millionths, 1_000_000)), instead, cells)
        return mean_of_known(cells, known)


def _largest(logits: Tensor, negative: Tensor, millionths: int) -> Tensor:
    """Which cells are the largest `millionths` of the negatives, above 0: all of shape (B, L)."""
    # the loss of a negative rises with its logit; nothing waits for the device to tell how many cells there are
    ranked = torch.where(negative, logits.detach(), -torch.inf).flatten().sort(descending=True).values
    last = (negative.sum() * millionths - 1).clamp(min=0) // 1_000_000  # place of the last one, its number less 1
    return negative & (logits >= ranked.gather(0, last.view(1)))
