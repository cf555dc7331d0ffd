"""An exported model: what its folder holds, and the way back."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genre.files import write_json
from genre.runs.intact import intact, read_json, shares
from genre.use.model import Model
from genre.use.scorer import Scorer

if TYPE_CHECKING:
    from genre.use.network import NetworkScorer

_FILE = "genre.json"
_THRESHOLDS = "thresholds.json"
WEIGHTS, GRAPH = "model.safetensors", "model.onnx"
REEXPORT = "export the run again"


@dataclass(frozen=True)
class Manifest:
    """What a model needs beside its weights, its thresholds and its tokenizer.

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

    def write(self, folder: Path, thresholds: dict[str, float]) -> None:
        """Write it into an exported folder, and the threshold of each label."""
        write_json(folder / _FILE, asdict(self))
        write_json(folder / _THRESHOLDS, thresholds)


def is_exported(folder: Path) -> bool:
    """Whether this is the folder of an exported model."""
    return (folder / _FILE).is_file()


def read_exported(folder: Path) -> Model:
    """The model in an exported folder; nothing in it is taken for code.

    Raises:
        UserError: when a file is missing or damaged.
    """
    manifest = read_json(folder / _FILE, lambda content: Manifest(**content), REEXPORT)
    thresholds = read_json(folder / _THRESHOLDS, shares, REEXPORT)
    scorer: Scorer
    if (folder / GRAPH).is_file():
        from genre.use.graph import GraphScorer

        scorer = GraphScorer(folder, manifest.max_tokens)
    else:
        scorer = _network(folder, manifest, len(thresholds))
    return Model(folder, scorer, thresholds, manifest.fallback, manifest.columns)


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
