"""Token vectors become one vector of the text."""

from typing import Any

from torch import Tensor, nn

from genre.errors import UserError

# what follows a network's type in the config of an exported folder: transformers, which would read the first token's
# vector instead, knows no such type
MEAN_POOLED = "_mean_pooled"


def use_pooling(net: Any, pooling: str) -> None:
    """Let a sequence classifier of transformers read `cls`, the first token's vector, or the `mean` of all.

    Its head reads the first position of the encoder's output, so for `mean` that is where the mean is put. The choice
    is written into the network's config.

    Raises:
        UserError: for `mean` with an encoder that pools by itself, as BERT does.
    """
    if pooling == "mean":
        if getattr(net.base_model, "pooler", None) is not None:
            raise UserError(f"model.pooling=mean: {net.config.model_type} pools by itself; take model.pooling=cls")
        net.base_model.register_forward_hook(_mean_first, with_kwargs=True)
    net.config.pooling = pooling


def _mean_first(encoder: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any) -> Any:
    hidden: Tensor = output.last_hidden_state  # (B, T, D)
    real = kwargs["attention_mask"].unsqueeze(-1).to(hidden.dtype)  # (B, T, 1)
    output["last_hidden_state"] = (hidden * real).sum(dim=1, keepdim=True) / real.sum(dim=1, keepdim=True)  # (B, 1, D)
    return output
