"""A run's results as tables on the console."""

import pandas as pd
from rich.console import Console
from rich.table import Table

from genre.genres import GENRES
from genre.tracking import RunFolder, sync_hint

_OVERALL = {
    "jaccard": "Jaccard (samples)",
    "hamming_loss": "Hamming loss",
    "subset_accuracy": "Subset accuracy",
    "at_least_one": "At least one",
    "at_least_two": "At least two",
}
_AVERAGES = ("samples", "micro", "macro", "weighted")
_SCORES = ("precision", "recall", "f1")


def print_run(run: RunFolder) -> None:
    """Print overall metrics, averages and genres of a finished run, and where everything lies."""
    console = Console()
    metrics = run.metrics()
    console.print(_overall(metrics))
    console.print(_averages(metrics))
    console.print(_genres(pd.read_csv(run.per_genre_file)))
    console.print(
        f"Always predicting the most frequent genre: Jaccard {metrics['test/jaccard_most_frequent']:.3f}; "
        f"this run: [bold]{metrics['test/jaccard']:.3f}[/bold]"
    )
    # one path a line and unbroken, so that it can be copied
    console.print(f"Run folder: {run.path}", soft_wrap=True)
    hint = sync_hint(run)
    if hint:
        console.print(f"W&B run kept offline; to send it: {hint}", soft_wrap=True)


def print_prediction(result: pd.DataFrame) -> None:
    """Print the predicted genres of one text and the probabilities of the likeliest ones."""
    row = result.iloc[0]
    console = Console()
    console.print(f"[bold]{row['predicted_genres'].replace('|', ', ')}[/bold]")
    likeliest = row[[genre for genre in GENRES if genre in row]].astype(float).sort_values(ascending=False)
    console.print(", ".join(f"{genre} {value:.2f}" for genre, value in likeliest.head(6).items()))


def _overall(metrics: dict[str, float]) -> Table:
    table = Table(title=f"Test: {metrics['test/films']:,.0f} films (validation: {metrics['val/films']:,.0f})")
    table.add_column("Metric")
    for part in ("test", "validation"):
        table.add_column(part, justify="right")
    for name, title in _OVERALL.items():
        table.add_row(title, f"{metrics[f'test/{name}']:.3f}", f"{metrics[f'val/{name}']:.3f}")
    return table


def _averages(metrics: dict[str, float]) -> Table:
    supported, labels = metrics["test/labels_supported"], metrics["test/labels"]
    table = Table(
        title="Test: averages over films (samples), cells (micro), genres (macro, weighted)",
        caption=f"{supported:.0f} of {labels:.0f} genres occur in the test films; macro F1 over these: "
        f"{metrics['test/f1_macro_supported']:.3f}",
    )
    table.add_column("Average")
    for score in _SCORES:
        table.add_column(score, justify="right")
    for average in _AVERAGES:
        table.add_row(average, *(f"{metrics[f'test/{score}_{average}']:.3f}" for score in _SCORES))
    return table


def _genres(per_genre: pd.DataFrame) -> Table:
    table = Table(title="Test: genres, frequent ones first")
    table.add_column("Genre")
    for column in (*_SCORES, "support", "predicted"):
        table.add_column(column, justify="right")
    for _, row in per_genre.sort_values("support", ascending=False, kind="stable").iterrows():
        scores = (f"{row[score]:.2f}" for score in _SCORES)
        table.add_row(row["genre"], *scores, str(row["support"]), str(row["predicted"]))
    return table
