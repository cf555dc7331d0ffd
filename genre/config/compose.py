"""From conf/ and overrides to one typed, validated config object."""

from dataclasses import fields
from typing import Any, cast

from hydra import compose as hydra_compose
from hydra import initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from omegaconf import DictConfig, OmegaConf

from genre.config.explain import explaining
from genre.config.schema import (
    SCHEMAS,
    BaselineConfig,
    DataConfig,
    ReportConfig,
    RunConfig,
    TrainConfig,
    TrainerConfig,
    WandbConfig,
)
from genre.config.validate import refuse_unknown_keys, validate
from genre.errors import UserError
from genre.files import short_hash
from genre.paths import CONF_DIR, PROJECT_ROOT, SHIPPED

# settings that runs of older versions did not have, with the values that say what those runs did
_ADDED: dict[Any, dict[str, Any]] = {
    RunConfig: {
        "code": "check",
        "on_failure": "continue",
        "oversample": {"_target_": "genre.sampling.NoOversampling"},
    },
    DataConfig: {"_target_": "genre.imdb.ImdbSource"},
    TrainerConfig: {"stop_below": [], "keep_last": True},
    WandbConfig: {"texts": False, "checkpoint": False},
    ReportConfig: {"reference_genre": None},
}


def register() -> None:
    """Make schemas and resolvers known to Hydra; calling it again changes nothing."""
    OmegaConf.register_new_resolver("project_root", lambda: str(PROJECT_ROOT), replace=True)
    OmegaConf.register_new_resolver("shipped", lambda place: str(SHIPPED / place), replace=True)
    OmegaConf.register_new_resolver("short_hash", lambda value: short_hash(list(value)), replace=True)
    store = ConfigStore.instance()
    if "schema" in store.repo:
        return
    for path, node in SCHEMAS.items():
        group, _, name = f"schema/{path}".rpartition("/")
        store.store(group=group, name=name, node=node)


def typed(cfg: DictConfig) -> Any:
    """Turn a composed config into its dataclass objects, checked.

    Raises:
        UserError: for an unknown key, a missing value, a value out of range or settings that contradict each other.
    """
    with explaining():
        refuse_unknown_keys(cfg)
        config = OmegaConf.to_object(cfg)
    validate(config)
    return config


def compose(config_name: str, overrides: list[str] | None = None) -> Any:
    """Compose conf/`config_name`.yaml with `overrides` as the command line does.

    Example:
        >>> cfg = compose("train", ["loss=focal", "loss.gamma=1"])
        >>> cfg.loss.gamma
        1.0

    Raises:
        UserError: for whatever is wrong with the overrides, in one line.
    """
    overrides = overrides or []
    register()
    around = GlobalHydra.instance().hydra  # of a Hydra program that may be running around this call
    GlobalHydra.instance().clear()
    try:
        with initialize_config_dir(str(CONF_DIR), version_base="1.3"), explaining(config_name, overrides):
            return typed(hydra_compose(config_name, overrides))
    finally:
        GlobalHydra.instance().hydra = around


def config_from_dict(values: dict[str, Any]) -> RunConfig:
    """The typed config of a run from its saved `config.yaml`, of the kind that its sections tell.

    Settings that have been added since are filled in with what the run did without them.

    Raises:
        UserError: when the settings are not those of this version otherwise.
    """
    kind: type[RunConfig] = BaselineConfig if "baseline" in values else TrainConfig
    schemas = {schema._target_: schema for schema in SCHEMAS.values() if hasattr(schema, "_target_")}
    values = _added(kind) | values
    try:
        with explaining():
            cfg = OmegaConf.structured(kind)
            for field in fields(kind):
                content, schema = values.get(field.name), field.type
                if not isinstance(content, dict):
                    continue
                content = _added(schema) | content
                if "_target_" in content:
                    if content["_target_"] not in schemas:
                        raise UserError(f"{field.name}._target_={content['_target_']}: there is no such {field.name}")
                    cfg[field.name] = schema = schemas[content["_target_"]]
                values[field.name] = _added(schema) | content
            return cast(RunConfig, typed(cast(DictConfig, OmegaConf.merge(cfg, values))))
    except UserError as error:
        reason = str(error).partition("; give one")[0]  # there is no place to give it
        raise UserError(f"config.yaml of the run is of another version ({reason}): train it again") from error


def _added(schema: Any) -> dict[str, Any]:
    """What was added to a dataclass and to those that it extends."""
    return {key: value for part in schema.__mro__ for key, value in _ADDED.get(part, {}).items()}
