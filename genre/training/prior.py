"""Training starts from the best constant prediction."""

import torch
from torch import Tensor, nn

from genre.models import output_layer


def best_constant(loss: nn.Module, targets: Tensor, known: Tensor | None = None) -> Tensor:
    """Logits (L,) that nearly minimise `loss` when every film gets the same ones: near enough to start from.

    For binary cross-entropy that is the log odds of each label's share; for any other loss it is found by L-BFGS from
    there.

    Args:
        loss: `loss(logits, targets, known) -> scalar`.
        targets: 0/1 of the training films (B, L).
        known: which of these cells count (B, L); None: all.
    """
    films = len(targets) if known is None else known.sum(dim=0)
    share = (targets.sum(dim=0) + 1) / (films + 2)  # (L,) a label on no film, or on all, stays finite
    logits = torch.logit(share).requires_grad_()
    optimizer = torch.optim.LBFGS([logits], max_iter=20, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        each = logits.expand_as(targets)
        value: Tensor = loss(each, targets) if known is None else loss(each, targets, known)
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    return logits.detach().clamp(-10, 10)


def set_prior(net: nn.Module, logits: Tensor) -> None:
    """Give the network's output layer these logits (L,) as its bias, if it has one.

    With a bias of zero the first steps, which push every logit towards its label's rarity, go through the encoder as
    well and make it say nearly the same of all texts; recovering from that takes epochs. The initialisation is that of
    Lin et al. (2017), section 4.1, with a prior for each label.
    """
    layer = output_layer(net)
    if layer is not None and layer.out_features == len(logits) and layer.bias is not None:
        with torch.no_grad():
            layer.bias.copy_(logits)
