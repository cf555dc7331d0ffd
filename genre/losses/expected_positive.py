"""Expected positive regularisation."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from genre.losses.arithmetic import at_least_float32, mean_of_known
from genre.losses.ranges import check_not_negative, check_range


class ExpectedPositiveLoss(nn.Module):
    r"""Expected positive regularisation of Cole et al. (2021), EPR there: the mean over films and labels, and a term.

    .. math:: -\frac{1}{BL} \sum_{b,k} y_{bk} \ln p_{bk} + \lambda \Bigl(\frac{\hat k - k}{L}\Bigr)^2, \quad
              \hat k = \frac{1}{B} \sum_{b,k} p_{bk}, \quad p = \sigma(z)

    with z the logits and y the targets (B, L). It is made for data that lack positives: no negative is believed. They
    are only held down together, by k-hat, the mean number of labels that the films of the batch are given, which is to
    be near the expected one, k. Probabilities are too high by design, the more so the smaller lambda is. Where not all
    cells are known, the means are over those that are, and k / L is the probability that is expected of a cell.

    The paper's ROLE estimates the missing labels as well, by a parameter for each film and label, which no loss holds.

    Args:
        weight: lambda, 0 or more; 1 in the authors' code. A label on many films, more than a share of
            :math:`2 \lambda (\hat k - k) / L`, does best by a probability of 1 in all of them.
        positives: k, from 0 to L; None for the mean number of labels of a training film, which is too low by as many
            as are missing.
        label_counts: training films with each label, (L,); only None uses them.
        num_examples: training films N.

    Raises:
        ValueError: for a setting out of range.
    """

    expected: Tensor

    def __init__(
        self, weight: float, positives: float | None, label_counts: Tensor, num_examples: int | Tensor
    ) -> None:
        super().__init__()
        check_not_negative("weight", weight)
        labels = len(label_counts)
        rule = f"lie between 0 and the number of labels, {labels}, or be null"
        check_range(positives is None or 0 <= positives <= labels, "positives", positives, rule)
        self.weight = weight
        # k / L; one that is given is a setting, not a statistic: it stays out of checkpoints
        films = torch.as_tensor(num_examples).clamp(min=1)  # a label may be known of none
        expected = (label_counts.double() / films).mean() if positives is None else torch.tensor(positives / labels)
        self.register_buffer("expected", expected.float(), persistent=positives is None)

    def forward(self, logits: Tensor, targets: Tensor, known: Tensor | None = None) -> Tensor:
        """Loss of a batch: logits (B, L), targets (B, L) in {0, 1}, known (B, L) bool -> scalar."""
        logits, targets = at_least_float32(logits, targets)
        log_p = functional.logsigmoid(logits)
        positive_cells = torch.where(targets > 0.5, -log_p, 0)
        # through the logarithm, whose gradient 1 - p keeps its digits near p = 1, unlike that of a sigmoid
        excess = mean_of_known(log_p.exp() - self.expected, known)  # (k-hat - k) / L
        return mean_of_known(positive_cells, known) + self.weight * excess.square()
