"""What a comparison says in sentences."""

from collections.abc import Sequence

from genre.metrics import SIGNIFICANT
from genre.report.compare.comparison import Comparison
from genre.report.compare.runs import ComparedRun


def verdict(comparison: Comparison) -> str:
    """Which run is the best, and whether the baseline could be as good."""
    best = comparison.runs[0]
    told = f"Best by {comparison.metric_name}: {comparison.labels[0]}, {_value(comparison)}."
    baseline = comparison.baseline
    if baseline is None:
        return told
    if best is baseline:
        worse = sum(comparison.verdict(run) == "yes" for run in comparison.runs)
        return (
            f"{told} It is the baseline; {worse} of {len(comparison.runs) - 1} other runs differ from it significantly."
        )
    name = comparison.labels[comparison.runs.index(baseline)]
    difference = comparison.value(best) - comparison.value(baseline)
    told += f" Against the baseline, {name}: {difference:+.3f}"
    tested = comparison.differences[best.scores.name].metric if best.scores.name in comparison.differences else None
    if tested is None:
        why = {"other films": "they were asked about other films", "no test": "this metric has no test"}
        return f"{told.rpartition(':')[0]}: {why[comparison.verdict(best)]}."
    sure = "significant" if comparison.verdict(best) == "yes" else f"not significant at {SIGNIFICANT}"
    return f"{told} ({tested.low[0]:+.3f} to {tested.high[0]:+.3f}), p {tested.p[0]:.3f}: {sure}."


def notes(comparison: Comparison) -> list[str]:
    """How the run table is to be read, in sentences."""
    told = ["In brackets: 95 % bootstrap intervals over films."]
    if any(run.settings["data.size"] is None or run.settings["data.size"] <= 1 for run in comparison.runs):
        told.append("Training films are estimated, to about 1 %, where data.size is no number of films.")
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
    return f"{comparison.value(best):.3f}" + (f" ({ends[0]:.3f}–{ends[1]:.3f})" if ends else "")
