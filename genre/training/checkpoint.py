"""Checkpoints that a training goes on from."""

import logging
import pickle
import shutil
from pathlib import Path
from typing import Any

import torch
from torch import nn

from genre.errors import UserError
from genre.files import atomic_path
from genre.runs import RunFolder
from genre.training.averaging import averaged

log = logging.getLogger(__name__)

_UNREADABLE = (pickle.UnpicklingError, RuntimeError, EOFError, KeyError, TypeError)


def can_go_on(run: RunFolder) -> bool:
    """Whether a run has a checkpoint to go on from; one that cannot be read is set aside, and the run starts afresh."""
    if not run.last_checkpoint.is_file():
        return False
    try:
        torch.load(run.last_checkpoint, map_location="meta", weights_only=True)
    except _UNREADABLE:
        aside = run.path / f"{run.last_checkpoint.name}.broken"
        run.last_checkpoint.replace(aside)
        log.warning("%s cannot be read and lies in %s now: the training starts afresh", run.last_checkpoint, aside)
        return False
    return True


def check_checkpoint(file: Path, module: nn.Module, *, average: bool) -> int:
    """Look into a checkpoint before the Trainer does; return how many epochs it has finished.

    Raises:
        UserError: when there is no such file, it is no checkpoint, holds weights alone, belongs to another model or
            loss, or was made with a moving average where there shall be none, or the other way round.
    """
    try:
        content = torch.load(file, map_location="meta", weights_only=True)
        saved = {name: weight.shape for name, weight in content["state_dict"].items()}
    except FileNotFoundError:
        kept = "; a finished run keeps last.ckpt only if it is trained with trainer.keep_last=true"
        raise UserError(f"checkpoint={file}: no such file{kept if file.name == 'last.ckpt' else ''}") from None
    except _UNREADABLE as error:
        raise UserError(f"checkpoint={file}: no checkpoint that can be read; it may be broken") from error
    if "optimizer_states" not in content:
        raise UserError(f"checkpoint={file}: holds weights alone; a training goes on from last.ckpt")
    wanted = {name: weight.shape for name, weight in module.state_dict().items()}
    differing = sorted(name for name in saved.keys() | wanted.keys() if saved.get(name) != wanted.get(name))
    if differing:
        raise UserError(f"checkpoint={file}: belongs to another model or loss (they differ in {differing[0]})")
    if averaged(content) != average:
        how = "without" if average else "with"
        raise UserError(f"checkpoint={file}: was made {how} trainer.ema; go on as it began")
    return int(content["epoch"]) + 1


def take_over(checkpoint: Path, run: RunFolder) -> None:
    """Let a run go on from a checkpoint that was written in another folder, as if it had been written in its own.

    Lightning forgets the best epoch until then where the folder is another one. The weights of that epoch, `best.ckpt`,
    are looked for beside the checkpoint; without them only later epochs can be the best.
    """
    content = torch.load(checkpoint, map_location="cpu", weights_only=True)
    states = content["callbacks"]
    keepers = {key: state for key, state in states.items() if "dirpath" in state}
    here = run.checkpoints.resolve()  # as Lightning writes it down
    if all(Path(state["dirpath"]) == here for state in keepers.values()):
        return
    best = checkpoint.with_name(run.best_checkpoint.name)
    for key, state in keepers.items():
        states[key] = _moved(state, state["dirpath"], str(here))
        if state["monitor"] and not best.is_file():
            del states[key]
            log.warning("%s is missing: the best epoch will be one of those that come", best)
    content["stopped_early"] = False  # more epochs are asked for
    run.checkpoints.mkdir(parents=True, exist_ok=True)
    if best.is_file() and best.resolve() != run.best_checkpoint.resolve():
        with atomic_path(run.best_checkpoint) as temporary:
            shutil.copyfile(best, temporary)
    with atomic_path(run.last_checkpoint) as temporary:  # last: with it the run has begun
        torch.save(content, temporary)


def _moved(value: Any, old: str, new: str) -> Any:
    """The same with paths in the folder `new` instead of `old`."""
    if isinstance(value, dict):
        return {_moved(key, old, new): _moved(content, old, new) for key, content in value.items()}
    return new + value.removeprefix(old) if isinstance(value, str) and value.startswith(old) else value
