"""The output layer of a network: logits that mixed precision does not round."""

from torch import Tensor, autocast, nn


class _Float32Linear(nn.Linear):
    """A linear layer that computes in float32 whatever the precision around it."""

    def forward(self, input: Tensor) -> Tensor:
        """As `nn.Linear`: (B, D) to (B, L)."""
        with autocast(input.device.type, enabled=False):
            return super().forward(input.float())


def output_layer(net: nn.Module) -> nn.Linear | None:
    """The last linear layer, which gives the logits; None for a network that has none."""
    layers = [layer for layer in net.modules() if isinstance(layer, nn.Linear)]
    return layers[-1] if layers else None


def exact_outputs(net: nn.Module) -> None:
    """Let the output layer compute in float32: a layer this small costs nothing.

    In bfloat16 the logits of rare labels, around -3, lie 1/64 apart, so that many films tie: their order, and with it
    average precision and thresholds, would be lost by rounding. Names and values of the weights stay the same.
    """
    _replace_output(net, _Float32Linear)


def plain_outputs(net: nn.Module) -> None:
    """Undo `exact_outputs`, for a network that is to compute in float32 anyway and to be written down as a graph."""
    _replace_output(net, nn.Linear)


def _replace_output(net: nn.Module, kind: type[nn.Linear]) -> None:
    layer = output_layer(net)
    if layer is None:
        return
    other = kind(layer.in_features, layer.out_features, bias=layer.bias is not None, device="meta")
    other.weight, other.bias = layer.weight, layer.bias
    (name,) = [name for name, part in net.named_modules() if part is layer]
    net.set_submodule(name, other)
