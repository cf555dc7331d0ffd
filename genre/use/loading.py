"""From a folder to the model in it."""

from pathlib import Path
from typing import TYPE_CHECKING

from genre.config import BaselineConfig, EnsembleConfig, RunConfig, TrainConfig
from genre.errors import UserError
from genre.runs.calibration import run_calibration
from genre.runs.folder import RunFolder
from genre.runs.records import read_labels, read_thresholds
from genre.use.exported import is_exported, read_exported
from genre.use.model import Model
from genre.use.scorer import Scorer

if TYPE_CHECKING:
    from genre.models import TextModel


def load(folder: str | Path, model_class: "type[TextModel] | None" = None) -> Model:
    """The model of a finished run, deep or classical, or an exported one.

    The folder may come from anybody: no code that it names is run, and nothing is unpickled.

    Args:
        folder: of the run, such as `outputs/runs/NAME`, or one that `scripts/export.py` has written.
        model_class: of the run's network, where that is a class of your own.

    Raises:
        UserError: when there is neither, a file of it is missing or broken, or its network's class is unknown.
    """
    if is_exported(Path(folder).expanduser()):
        return read_exported(Path(folder).expanduser())
    return model_of(RunFolder.existing(str(folder)), model_class)


def model_of(run: RunFolder, model_class: "type[TextModel] | None" = None) -> Model:
    """The model of a run that has its weights and thresholds, if not all of its records; see `load`.

    Raises:
        UserError: when a file of it is missing or broken.
    """
    cfg = run.config()
    thresholds = dict(zip(read_labels(run), read_thresholds(run).tolist(), strict=True))
    scorer, calibration = scorer_of(run, cfg, model_class), run_calibration(run, cfg)
    return Model(run.path, scorer, thresholds, cfg.decision.fallback, cfg.data.text, calibration)


def scorer_of(run: RunFolder, cfg: RunConfig, model_class: "type[TextModel] | None" = None) -> Scorer:
    """What gives the probabilities of a finished run with these settings, uncalibrated; see `load`.

    Raises:
        UserError: when a file of it is missing or belongs to another model.
    """
    # each kind without what only the other one needs
    if isinstance(cfg, BaselineConfig):
        from genre.use.baseline import BaselineModel

        return BaselineModel.load(run, cfg)
    if isinstance(cfg, EnsembleConfig):
        from genre.use.ensemble import ensemble_of

        return ensemble_of(run)
    from genre.use.network import network_of

    assert isinstance(cfg, TrainConfig)
    return network_of(run, cfg, model_class)


def newest_run(outputs: Path) -> Path:
    """The folder of the finished run that was started last.

    Raises:
        UserError: when there is none.
    """
    runs = [RunFolder(file.parent) for file in (outputs / "runs").glob("*/status.json")]
    finished = [run for run in runs if run.state == "completed"]
    if not finished:
        raise UserError(f"run=...: there is no finished run in {outputs / 'runs'}; name a folder, or train first")
    return max(finished, key=lambda run: str(run.started)).path
