"""Dropout on a processor, where drawing the random numbers is a noticeable part of a training step."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

_DRAWN = 4  # elements that one draw of 64 bits decides about
_STEPS = 2**16  # equally likely values of each of these


class QuickDropout(TorchFunctionMode):
    """While it is entered, dropout on a processor draws 16 bits an element, four elements at a time.

    torch draws an element at a time, in one thread. What is dropped, and how the rest is scaled, follows the same
    definition (Srivastava et al., 2014, with the scaling at training time), the share rounded to a multiple of 1/65536.
    Attention that drops some of its weights is computed by its formula, softmax(Q K^T / sqrt(D) + M) V (Vaswani et al.,
    2017, equation 1), for torch has no fused kernel for it there. All else, and all devices but processors, are torch's
    own. Random numbers come from torch's generator.

    Example:
        >>> _ = torch.manual_seed(1)
        >>> with QuickDropout():
        ...     dropped = functional.dropout(torch.ones(4, 1000), 0.25)
        >>> bool(((dropped == 0) | (dropped == 4 / 3)).all())
        True
    """

    def __torch_function__(
        self, func: Callable[..., Any], types: Sequence[type], args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        """Called by torch instead of each of its functions."""
        quick = _QUICK.get(func)
        answer = quick(*args, **(kwargs or {})) if quick else None
        return func(*args, **(kwargs or {})) if answer is None else answer


def _dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor | None:
    """`functional.dropout`; None where that is to do it itself."""
    if not training or inplace or not 0 < p < 1 or input.device.type != "cpu":
        return None
    elements = input.numel()
    drawn = torch.empty(-(-elements // _DRAWN), dtype=torch.int64).random_(-(2**63), None)
    values = drawn.view(torch.int16)[:elements].view(input.shape)
    dropped = round(p * _STEPS)  # of the values
    kept = values >= dropped - _STEPS // 2
    return input * kept.to(input.dtype).mul_(_STEPS / (_STEPS - dropped))


def _attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor | None:
    """`functional.scaled_dot_product_attention` over (..., T, D); None where that is to do it itself."""
    if not 0 < dropout_p < 1 or is_causal or enable_gqa or query.device.type != "cpu":
        return None
    scores = (query * (scale or query.shape[-1] ** -0.5)) @ key.transpose(-2, -1)  # (..., T, T)
    if attn_mask is not None and attn_mask.dtype == torch.bool:
        scores = scores.masked_fill(~attn_mask, torch.finfo(scores.dtype).min)
    elif attn_mask is not None:
        scores = scores + attn_mask
    weights = _dropout(scores.softmax(dim=-1), dropout_p)
    return None if weights is None else weights @ value


_QUICK: dict[Callable[..., Any], Callable[..., Tensor | None]] = {
    functional.dropout: _dropout,
    functional.scaled_dot_product_attention: _attention,
}
