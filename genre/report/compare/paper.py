"""The tables of a comparison for a paper."""

from collections.abc import Sequence

import pandas as pd

from genre.config.explain import suggestion
from genre.errors import UserError
from genre.metrics import SIGNIFICANT
from genre.metrics.names import METRICS, lower_is_better
from genre.report.compare.comparison import Comparison
from genre.report.compare.run_tables import seeds_table
from genre.report.latex import PREAMBLE, Best, latex


def paper(comparison: Comparison, columns: Sequence[str]) -> str:
    """Runs, and groups of seeds where there are several, as LaTeX.

    Args:
        comparison: of runs.
        columns: further metrics, such as `f1_macro`, scored as the metric of the comparison is.

    Raises:
        UserError: when there is no such metric.
    """
    seeds = seeds_table(comparison)
    return "\n".join([PREAMBLE, _runs(comparison, columns), *([] if seeds.empty else [_seeds(comparison, seeds)])])


def _runs(comparison: Comparison, columns: Sequence[str]) -> str:
    part, _, metric = comparison.metric.partition("/")
    titles = {f"{part}/{name}": METRICS.get(name, name) for name in (metric, *columns)}
    rows = []
    for run, label in zip(comparison.runs, comparison.labels, strict=True):
        row: dict[str, object] = {"run": label}
        for key, title in titles.items():
            if key not in run.scores.metrics:
                known = [one.removeprefix(f"{part}/") for one in run.scores.metrics if one.startswith(f"{part}/")]
                name = key.removeprefix(f"{part}/")
                raise UserError(f"columns: {name}: no such metric; {suggestion(name, known)}")
            row[title] = run.scores.metrics[key]
            row[f"{title}_low"], row[f"{title}_high"] = run.scores.intervals.get(key, (float("nan"),) * 2)
        rows.append(row)
    title = titles[comparison.metric]
    films = round(comparison.runs[0].scores.metrics["test/films"])
    caption = (
        f"Runs, ranked by {comparison.ranked_by}. In brackets: 95 % bootstrap intervals over {films:,} test films."
    )
    if comparison.baseline:
        against = comparison.labels[comparison.runs.index(comparison.baseline)]
        test = f"paired bootstrap, Holm, p < {SIGNIFICANT}"
        caption += f" Daggers: {title} differs from that of {against} ({test})."
    different = [row for row, run in enumerate(comparison.runs) if comparison.verdict(run) == "yes"]
    best = {title: _best(key) for key, title in titles.items()}
    return latex(pd.DataFrame(rows), name="runs", caption=caption, best=best, daggers={title: different})


def _seeds(comparison: Comparison, seeds: pd.DataFrame) -> str:
    table = seeds[["run", "seeds", "mean", "mean_low", "mean_high", "deviation"]]
    caption = f"Mean of {comparison.metric_name} over seeds, with the 95 % interval of that mean by Student's t."
    return latex(table, name="seeds", caption=caption, best={"mean": _best(comparison.metric)})


def _best(metric: str) -> Best:
    return "low" if lower_is_better(metric) else "high"
