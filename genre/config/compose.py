"""From conf/ and overrides to one typed, validated config object; Hydra is imported only by what composes."""

import re
from dataclasses import fields, make_dataclass
from typing import Any, cast, get_args, get_origin

from omegaconf import MISSING, DictConfig, OmegaConf

from genre.config.explain import explaining
from genre.config.packages import import_packages
from genre.config.schema import (
    SCHEMAS,
    BaselineConfig,
    EnsembleConfig,
    NoCalibrationConfig,
    PretrainedConfig,
    RunConfig,
    TrainConfig,
)
from genre.config.validate import refuse_unknown_keys, validate
from genre.errors import UserError
from genre.files import short_hash
from genre.paths import CONF_DIR, PROJECT_ROOT, SHIPPED

_stored: set[str] = set()  # schemas that Hydra knows


def register() -> None:
    """Make schemas and resolvers known to Hydra; calling it again changes nothing."""
    from hydra.core.config_store import ConfigStore

    OmegaConf.register_new_resolver("project_root", lambda: str(PROJECT_ROOT), replace=True)
    OmegaConf.register_new_resolver("shipped", lambda place: str(SHIPPED / place), replace=True)
    OmegaConf.register_new_resolver("short_hash", lambda value: short_hash(list(value)), replace=True)
    store = ConfigStore.instance()
    for place, node in SCHEMAS.items():
        if place not in _stored:
            group, _, name = f"schema/{place}".rpartition("/")
            store.store(group=group, name=name, node=node)
            _stored.add(place)


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
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir
    from hydra.core.global_hydra import GlobalHydra

    overrides = overrides or []
    import_packages(overrides)
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

    What stands there is data: `${...}` in a text is text, not something to be filled in from here.

    A section whose `_target_` no schema has, such as one of a package that the command line does not name, keeps its
    settings as they stand there: they can be read and compared, but not instantiated.

    Raises:
        UserError: when the settings are not those of this version.
    """
    none = {"_target_": NoCalibrationConfig._target_}
    values = {"verbose": 1, "calibration": none} | values  # of a version before these settings
    if "trainer" in values:
        values = {"teacher": {"run": None, "share": 0.5, "temperature": 2.0}} | values
    trainer = values.get("trainer")
    if isinstance(trainer, dict):
        values["trainer"] = {"devices": 1, "ema": 0.0, **trainer}
    data = values.get("data")
    if isinstance(data, dict) and "keep_truncated" in data:
        rest = {name: value for name, value in data.items() if name != "keep_truncated"}
        values["data"] = {"truncated": "keep" if data["keep_truncated"] else "drop", **rest}
    model = values.get("model")
    if isinstance(model, dict) and model.get("_target_") == PretrainedConfig._target_:
        values["model"] = {"lora": 0, **model}
    kinds: dict[str, type[RunConfig]] = {"baseline": BaselineConfig, "runs": EnsembleConfig}
    kind = next((one for section, one in kinds.items() if section in values), TrainConfig)
    schemas = {schema._target_: schema for schema in SCHEMAS.values() if hasattr(schema, "_target_")}
    try:
        with explaining():
            cfg = OmegaConf.structured(kind)
            for field in fields(kind):
                content = values.get(field.name)
                if get_origin(field.type) is dict and isinstance(content, dict):
                    if "_target_" in content:  # of a version in which one alone could be chosen
                        content = {str(content["_target_"]).rpartition(".")[2].removesuffix("_loggers"): content}
                        values = values | {field.name: content}
                    base = get_args(field.type)[1]
                    cfg[field.name] = {}
                    for name, section in content.items():
                        cfg[field.name][name] = _kind_of(field.name, section, base, schemas)
                elif isinstance(content, dict) and "_target_" in content:
                    cfg[field.name] = _kind_of(field.name, content, field.type, schemas)
            return cast(RunConfig, typed(cast(DictConfig, OmegaConf.merge(cfg, _literal(values)))))
    except UserError as error:
        reason = str(error).partition("; give one")[0]  # there is no place to give it
        raise UserError(f"is of another version ({reason}); train it again with overwrite=true") from error


def _literal(value: Any) -> Any:
    """The same with texts that OmegaConf takes as they are."""
    if isinstance(value, dict):
        return {key: _literal(content) for key, content in value.items()}
    if isinstance(value, list):
        return [_literal(item) for item in value]
    return re.sub(r"(\\*)\$\{", r"\1\1\\${", value) if isinstance(value, str) else value


def _kind_of(name: str, content: dict[str, Any], base: Any, schemas: dict[str, Any]) -> Any:
    """The schema of a section."""
    target = str(content["_target_"])
    if target not in schemas and target.startswith("genre."):
        raise UserError(f"{name}._target_={target}: there is no such {name}")
    return schemas.get(target) or _as_it_stands(content, base)


def _as_it_stands(content: dict[str, Any], kind: Any) -> type:
    """A type for a section of which only the base of its schema is known."""
    own = [(key, Any, MISSING) for key in content if key not in {field.name for field in fields(kind)}]
    return make_dataclass(kind.__name__, own, bases=(kind,))
