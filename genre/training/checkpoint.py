"""Checkpoints that a person names, looked at before a training goes on from them."""

import pickle
from pathlib import Path

import torch
from torch import nn

from genre.errors import UserError


def check_checkpoint(file: Path, module: nn.Module) -> int:
    """Look into a checkpoint before the Trainer does; return how many epochs it has finished.

    Raises:
        UserError: when there is no such file, it is no checkpoint, holds weights alone, or belongs to another model or
            loss.
    """
    try:
        content = torch.load(file, map_location="meta", weights_only=True)
        saved = {name: weight.shape for name, weight in content["state_dict"].items()}
    except FileNotFoundError:
        kept = "; a finished run keeps last.ckpt only if it is trained with trainer.keep_last=true"
        raise UserError(f"checkpoint={file}: no such file{kept if file.name == 'last.ckpt' else ''}") from None
    except (pickle.UnpicklingError, RuntimeError, EOFError, KeyError, TypeError) as error:
        raise UserError(f"checkpoint={file}: no checkpoint that can be read; it may be broken") from error
    if "optimizer_states" not in content:
        raise UserError(f"checkpoint={file}: holds weights alone; a training goes on from last.ckpt")
    wanted = {name: weight.shape for name, weight in module.state_dict().items()}
    differing = sorted(name for name in saved.keys() | wanted.keys() if saved.get(name) != wanted.get(name))
    if differing:
        raise UserError(f"checkpoint={file}: belongs to another model or loss (they differ in {differing[0]})")
    return int(content["epoch"]) + 1
