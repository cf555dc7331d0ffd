"""The code that decides what is learnt, as a fingerprint: comments, docstrings and formatting do not count."""

import ast
import functools
import importlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import genre
from genre.config import BaselineConfig, EncoderConfig, EnsembleConfig, RunConfig, named_packages
from genre.errors import UserError
from genre.files import short_hash
from genre.runs.folder import RunFolder

ROOT = Path(genre.__file__).parent  # of the package

# of the metrics those that choose an epoch or a setting
_EVERY_RUN = (
    *("calibration/*.py", "data/*.py", "decision/*.py", "imdb/genres.py", "imdb/source.py", "metrics/ranking.py"),
    *("metrics/sets.py", "sampling/*.py"),
)
_TABLE = "pipeline.py"  # of data/: its product has a fingerprint of its own
_NETWORK = (
    *("lightning.py", "losses/*.py", "machine.py", "models/*.py"),
    *("training/averaging.py", "training/callbacks.py", "training/fit.py", "training/oversample.py"),
    *("training/prior.py", "training/teacher.py", "training/team.py", "training/train.py"),
)
_BASELINE = ("models/baselines/*.py", "models/minilm.py", "training/baseline.py")
_ENSEMBLE = ("ensemble/*.py", "evaluation/mean.py")
_ENCODER = ("models/*.py",)
_LEMMAS = ("linguistics/*.py",)


def code_fingerprint(cfg: RunConfig) -> str:
    """Equal for code by which runs with these settings learn the same.

    A package that they name with `code=[...]` belongs to it where a class of it is used.
    """
    kind: tuple[str, ...] = _NETWORK
    if isinstance(cfg, BaselineConfig):
        kind = (*_BASELINE, *_LEMMAS) if cfg.features.tokens == "lemmas" else _BASELINE
        kind = (*kind, *_ENCODER) if isinstance(cfg.features, EncoderConfig) else kind
    if isinstance(cfg, EnsembleConfig):  # the code of its members is theirs
        kind = _ENSEMBLE
    used = {_top(target) for target in _targets(asdict(cfg))}
    own = [_fingerprint(*_place(name)) for name in named_packages(cfg.code) if _top(name) in used]
    code = _fingerprint(ROOT, (*_EVERY_RUN, *kind))
    return short_hash([code, *own]) if own else code


def require_same_code(run: RunFolder, cfg: RunConfig) -> None:
    """Refuse to take for this code's what other code has learnt, unless the settings ask for it.

    Raises:
        UserError: when the run is finished, or has a checkpoint to go on from, and the code has changed since.
    """
    if cfg.overwrite:  # nothing that is there is read, which may be damaged
        return
    finished = run.state == "completed"
    if "ignore" in cfg.code or not (finished or run.last_checkpoint.is_file()):
        return
    if run.environment().get("code_fingerprint") == code_fingerprint(cfg):
        return
    state = "finished" if finished else "begun"
    raise UserError(
        f"{run.path}: was {state} by other code than there is now; overwrite=true trains it again, "
        "code=ignore takes it as it is"
    )


def _targets(settings: Mapping[str, Any]) -> Iterator[str]:
    """The classes that settings name."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _targets(value)
        elif name == "_target_":
            yield str(value)


def _top(name: str) -> str:
    return name.partition(".")[0]


def _place(package: str) -> tuple[Path, tuple[str, ...]]:
    """Where the code of an imported package or module lies: a folder and what counts in it."""
    file = Path(str(importlib.import_module(package).__file__))
    return (file.parent, ("**/*.py",)) if file.name == "__init__.py" else (file.parent, (file.name,))


@functools.cache
def _fingerprint(root: Path, patterns: Sequence[str]) -> str:
    files = [file for pattern in patterns for file in sorted(root.glob(pattern)) if file.name != _TABLE]
    return short_hash([list(_told(ast.parse(file.read_bytes()))) for file in files])


def _told(value: Any) -> Iterator[str]:
    """What stands in a syntax tree, in any version of Python: what is empty or not there is left out."""
    if isinstance(value, ast.AST):
        yield type(value).__name__
        for name, field in ast.iter_fields(value):
            if field is not None and field != [] and not isinstance(field, ast.expr_context):
                yield name
                yield from _told(field)
    elif isinstance(value, list):
        yield "["
        for item in value:
            if not _is_docstring(item):
                yield from _told(item)
        yield "]"
    else:
        yield repr(value)


def _is_docstring(node: Any) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
