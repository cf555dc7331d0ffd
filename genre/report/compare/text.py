"""What a comparison says in sentences."""

from collections.abc import Sequence

from genre.metrics import SIGNIFICANT
from genre.report.compare.comparison import Comparison
from genre.report.compare.differences import Difference
from genre.report.compare.runs import ComparedRun
from genre.report.document import at_most


def verdict(comparison: Comparison) -> str:
    """Which run is the best, and whether the next one, or the baseline, could be as good."""
    best, second = comparison.runs[0], comparison.runner_up
    told = f"Best by {comparison.ranked_by}: {comparison.labels[0]}, {_value(comparison)}."
    if second is not None and second is not comparison.baseline:
        told += f" The next, {_label(comparison, second)}: {_difference(comparison, second, comparison.lead)}"
    baseline = comparison.baseline
    if baseline is None:
        return told
    if best is baseline:
        worse = sum(comparison.verdict(run) == "yes" for run in comparison.runs)
        return (
            f"{told} It is the baseline; {worse} of {len(comparison.runs) - 1} other runs differ from it significantly."
        )
    found = comparison.differences.get(best.scores.name)
    return f"{told} Against the baseline, {_label(comparison, baseline)}: {_difference(comparison, baseline, found)}"


def _label(comparison: Comparison, run: ComparedRun) -> str:
    return comparison.labels[comparison.runs.index(run)]


def _difference(comparison: Comparison, other: ComparedRun, found: Difference | None) -> str:
    """By how much the best run differs from another one, and whether that may be chance."""
    if found is None:
        return "they were asked about other films."
    difference = comparison.value(comparison.runs[0]) - comparison.value(other)
    if found.metric is None:
        return f"{difference:+.3f}, and this metric has no test."
    tested = found.metric
    sure = "significant" if tested.p[0] < SIGNIFICANT else f"not significant at {SIGNIFICANT}"
    p = f"p {at_most(tested.p[0]) if tested.bound[0] else f'{tested.p[0]:.3f}'}"
    return f"{difference:+.3f} ({tested.low[0]:+.3f} to {tested.high[0]:+.3f}), {p}: {sure}."


def notes(comparison: Comparison) -> list[str]:
    """How the run table is to be read, in sentences."""
    told = ["In brackets: 95 % bootstrap intervals over films."]
    if comparison.ranked_by != comparison.metric:
        told.append(f"Runs are ranked by {comparison.ranked_by}: test films that choose the best run flatter it.")
    if _codes_differ(comparison.runs):
        told.append("Not all runs were made by the same code (environment.json): that may be what differs.")
    if comparison.baseline:
        tests = sum(difference.metric is not None for difference in comparison.differences.values())
        told.append(
            "Differences from the baseline are by paired bootstrap over the same films; p is two-sided and corrected "
            f"for {tests} {'test' if tests == 1 else 'tests'} by Holm's method, significant below {SIGNIFICANT}; "
            "the intervals are each run's own, not corrected."
        )
    return told


def _codes_differ(runs: Sequence[ComparedRun]) -> bool:
    """Whether runs of one kind, by whose words their code is told apart, know of different code."""
    codes: dict[str | None, set[str]] = {}
    for run in runs:
        code = run.folder.environment().get("code_fingerprint")
        codes.setdefault(run.settings.get("features.tokens"), set()).update([code] if code else [])
    return any(len(known) > 1 for known in codes.values())


def _value(comparison: Comparison) -> str:
    best = comparison.runs[0]
    ends = comparison.interval(best)
    name = comparison.metric if comparison.metric != comparison.ranked_by else ""
    value = f"{comparison.value(best):.3f}" + (f" ({ends[0]:.3f}–{ends[1]:.3f})" if ends else "")
    return f"{name} {value}".strip()
