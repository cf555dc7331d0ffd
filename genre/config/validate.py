"""Rules that hold between sections of a config."""

from typing import Any

from genre.config.schema import PredictConfig, TrainConfig
from genre.errors import UserError


def validate(config: Any) -> None:
    """Check what no single section can know.

    Raises:
        UserError: naming the settings that contradict each other.
    """
    if isinstance(config, TrainConfig):
        if config.data.val_share + config.data.test_share >= 0.9:
            shares = f"data.val_share={config.data.val_share} data.test_share={config.data.test_share}"
            raise UserError(f"{shares}: leave at least a tenth of the films for training")
        if config.checkpoint and config.overwrite:
            raise UserError("checkpoint=... overwrite=true: resume from a checkpoint or start over, not both")
        if config.checkpoint and config.seeds > 1:
            raise UserError(
                f"checkpoint=... seeds={config.seeds}: a checkpoint belongs to one seed; leave one of both out"
            )
    if isinstance(config, PredictConfig):
        if (config.text is None) == (config.input is None):
            raise UserError('give either text="..." or input=FILE.csv output=FILE.csv')
        if (config.input is None) != (config.output is None):
            raise UserError("input=FILE.csv and output=FILE.csv go together")
