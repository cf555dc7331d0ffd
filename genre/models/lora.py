"""Low-rank updates of an encoder whose own weights stay as they are (LoRA: Hu et al., 2022, section 4.1)."""

from typing import Any

from torch import nn

from genre.extras import extra


def add_updates(encoder: Any, rank: int) -> None:
    r"""Freeze an encoder, and add to each linear layer W (D, E) of it an update that is trained: W + s B A.

    A (rank, E) begins at random and B (D, rank) at zero, so that nothing changes at first. The scale s is 2, as of
    :math:`\alpha = 2 r`, a usual choice. The head above, which is new, is no part of the encoder and is trained
    as it is.

    Args:
        encoder: of transformers.
        rank: of the updates.

    Raises:
        UserError: without the package peft.
    """
    with extra("lora", f"model.lora={rank}"):
        from peft import LoraConfig, inject_adapter_in_model
    inject_adapter_in_model(LoraConfig(r=rank, lora_alpha=2 * rank, target_modules="all-linear"), encoder)


def merge_updates(net: nn.Module) -> None:
    """Put the updates into the weights that they update, which gives the network its published form."""
    from peft.tuners.lora import LoraLayer

    for name, layer in [*net.named_modules()]:
        if isinstance(layer, LoraLayer):
            layer.merge()
            net.set_submodule(name, layer.get_base_layer())
