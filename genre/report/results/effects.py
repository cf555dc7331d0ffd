"""What one change of the settings does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from genre.errors import UserError
from genre.metrics import SIGNIFICANT, PairedTest, holm, paired_test
from genre.metrics.significance import RESAMPLES
from genre.report.results.systems import System
from genre.runs import config_name, default_settings

METRICS = ("jaccard", "f1_macro")

_ALIKE = {"data", "optimizer"}  # sections that choose a class, whose settings mean the same whichever it is


@dataclass(frozen=True)
class Effect:
    """Two systems that differ in one thing: a setting, or the choice of a section such as the loss.

    Attributes:
        what: differs, by dotted name or section.
        reference: the one that has the default there.
        changed: the other.
        tested: of each of METRICS, the difference of `changed` from `reference`, paired over films.
        p: of each, corrected by Holm's method over the effects.
    """

    what: str
    reference: System
    changed: System
    tested: dict[str, PairedTest]
    p: dict[str, float]

    def difference(self, metric: str) -> float:
        """Of the metric, `changed` less `reference`."""
        return self.changed.point(metric) - self.reference.point(metric)

    @property
    def verdict(self) -> str:
        """`better` or `worse` in the metrics whose difference is significant."""
        found = {
            metric: "better" if self.difference(metric) > 0 else "worse"
            for metric in METRICS
            if self.p[metric] < SIGNIFICANT
        }
        return ", ".join(f"{TITLES[metric]} {how}" for metric, how in found.items()) or "no difference shown"


TITLES = {"jaccard": "Jaccard", "f1_macro": "macro-F1"}


def effects(systems: Sequence[System]) -> list[Effect]:
    """All pairs of systems that differ in one thing in which one of them has the default.

    Raises:
        UserError: when there are too few resamples for so many tests.
    """
    pairs = [
        (found, reference, changed)
        for reference in systems
        for changed in systems
        if changed is not reference and (found := _only_difference(reference, changed)) is not None
    ]
    resamples = len(systems[0].values)
    if resamples < RESAMPLES * len(pairs):
        raise UserError(
            f"report.resamples={resamples}: with fewer than {RESAMPLES * len(pairs):,} none of {len(pairs)} "
            "differences could be significant; ask for that many"
        )
    tested = [
        {metric: paired_test(reference.column(metric), changed.column(metric)) for metric in METRICS}
        for _, reference, changed in pairs
    ]
    corrected = {metric: holm([float(one[metric].p[0]) for one in tested]) for metric in METRICS}
    return [
        Effect(*pair, one, {metric: corrected[metric][number] for metric in METRICS})
        for number, (pair, one) in enumerate(zip(pairs, tested, strict=True))
    ]


def _only_difference(reference: System, changed: System) -> str | None:
    """What tells `changed` from `reference`, if it is one thing and `reference` has the default there."""
    ours, theirs = _things(reference), _things(changed)
    differing = [name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)]
    if len(differing) != 1:
        return None
    (name,) = differing
    defaults = _by_thing(default_settings(config_name(reference.runs[0].folder.config())))
    return name if ours.get(name) == defaults.get(name) else None


def _things(system: System) -> dict[str, Any]:
    return _by_thing(system.runs[0].settings)


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
