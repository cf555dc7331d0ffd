"""Small batches for losses."""

import torch
from torch import Tensor


def example(seed: int, films: int = 6) -> tuple[Tensor, Tensor, Tensor]:
    """Logits, targets and what is known of them: every positive is."""
    random = torch.Generator().manual_seed(seed)
    logits = 4 * torch.randn(films, 4, generator=random, dtype=torch.float64)
    targets = (torch.rand(films, 4, generator=random) < 0.3).double()
    return logits, targets, (torch.rand(films, 4, generator=random) < 0.6) | (targets > 0.5)
