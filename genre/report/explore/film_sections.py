"""Parts of the report about films: where they come from, their genres and years."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from genre.report.document import MOST_SHOWN, Section, counted, listed
from genre.report.explore import counts, plots
from genre.report.explore.films import NO_YEAR, Films


def files(rows: pd.DataFrame) -> Section:
    """Rows of each raw file, and films that stand in several."""
    table = rows["file"].replace("", "no genre's file").value_counts().rename_axis("file").reset_index(name="rows")
    per_film = rows.groupby("movie_id")["file"].nunique()
    finding = f"{len(rows):,} rows are {len(per_film):,} films, {(per_film > 1).sum():,} of them in several files"
    labels = [f"{count:,}" for count in table["rows"]]
    figure = plots.bars(table["file"], table["rows"], labels, title=finding, unit="rows")
    text = "Rows by the genre that names the file. A film is repeated in the file of each of its genres."
    return Section("files", "Files", table, text, finding, figure)


def funnel(report: Mapping[str, Any] | None, films: int) -> Section:
    """What cleaning took.

    Args:
        report: content of cleaning_report.json, or None if there is none.
        films: of the clean table.
    """
    text = "Each rule sees the films that the rules before it left."
    if report is None or report["clean"] != films:
        text = "Beside the clean table lies no cleaning_report.json that belongs to it; scripts/prepare.py writes one."
        return Section("funnel", "Cleaning", pd.DataFrame(), text, "What cleaning took is not known")
    table = counts.funnel(report)
    share = f"{100 * report['clean'] / report['films']:.0f} %"
    finding = f"Cleaning leaves {report['clean']:,} of {report['films']:,} films ({share})"
    changed = ", ".join(f"{rule.replace('_', ' ')} {number:,}" for rule, number in report["repaired"].items() if number)
    found = ", ".join(f"{source} {number:,}" for source, number in report["crawled"].items())
    text += f" Films repaired first: {changed}." if changed else ""
    text += f" Descriptions crawled: {found}." if found else ""
    return Section("funnel", "Cleaning", table, text, finding, plots.funnel(table, report["films"], title=finding))


def genres(films: Films) -> Section:
    """Films of each genre."""
    table = counts.genre_counts(films.labels, films.genres)
    first, last = table.iloc[0], table.iloc[-1]
    most, least = (table["genre"][table["films"] == end["films"]].tolist() for end in (first, last))
    finding = (
        f"{listed(most, 'genre')} {'is the most frequent genre' if len(most) == 1 else 'are the most frequent genres'} "
        f"({first['percent']:.1f} %), {listed(least, 'genre')} the rarest ({last['percent']:.1f} %)"
    )
    shown = table.head(MOST_SHOWN)
    figure = plots.bars(shown["genre"], shown["films"], _count_and_share(shown), title=finding, unit="films")
    text = "A film counts for each of its genres, so the percentages add up to more than 100."
    return Section("genres", "Genres", table, text, finding, figure)


def genres_per_film(films: Films) -> Section:
    """How many genres a film has."""
    table = counts.genres_per_film(films.labels)
    finding = f"A film has {films.labels.sum(axis=1).mean():.2f} genres on average"
    names = [f"{number} genre{'s' * (number != 1)}" for number in table["genres"]]
    figure = plots.bars(names, table["films"], _count_and_share(table), title=finding, unit="films")
    return Section("genres_per_film", "Genres per film", table, "Films by their number of genres.", finding, figure)


def cooccurrence(films: Films) -> list[Section]:
    """Which genres films have together: counts, and percentages of the row's and of the column's genre."""
    pairs = counts.cooccurrence(films.labels, films.genres)
    by_row, by_column = counts.normalised_by_row(pairs), counts.normalised_by_column(pairs)
    finding = "No film has two genres"
    together = np.triu(pairs, k=1)
    if together.any():
        rows, columns = np.nonzero(together == together.max())
        first, *others = (
            f"{films.genres[one]} and {films.genres[other]}" for one, other in zip(rows, columns, strict=True)
        )
        finding = f"Most often together: {first}, {counted(int(together.max()), 'film')}"
        if others:
            finding += f"; as often {', '.join(others) if len(others) < 3 else counted(len(others), 'other pair')}"
    parts = [
        (
            "cooccurrence_counts",
            "Genres together",
            finding,
            "Films that have both genres, in colours by order of magnitude. The diagonal holds all films of a genre; "
            "an empty field stands for none.",
            pairs,
            "films (logarithmic)",
        ),
        (
            "cooccurrence_by_row",
            "Genres together, by row",
            "Of the films of the row's genre, % that have the column's too",
            "Read along a row: with which genres does this one come? Without the diagonal, a row adds up to more or "
            "less than 100, as its films have more or fewer than one further genre.",
            by_row,
            "% of the row's films",
        ),
        (
            "cooccurrence_by_column",
            "Genres together, by column",
            "Of the films of the column's genre, % that have the row's too",
            "Read down a column. It is the picture above with rows and columns in each other's place.",
            by_column,
            "% of the column's films",
        ),
    ]
    return [
        Section(
            name,
            heading,
            matrix.reset_index(),
            text,
            finding,
            plots.cooccurrence_heatmap(matrix, title=finding, unit=unit, percent=matrix is not pairs),
        )
        for name, heading, finding, text, matrix, unit in parts
    ]


def films_per_year(films: Films) -> Section:
    """How many films each year has."""
    table = counts.films_per_year(films.years)
    missing = int(films.gaps[NO_YEAR].sum())
    text = ""
    if missing:
        text = f"Left out: {counted(missing, 'film')} ({100 * missing / len(films.table):.1f} %) without a year."
    if table.empty:
        return Section("years", "Films per year", table, text, "No film has a year")
    quarter, half = (films.years.quantile(quantile, interpolation="lower") for quantile in (0.25, 0.5))
    films_told = "films with a year" if missing else "films"
    finding = f"Half of the {films_told} are from {half} or later, three quarters from {quarter} or later"
    figure = plots.films_per_year(table, title=finding)
    return Section("years", "Films per year", counts.years_as_names(table), text, finding, figure)


def _count_and_share(table: pd.DataFrame) -> list[str]:
    return [f"{films:,} ({share:.1f} %)" for films, share in zip(table["films"], table["percent"], strict=True)]
