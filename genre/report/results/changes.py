"""Which systems differ in one thing: a setting, or the choice of a section such as the loss."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from genre.report.compare.runs import ComparedRun
from genre.runs import config_name, default_settings

_ALIKE = {"data", "optimizer"}  # sections that choose a class, whose settings mean the same whichever it is


class Change(NamedTuple):
    """Two systems, by their numbers.

    Attributes:
        what: differs, by dotted name or section.
        reference: the one that has the default there.
        changed: the other.
    """

    what: str
    reference: int
    changed: int


def single_changes(systems: Sequence[ComparedRun]) -> list[Change]:
    """All pairs of systems, each told by one of its runs, that differ in one thing in which one has the default."""
    things = [_by_thing(run.settings) for run in systems]
    defaults = [_by_thing(default_settings(config_name(run.folder.config()))) for run in systems]
    changes = []
    for reference, ours in enumerate(things):
        for changed, theirs in enumerate(things):
            differing = [name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)]
            if len(differing) == 1 and ours.get(differing[0]) == defaults[reference].get(differing[0]):
                changes.append(Change(differing[0], reference, changed))
    return changes


def _by_thing(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings of a section that chooses a class as one thing, others by their names."""
    sections = {name.removesuffix("._target_") for name in settings if name.endswith("._target_")} - _ALIKE
    things: dict[str, Any] = {}
    for name, value in settings.items():
        section = name.partition(".")[0]
        if section in sections:
            things.setdefault(section, {})[name] = value
        else:
            things[name] = value
    return things
