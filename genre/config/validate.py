"""What Hydra and the schemas let pass: keys that nobody knows, and rules that hold between sections."""

import math
from dataclasses import fields, is_dataclass
from typing import Any

from omegaconf import DictConfig, OmegaConf

from genre.config.explain import suggestion
from genre.config.schema import (
    BaselineConfig,
    ExplainConfig,
    ExploreConfig,
    ImdbConfig,
    NearestNeighboursConfig,
    PredictConfig,
    PrepareConfig,
    ProbeConfig,
    RunConfig,
    SMOTEConfig,
    SyntheticConfig,
    TrainConfig,
)
from genre.errors import UserError


def refuse_unknown_keys(cfg: DictConfig, prefix: str = "") -> None:
    """Compare every section of `cfg` with the fields of its dataclass: `+key=value` would otherwise pass unseen.

    Raises:
        UserError: naming the first key that is no field, or a field without a value.
    """
    if OmegaConf.get_type(cfg) is dict:  # a section for each chosen option of a group, such as those of loggers
        for name in map(str, cfg):
            refuse_unknown_keys(cfg[name], f"{prefix}{name}.")
        return
    schema = OmegaConf.get_type(cfg)
    assert is_dataclass(schema), f"{prefix or 'the config'} has no schema: name it first in the YAML's defaults list"
    known = [field.name for field in fields(schema)]
    for key in map(str, cfg):
        if key not in known:
            raise UserError(f"{prefix}{key}: no such setting; {suggestion(key, known)}")
    for key in known:
        if key not in cfg or OmegaConf.is_missing(cfg, key):
            raise UserError(f"{prefix}{key}: has no value; give one: {prefix}{key}=VALUE")
        node = cfg._get_node(key)
        if isinstance(node, DictConfig):
            several = node._metadata.element_type  # of sections with a schema
            if not is_dataclass(OmegaConf.get_type(node)) and not is_dataclass(several):
                raise UserError(f"{prefix}{key}={node}: is a single value, not several with names")
            refuse_unknown_keys(node, f"{prefix}{key}.")
        else:
            _refuse_infinite(f"{prefix}{key}", OmegaConf.to_container(node) if OmegaConf.is_list(node) else cfg[key])


def _refuse_infinite(key: str, value: Any) -> None:
    """Refuse `nan` and `inf`, which pass for numbers in every comparison and make none of what they touch."""
    if isinstance(value, float) and not math.isfinite(value):
        raise UserError(f"{key}={value}: must be a finite number")
    if isinstance(value, list):
        for item in value:
            _refuse_infinite(key, item)


def validate(config: Any) -> None:
    """Check what no single section can know.

    Raises:
        UserError: naming the settings that contradict each other.
    """
    if isinstance(config, RunConfig) and config.data.val_share + config.data.test_share >= 0.9:
        shares = f"data.val_share={config.data.val_share} data.test_share={config.data.test_share}"
        raise UserError(f"{shares}: leave at least a tenth of the films for training")
    if isinstance(config, PrepareConfig) and not isinstance(config.data, ImdbConfig):
        raise UserError("data=table: is trained on as it is; prepare.py is for data=imdb and data=sample")
    if isinstance(config, ExploreConfig) and config.which == "raw" and not isinstance(config.data, ImdbConfig):
        raise UserError("which=raw: there is only one table with data=table; leave it out")
    if isinstance(config, TrainConfig):
        if isinstance(config.oversample, SMOTEConfig):
            raise UserError(
                "oversample=smote: is for one genre at a time, and a network learns all; baseline.py takes it"
            )
        if isinstance(config.oversample, SyntheticConfig) and config.teacher.run:
            raise UserError("teacher.run=...: has nothing to say of synthetic films; take oversample=ml_ros")
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
    if isinstance(config, PredictConfig) and config.engine == "ray" and config.input in (None, "-"):
        raise UserError("engine=ray: is for input=FILE, which other processes can read as well")
    if isinstance(config, PredictConfig | ExplainConfig):
        if (config.text is None) == (config.input is None):
            raise UserError('give either text="..." or input=FILE output=FILE')
        if (config.input is None) != (config.output is None):
            standard = "; output=- is standard output" if isinstance(config, PredictConfig) else ""
            raise UserError(f"input=FILE and output=FILE go together{standard}")
