"""Binary cross-entropy and its weighting by log inverse frequency."""

import torch
from torch import Tensor, nn
from torch.nn import functional


class BCELoss(nn.Module):
    r"""Binary cross-entropy, the mean over films and labels.

    .. math:: -\frac{1}{BL} \sum_{b,k} y_{bk} \ln \sigma(z_{bk}) + (1 - y_{bk}) \ln(1 - \sigma(z_{bk}))

    with z the logits and y the targets (B, L).

    Args:
        label_counts: unused.
        num_examples: unused.
    """

    def __init__(self, label_counts: Tensor, num_examples: int) -> None:
        super().__init__()

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Loss of a batch: logits (B, L), targets (B, L) in {0, 1} -> scalar."""
        return functional.binary_cross_entropy_with_logits(logits, targets)


class LogWeightedBCELoss(nn.Module):
    r"""Binary cross-entropy whose positives weigh by the log inverse frequency of their label.

    .. math:: v_k = \ln \frac{N}{n_k + 1}, \quad w_k = v_k \big/ \tfrac{1}{L} \sum_j v_j, \quad
              -\frac{1}{BL} \sum_{b,k} w_k y_{bk} \ln \sigma(z_{bk}) + (1 - y_{bk}) \ln(1 - \sigma(z_{bk}))

    with N the number of training films and n_k those of label k. The vector of mean one is the `pos_weight` of
    `torch.nn.BCEWithLogitsLoss`.

    Args:
        label_counts: training films with each label, (L,).
        num_examples: training films N.

    Raises:
        ValueError: when nearly every training film has the same label, so that a weight is not positive.
    """

    pos_weight: Tensor

    def __init__(self, label_counts: Tensor, num_examples: int) -> None:
        super().__init__()
        raw = torch.log(num_examples / (label_counts.double() + 1))  # (L,)
        if not bool((raw > 0).all()):
            raise ValueError(
                "a label stands on (nearly) every training film, so its log weight is not positive; use loss=bce"
            )
        self.register_buffer("pos_weight", (raw / raw.mean()).float())

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Loss of a batch: logits (B, L), targets (B, L) in {0, 1} -> scalar."""
        return functional.binary_cross_entropy_with_logits(logits, targets, pos_weight=self.pos_weight)
