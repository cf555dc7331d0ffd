"""A network as an ONNX file, and that with whole numbers of 8 bits."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor, nn

from genre.errors import UserError, one_line
from genre.extras import extra
from genre.models import TextModel
from genre.models.outputs import plain_outputs

_LONGEST = 200  # letters of torch's own words
_EXAMPLE = (2, 16)  # texts and tokens, of which the graph keeps nothing


class _Graph(nn.Module):
    """Token ids and their mask (B, T) to logits (B, L), by the frozen encoder too where there is one."""

    def __init__(self, model: TextModel) -> None:
        super().__init__()
        self.model = model
        self.frozen = model.encoder
        self.encoder = None if model.encoder is None else model.encoder.encoder  # so that it is seen

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        if self.frozen is None:
            logits: Tensor = self.model(input_ids=input_ids, attention_mask=attention_mask)
            return logits
        features = self.frozen.features(input_ids, attention_mask).half().float()  # as they are kept for training
        logits = self.model(features=features)
        return logits


def write_graph(model: TextModel, file: Path, max_tokens: int) -> None:
    """Write a network by torch's own exporter: any number of texts of up to `max_tokens` tokens, float32.

    The network computes in float32 from then on.

    Raises:
        UserError: when onnx or onnxscript are not installed, or the network does something that a graph cannot hold.
    """
    with extra("onnx", "format=onnx"):
        import onnx  # noqa: F401
        import onnxscript  # noqa: F401

    plain_outputs(model)
    ids = torch.ones(_EXAMPLE, dtype=torch.long)
    mask = torch.ones_like(ids)
    mask[1, _EXAMPLE[1] // 2 :] = 0
    size = {0: torch.export.Dim("texts"), 1: torch.export.Dim("tokens", max=max_tokens)}
    try:
        with _quiet():
            program = torch.onnx.export(
                _Graph(model.cpu()).eval(),
                (ids, mask),
                input_names=["input_ids", "attention_mask"],
                output_names=["logits"],
                dynamic_shapes={"input_ids": size, "attention_mask": size},
                dynamo=True,
                verbose=False,
            )
    except torch.onnx.OnnxExporterError as error:
        raise UserError(
            f"format=onnx: torch cannot write {type(model).__name__} as a graph ({one_line(str(error))[:_LONGEST]})"
        ) from error
    assert program is not None
    program.save(file, external_data=False)


def quantise(graph: Path, file: Path) -> None:
    """Write a graph with its weights as whole numbers of 8 bits, each column with a scale of its own.

    Raises:
        UserError: when onnxruntime is not installed.
    """
    with extra("onnx", "format=onnx_int8"):
        from onnxruntime.quantization import QuantType, quantize_dynamic

    with _quiet():
        quantize_dynamic(graph, file, weight_type=QuantType.QInt8, per_channel=True)


@contextmanager
def _quiet() -> Iterator[None]:
    """What these programs tell of their own insides helps nobody here."""
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)
