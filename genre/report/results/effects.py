"""What one change of the settings does."""

from collections.abc import Sequence
from dataclasses import dataclass

from genre.metrics import SIGNIFICANT, PairedTest, holm, paired_test
from genre.report.results.changes import single_changes
from genre.report.results.systems import System

METRICS = ("jaccard", "f1_macro")


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
    """Of all pairs of systems that differ in one thing in which one of them has the default."""
    changes = single_changes([system.runs[0] for system in systems])
    pairs = [(what, systems[reference], systems[changed]) for what, reference, changed in changes]
    tested = [
        {metric: paired_test(reference.column(metric), changed.column(metric)) for metric in METRICS}
        for _, reference, changed in pairs
    ]
    corrected = {metric: holm([float(one[metric].p[0]) for one in tested]) for metric in METRICS}
    return [
        Effect(*pair, one, {metric: corrected[metric][number] for metric in METRICS})
        for number, (pair, one) in enumerate(zip(pairs, tested, strict=True))
    ]
