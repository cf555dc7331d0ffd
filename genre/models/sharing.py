"""A batch whose logits several processes compute together."""

import torch
from torch import Tensor, distributed


def logits_of_all(logits: Tensor, shares: list[int]) -> Tensor:
    """Logits (B, L) of a whole batch, those of the first process first; gradients pass to this process's own alone.

    The gradients of all processes then add up to that of a loss of the whole batch, whatever loss it is.

    Args:
        logits: of this process's films (b, L); beyond its share they are left out.
        shares: how many films of the batch each process has.
    """
    process = distributed.get_rank()
    own = logits[: shares[process]]
    sent = logits.new_zeros(max(shares), logits.shape[1])  # equally many from each
    sent[: len(own)] = own.detach()
    received = [torch.empty_like(sent) for _ in shares]
    distributed.all_gather(received, sent)
    parts = [rows[:share] for rows, share in zip(received, shares, strict=True)]
    parts[process] = own
    return torch.cat(parts)
