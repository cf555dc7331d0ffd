"""An exported model: what its folder holds, and the way back."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from torch import Tensor

from genre.calibration import Calibration
from genre.files import write_json
from genre.runs.calibration import read_calibration, write_calibration
from genre.runs.intact import intact, read_json, shares
from genre.use.model import Model
from genre.use.scorer import Scorer

if TYPE_CHECKING:
    from genre.use.network import NetworkScorer

_FILE = "genre.json"
_THRESHOLDS = "thresholds.json"
_CALIBRATION = "calibration.json"
WEIGHTS, GRAPH = "model.safetensors", "model.onnx"
REEXPORT = "export the run again"


@dataclass(frozen=True)
class Manifest:
    """What a model needs beside its weights, its thresholds, its calibration and its tokenizer.

    Attributes:
        columns: of a table, that it reads.
        max_tokens: of a text that it reads.
        fallback: which label a text gets that reaches no threshold.

    Raises:
        ValueError: for something else.
        TypeError: for something else.
    """

    columns: list[str]
    max_tokens: int
    fallback: str

    def __post_init__(self) -> None:
        if not self.columns or not all(isinstance(column, str) for column in self.columns):
            raise ValueError("columns: no names")
        if not self.max_tokens >= 2:
            raise ValueError(f"max_tokens: {self.max_tokens}")
        if self.fallback not in ("probability", "ratio"):
            raise ValueError(f"fallback: {self.fallback}")

    def write(self, folder: Path, labels: Sequence[str], thresholds: Tensor, calibration: Calibration) -> None:
        """Write it into an exported folder, and thresholds (L,) and calibration of the labels.

        Where a calibration changes something, thresholds are told twice: those on calibrated probabilities, which
        `read_exported` heeds, and those on what the network itself gives, for programs that calibrate nothing.
        """
        write_json(folder / _FILE, asdict(self))
        by_label = dict(zip(labels, thresholds.tolist(), strict=True))
        if calibration.changes:
            raw = calibration.raw_thresholds(thresholds).tolist()
            write_calibration(folder / _CALIBRATION, calibration, labels)
            write_json(folder / _THRESHOLDS, {"calibrated": by_label, "raw": dict(zip(labels, raw, strict=True))})
        else:
            write_json(folder / _THRESHOLDS, by_label)


def is_exported(folder: Path) -> bool:
    """Whether this is the folder of an exported model."""
    return (folder / _FILE).is_file()


def read_exported(folder: Path) -> Model:
    """The model in an exported folder; nothing in it is taken for code.

    Raises:
        UserError: when a file is missing or damaged.
    """
    manifest = read_json(folder / _FILE, lambda content: Manifest(**content), REEXPORT)
    content = read_json(folder / _THRESHOLDS, dict, REEXPORT)
    if isinstance(content.get("calibrated"), dict):
        thresholds = read_json(folder / _THRESHOLDS, lambda both: shares(both["calibrated"]), REEXPORT)
        calibration = read_calibration(folder / _CALIBRATION, tuple(thresholds), REEXPORT)
    else:
        thresholds = read_json(folder / _THRESHOLDS, shares, REEXPORT)
        calibration = Calibration.none(len(thresholds))
    scorer: Scorer
    if (folder / GRAPH).is_file():
        from genre.use.graph import GraphScorer

        scorer = GraphScorer(folder, manifest.max_tokens)
    else:
        scorer = _network(folder, manifest, len(thresholds))
    return Model(folder, scorer, thresholds, manifest.fallback, manifest.columns, calibration)


def _network(folder: Path, manifest: Manifest, labels: int) -> "NetworkScorer":
    """In float32, as plain transformers computes."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from genre.machine import Machine
    from genre.models.distilbert import DistilBert
    from genre.use.network import NetworkScorer

    model: Any = DistilBert.found(folder, labels)
    if model is None:
        from genre.models.classifiers import TransformersClassifier

        model = TransformersClassifier.load(folder)
    with intact(folder / WEIGHTS, REEXPORT):
        try:
            weights = load_file(folder / WEIGHTS)
        except SafetensorError as error:
            raise ValueError(str(error)) from error
        model.load_state_dict({f"net.{name}": weight for name, weight in weights.items()})
    return NetworkScorer(model, manifest.max_tokens, Machine.here("auto", "32-true"))
