"""Binary cross-entropy and its weighting by log inverse frequency."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from genre.losses.arithmetic import at_least_float32, mean_of_known
from genre.losses.ranges import check_range


class BCELoss(nn.Module):
    r"""Binary cross-entropy, the mean over films and labels.

    .. math:: -\frac{1}{BL} \sum_{b,k} t_{bk} \ln \sigma(z_{bk}) + (1 - t_{bk}) \ln(1 - \sigma(z_{bk})), \quad
              t_{bk} = (1 - s) y_{bk} + s / 2

    with z the logits and y the targets (B, L). Label smoothing s is that of Szegedy et al. (2016), section 7, over the
    two outcomes of a label.

    Args:
        label_smoothing: s, from 0 (none) to below 1.
        label_counts: unused.
        num_examples: unused.

    Raises:
        ValueError: for a smoothing out of range.
    """

    def __init__(self, label_smoothing: float, label_counts: Tensor, num_examples: int | Tensor) -> None:
        super().__init__()
        check_range(0 <= label_smoothing < 1, "label_smoothing", label_smoothing, "be 0 or more and below 1")
        self.label_smoothing = label_smoothing

    def forward(self, logits: Tensor, targets: Tensor, known: Tensor | None = None) -> Tensor:
        """Loss of a batch: logits (B, L), targets (B, L) in {0, 1}, known (B, L) bool -> scalar."""
        logits, targets = at_least_float32(logits, targets)
        smooth = targets * (1 - self.label_smoothing) + self.label_smoothing / 2
        if known is None:
            return functional.binary_cross_entropy_with_logits(logits, smooth)
        cells = functional.binary_cross_entropy_with_logits(logits, smooth, reduction="none")
        return mean_of_known(cells, known)


class LogWeightedBCELoss(nn.BCEWithLogitsLoss):
    r"""Binary cross-entropy weighted by the log inverse frequency of the labels, the mean over films and labels.

    .. math:: v_k = \ln \frac{N}{n_k + 1}, \quad w_k = v_k \big/ \tfrac{1}{L} \sum_j v_j, \quad
              -\frac{1}{BL} \sum_{b,k} w_k y_{bk} \ln \sigma(z_{bk}) + u_k (1 - y_{bk}) \ln(1 - \sigma(z_{bk}))

    with z the logits and y the targets (B, L), N the number of training films of which label k is known and n_k those
    that have it. The vector w, of mean one, is that argument of `torch.nn.BCEWithLogitsLoss` which weighs the positives
    alone, `pos_weight` (u = 1; so in the published comparison), or that which weighs all of a label, `weight` (u = w).

    Args:
        use: `pos_weight`, or `label_weight` for all of a label.
        label_counts: training films with each label, (L,).
        num_examples: training films N.

    Raises:
        ValueError: for another `use`, or when nearly every training film has the same label, so that a weight is not
            positive.
    """

    def __init__(self, use: str, label_counts: Tensor, num_examples: int | Tensor) -> None:
        check_range(use in ("pos_weight", "label_weight"), "use", use, "be pos_weight or label_weight")
        raw = torch.log(num_examples / (label_counts.double() + 1))  # (L,)
        if not bool((raw > 0).all()):
            raise ValueError(
                "a label stands on (nearly) every training film, so its log weight is not positive; use loss=bce"
            )
        weights = (raw / raw.mean()).float()
        if use == "pos_weight":
            super().__init__(pos_weight=weights)
        else:
            super().__init__(weight=weights)

    @property
    def label_weights(self) -> Tensor:
        """The vector w (L,)."""
        return self.get_buffer("pos_weight" if self.weight is None else "weight")

    def forward(self, logits: Tensor, targets: Tensor, known: Tensor | None = None) -> Tensor:
        """Loss of a batch: logits (B, L), targets (B, L) in {0, 1}, known (B, L) bool -> scalar."""
        logits, targets = at_least_float32(logits, targets)
        if known is None:
            return super().forward(logits, targets)
        cells = functional.binary_cross_entropy_with_logits(
            logits, targets, self.weight, pos_weight=self.pos_weight, reduction="none"
        )
        return mean_of_known(cells, known)
