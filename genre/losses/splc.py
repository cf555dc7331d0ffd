"""Self-paced loss correction."""

import torch
from torch import Tensor

from genre.losses.arithmetic import at_least_float32, focal_cells, mean_of_known
from genre.losses.epochs import EpochLoss
from genre.losses.ranges import check_not_negative, check_range


class SPLCLoss(EpochLoss):
    r"""Self-paced loss correction of Zhang et al. (2021), "Simple and robust loss design ...", with their focal margin
    loss; the mean over films and labels.

    .. math:: -\frac{1}{BL} \sum_{b,k} (1 - q_{bk})^\gamma \ln q_{bk}, \quad q = \begin{cases}
              \sigma(z - m) & y = 1 \\ \sigma(z) & y = 0,\ \sigma(z) > \tau,\ e \ge E \\ \sigma(-z) & \text{otherwise}
              \end{cases}

    with z the logits, y the targets (B, L) and e the epoch, 0 the first. It is made for data that lack positives: from
    epoch E on a negative that the model gives a probability above tau is taken for a missing positive, in this batch
    alone. As in the authors' code such a cell has no margin, which is for the positives of the data.

    Args:
        tau: probability above which a negative is a positive, above 0 and at most 1 (never).
        change_epoch: E, 0 or more; 1 spares the first epoch.
        margin: m, 0 or more.
        gamma: focusing exponent, 0 or more.
        label_counts: unused.
        num_examples: unused.

    Raises:
        ValueError: for a setting out of range.
    """

    def __init__(
        self,
        tau: float,
        change_epoch: int,
        margin: float,
        gamma: float,
        label_counts: Tensor,
        num_examples: int | Tensor,
    ) -> None:
        super().__init__()
        check_range(0 < tau <= 1, "tau", tau, "be above 0 and at most 1")
        check_not_negative("change_epoch", change_epoch)
        check_not_negative("margin", margin)
        check_not_negative("gamma", gamma)
        self.tau = tau
        self.change_epoch = change_epoch
        self.margin = margin
        self.gamma = gamma

    def forward(self, logits: Tensor, targets: Tensor, known: Tensor | None = None) -> Tensor:
        """Loss of a batch: logits (B, L), targets (B, L) in {0, 1}, known (B, L) bool -> scalar."""
        logits, targets = at_least_float32(logits, targets)
        positive = targets > 0.5
        toward = torch.where(positive, logits - self.margin, -logits)  # (B, L)
        if self.epoch >= self.change_epoch:
            toward = torch.where(~positive & (logits.sigmoid() > self.tau), logits, toward)
        return mean_of_known(focal_cells(toward, self.gamma), known)
