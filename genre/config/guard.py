"""Refusal of keys that no schema knows: `+key=value` would otherwise pass Hydra unseen."""

from dataclasses import fields, is_dataclass

from omegaconf import DictConfig, OmegaConf

from genre.config.suggest import suggestion
from genre.errors import UserError


def refuse_unknown_keys(cfg: DictConfig, prefix: str = "") -> None:
    """Compare every section of `cfg` with the fields of its dataclass.

    Raises:
        UserError: naming the first key that is no field, or a field without a value.
    """
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
            refuse_unknown_keys(node, f"{prefix}{key}.")
