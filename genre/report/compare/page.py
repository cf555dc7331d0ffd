"""The page of a comparison: tables that can be sorted and filtered, and the plots, in one file."""

from collections import Counter
from collections.abc import Sequence

from genre.report.compare.comparison import Comparison
from genre.report.compare.text import verdict
from genre.report.document import Picture, Section, counted
from genre.report.pages import origin, render


def page(comparison: Comparison, tables: Sequence[Section], pictures: Sequence[Picture]) -> str:
    """The page in HTML.

    Args:
        comparison: of runs.
        tables: in the order of the page; those of runs and seeds stand before the plots.
        pictures: in the order of the page.
    """
    baseline = comparison.baseline
    rows = {0: "best"} | ({comparison.runs.index(baseline): "baseline"} if baseline else {})
    return render(
        "compare/compare.html.jinja",
        title=f"{counted(len(comparison.runs), 'run')} by {comparison.metric_name}",
        facts=[
            (f"best {comparison.metric_name}", f"{comparison.value(comparison.runs[0]):.3f}"),
            *([(f"baseline's {comparison.metric_name}", f"{comparison.value(baseline):.3f}")] if baseline else []),
            ("runs compared", str(len(comparison.runs))),
            ("left out", str(len(comparison.left_out))),
            ("test films", _film_counts(comparison)),
        ],
        origin=origin(_data(comparison)),
        verdict=verdict(comparison),
        tables=tables,
        marked=rows,
        pictures=pictures,
    )


def _film_counts(comparison: Comparison) -> str:
    counts = {round(run.scores.metrics["test/films"]) for run in comparison.runs}
    low, high = min(counts), max(counts)
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"


def _data(comparison: Comparison) -> str:
    """The fingerprints of the films, most runs first."""
    found = Counter(run.settings.get("data.fingerprint", "unknown") for run in comparison.runs)
    return ", ".join(f"{fingerprint} ({counted(runs, 'run')})" for fingerprint, runs in found.most_common())
