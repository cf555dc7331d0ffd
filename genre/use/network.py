"""A trained network that reads texts: without Lightning, in the precision that it was trained in."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from rich.progress import track
from torch import Tensor

from genre.config import TrainConfig, restore
from genre.config.schema import PretrainedConfig, TinyConfig
from genre.data.batching import Batch, TokenBudgetSampler, pad_batch
from genre.data.encoding import encode
from genre.data.tokens import Tokens, tokenise
from genre.machine import Machine
from genre.models import TextModel
from genre.models.distilbert import DistilBert
from genre.models.outputs import exact_outputs
from genre.runs.folder import RunFolder
from genre.runs.intact import intact
from genre.runs.records import read_labels
from genre.use.scorer import Scores

Inputs = Callable[[list[int]], Batch]

_LAYERS = ("n_layers", "num_hidden_layers", "num_layers")
_AUTOCAST = {"bf16-mixed": torch.bfloat16, "16-mixed": torch.float16}


class NetworkScorer:
    """See `Scorer`.

    Args:
        model: with its trained weights.
        max_tokens: of a text that are read.
        machine: where it computes, and in which precision.

    Attributes:
        model: the same, on the machine's device, without dropout.
        max_tokens: the same.
        machine: the same.
    """

    def __init__(self, model: TextModel, max_tokens: int, machine: Machine) -> None:
        exact_outputs(model)
        device = torch.device(machine.device)
        self.model = model.eval().to(device)
        if model.encoder is not None:
            model.encoder.to(device)
        self.max_tokens = max_tokens
        self.machine = machine

    @property
    def separator(self) -> str:
        """See `Scorer`."""
        separator: str = self.model.tokenizer.sep_token
        return separator

    @property
    def size(self) -> int:
        """See `Scorer`; a frozen encoder counts."""
        own = sum(parameter.numel() for parameter in self.model.parameters())
        return own + (self.model.encoder.size if self.model.encoder else 0)

    def batches(self, texts: Sequence[str], *, progress: bool = False) -> Iterator[tuple[list[int], Scores]]:
        """See `Scorer`: long texts come first, texts of nearly one length together."""
        tokens = tokenise(texts, self.model.tokenizer, self.max_tokens, progress=progress)
        inputs, lengths = self._inputs(tokens, progress=progress)
        batches = TokenBudgetSampler(lengths).batches
        for rows in track(batches, "Predicting", disable=not progress or len(batches) < 2, transient=True):
            yield rows, self._probabilities(inputs(rows)).cpu().numpy()

    def _inputs(self, tokens: Tokens, *, progress: bool) -> tuple[Inputs, npt.NDArray[np.int64]]:
        """What makes a batch of some of the texts, and how much each text adds to it."""
        pad: int = self.model.tokenizer.pad_token_id
        if self.model.encoder is None:
            return lambda rows: pad_batch([tokens[row] for row in rows], pad), tokens.lengths
        features = encode(tokens, self.model.encoder, pad, progress=progress)
        ones = np.ones(len(features), dtype=np.int64)
        return lambda rows: {"features": torch.from_numpy(features[rows]).float()}, ones

    @torch.inference_mode()
    def _probabilities(self, batch: Batch) -> Tensor:
        """Of each label (B, L)."""
        device = self.machine.device
        with self._precision():
            logits: Tensor = self.model(**{name: content.to(device) for name, content in batch.items()})
            return logits.float().sigmoid()

    def _precision(self) -> AbstractContextManager[object]:
        dtype = _AUTOCAST.get(self.machine.precision or "")
        return torch.autocast(self.machine.device, dtype=dtype) if dtype else nullcontext()


def network_of(run: RunFolder, cfg: TrainConfig, model_class: type[TextModel] | None = None) -> NetworkScorer:
    """The network of a finished run with these settings.

    Args:
        run: its folder.
        cfg: its settings.
        model_class: of its network, where that is none of this package's and of none that has been imported.

    Raises:
        UserError: when its checkpoint is missing, damaged or of another model.
    """
    with intact(run.best_checkpoint):
        state = torch.load(run.best_checkpoint, map_location="cpu", weights_only=True)["state_dict"]
        weights = {name.removeprefix("model."): value for name, value in state.items() if name.startswith("model.")}
    with intact(run.architecture):
        _refuse_what_no_weights_fill(run.architecture / "config.json", run.best_checkpoint.stat().st_size)
        model = _untrained(run, cfg, model_class)
    with intact(run.best_checkpoint):
        model.load_state_dict(weights)
    model.settle()
    # a run that was trained on a GPU is used where there is none
    accelerator = "cpu" if cfg.trainer.accelerator == "cpu" else "auto"
    machine = Machine.here(accelerator, cfg.trainer.precision)
    if model.overflows_in_half and machine.precision == "16-mixed":  # an older GPU than it was trained on
        machine = replace(machine, precision="32-true")
    return NetworkScorer(model, cfg.data.max_tokens, machine)


def _refuse_what_no_weights_fill(config: Path, size: int) -> None:
    """Refuse a network that says it is larger than its file of weights has bytes, before it takes all memory there is.

    Raises:
        ValueError: when it is.
    """
    if not config.is_file():  # which others say
        return
    known = json.loads(config.read_text(encoding="utf-8"))
    width = min(
        (known[name] for name in ("dim", "hidden_size", "d_model", "embedding_size") if name in known), default=1
    )
    rows = [known.get(name, 0) for name in ("vocab_size", "hidden_dim", "intermediate_size", *_LAYERS)]
    if width < 1 or any(width * row > size for row in rows):
        raise ValueError("config.json: describes a network that is larger than its weights")


def _untrained(run: RunFolder, cfg: TrainConfig, model_class: type[TextModel] | None) -> TextModel:
    labels = read_labels(run)
    if model_class is not None:
        settings = asdict(cfg.model)
        del settings["_target_"]
        return model_class.load(run.architecture, **settings, labels=labels)
    updates = isinstance(cfg.model, PretrainedConfig) and cfg.model.lora
    if type(cfg.model) in (PretrainedConfig, TinyConfig) and not updates:  # others have classes of their own
        light = DistilBert.found(run.architecture, len(labels))
        if light is not None:
            return light
    restored: TextModel = restore(cfg.model, run.architecture, labels=labels)
    return restored
