"""What several losses compute with."""

import torch
from torch import Tensor
from torch.nn import functional


def at_least_float32(logits: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Both in float32, or in the logits' precision where that is higher."""
    precision = torch.promote_types(logits.dtype, torch.float32)
    return logits.to(precision), targets.to(precision)


def focal_cells(toward: Tensor, gamma: float) -> Tensor:
    """Focal terms -(1 - p)^gamma ln p with p = sigmoid(toward), cell by cell.

    Args:
        toward: logit of the true side: z for a positive, -z for a negative.
        gamma: focusing exponent.
    """
    # (1 - p)^gamma as exp(gamma ln(1 - p)): no power of a number that rounds to zero, so no lost gradient
    return -torch.exp(gamma * functional.logsigmoid(-toward)) * functional.logsigmoid(toward)


def mean_of_known(cells: Tensor, known: Tensor | None) -> Tensor:
    """Mean of the cells (B, L) that are known, zero where none is; of all cells for None."""
    if known is None:
        return cells.mean()
    return torch.where(known, cells, 0).sum() / known.sum().clamp(min=1)


def label_shares(label_counts: Tensor, num_examples: int | Tensor) -> Tensor:
    """Share of the training films that have each label (L,), in float64 and strictly between 0 and 1.

    A label on no film counts as on half a film, and one on every film as on half a film less, so that weights and log
    odds made of the shares stay positive and finite.
    """
    films = torch.as_tensor(num_examples, dtype=torch.float64, device=label_counts.device).expand(label_counts.shape)
    return label_counts.double().clamp(min=0.5).minimum(films - 0.5) / films
