"""The members of an ensemble: whole copies of finished runs in members/, and what each counts in ensemble.json."""

import math
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from genre.calibration import Calibration
from genre.errors import UserError
from genre.files import new_folder, write_json
from genre.runs.calibration import calibration_by_label, calibration_of
from genre.runs.folder import RunFolder
from genre.runs.intact import read_json

_REMEDY = "make the ensemble again"
# what a member is not asked for; the films are the ensemble's
_LEFT = {"films.parquet", "ngrams.npz", "last.ckpt", "wandb", "plots", "report", "history", "train.log", "costs.json"}


@dataclass(frozen=True)
class Member:
    """A run in an ensemble.

    Attributes:
        name: of its folder in members/.
        weight: what it counts; those of all sum to one, and 0 is a run that was not chosen and is not kept.
        calibration: of what it gives, before the mean.
    """

    name: str
    weight: float
    calibration: Calibration


def member_folder(run: RunFolder, name: str) -> RunFolder:
    """Where a member lies."""
    return RunFolder(run.path / "members" / name)


def keep_members(
    run: RunFolder, members: Sequence[Member], folders: Sequence[RunFolder], labels: Sequence[str]
) -> None:
    """Write the members of an ensemble and copy their folders, so that it can be moved and survives them.

    Links are left out: what they point to is not the run's to hand on.
    """

    def left_out(folder: str, names: list[str]) -> set[str]:
        return {name for name in names if name in _LEFT or name.startswith(".") or (Path(folder) / name).is_symlink()}

    with new_folder(run.path / "members") as target:
        for member, folder in zip(members, folders, strict=True):
            if member.weight > 0:
                shutil.copytree(folder.path, target / member.name, ignore=left_out)
    content = [asdict(one) | {"calibration": calibration_by_label(one.calibration, labels)} for one in members]
    write_json(run.ensemble_file, {"members": content})


def read_members(run: RunFolder, labels: Sequence[str]) -> list[Member]:
    """What `keep_members` wrote; a folder that somebody sends names no places outside it.

    Raises:
        UserError: when it is missing or damaged.
    """

    def member(content: dict[str, Any]) -> Member:
        name, weight = content["name"], float(content["weight"])
        if not isinstance(name, str) or name in ("", ".", "..") or Path(name).name != name or "\\" in name:
            raise ValueError(f"{name!r} is no name of a folder")
        if not 0 <= weight <= 1:
            raise ValueError(f"weight {weight}")
        return Member(name, weight, calibration_of(content["calibration"], labels))

    def kind(content: Any) -> list[Member]:
        members = [member(one) for one in content["members"]]
        if not math.isclose(sum(one.weight for one in members), 1, abs_tol=1e-6):
            raise ValueError("the weights do not sum to one")
        return members

    return read_json(run.ensemble_file, kind, _REMEDY)


def kept_members(run: RunFolder, labels: Sequence[str]) -> list[tuple[Member, RunFolder]]:
    """The members that count, with their folders.

    Raises:
        UserError: when one is missing or damaged.
    """
    found = [(one, member_folder(run, one.name)) for one in read_members(run, labels) if one.weight > 0]
    for _, folder in found:
        if folder.path.is_symlink() or not folder.config_file.is_file():
            raise UserError(f"{folder.path}: is no run folder; {_REMEDY}")
    return found
