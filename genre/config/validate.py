"""Rules that hold between sections of a config."""

from typing import Any

from genre.config.schema import (
    BaselineConfig,
    NearestNeighboursConfig,
    PredictConfig,
    ProbeConfig,
    RunConfig,
    SMOTEConfig,
    SyntheticConfig,
    TrainConfig,
)
from genre.errors import UserError


def validate(config: Any) -> None:
    """Check what no single section can know.

    Raises:
        UserError: naming the settings that contradict each other.
    """
    if isinstance(config, RunConfig) and config.data.val_share + config.data.test_share >= 0.9:
        shares = f"data.val_share={config.data.val_share} data.test_share={config.data.test_share}"
        raise UserError(f"{shares}: leave at least a tenth of the films for training")
    if isinstance(config, TrainConfig):
        if isinstance(config.oversample, SMOTEConfig):
            raise UserError(
                "oversample=smote: is for one genre at a time, and a network learns all; baseline.py takes it"
            )
        if isinstance(config.oversample, SyntheticConfig) and not isinstance(config.model, ProbeConfig):
            raise UserError(
                "oversample=mlsmote: makes films up from features, and this model reads texts; "
                "take model=probe, baseline.py or oversample=ml_ros"
            )
        if config.checkpoint and config.overwrite:
            raise UserError("checkpoint=... overwrite=true: resume from a checkpoint or start over, not both")
        if config.checkpoint and config.seeds > 1:
            raise UserError(
                f"checkpoint=... seeds={config.seeds}: a checkpoint belongs to one seed; leave one of both out"
            )
    knn = isinstance(config, BaselineConfig) and isinstance(config.baseline, NearestNeighboursConfig)
    if knn and isinstance(config.oversample, SMOTEConfig):
        raise UserError(
            "oversample=smote: is for one genre at a time, and baseline=knn looks for neighbours once for all; "
            "take oversample=mlsmote or oversample=ml_ros"
        )
    if isinstance(config, PredictConfig):
        if (config.text is None) == (config.input is None):
            raise UserError('give either text="..." or input=FILE.csv output=FILE.csv')
        if (config.input is None) != (config.output is None):
            raise UserError("input=FILE.csv and output=FILE.csv go together")
