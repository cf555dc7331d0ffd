"""From settings to the report folder."""

import json
import logging
from pathlib import Path

import pyarrow as pa

from genre.config import ExploreConfig, ImdbConfig
from genre.data.sources import prepared
from genre.imdb.genres import GENRES
from genre.imdb.source import raw_films
from genre.report.document import Section, new_document
from genre.report.explore import description_sections, film_sections
from genre.report.explore.films import Films, films_of
from genre.report.explore.page import CONTENT, write_report
from genre.report.explore.words import read_lemmas, split_words
from genre.report.figures import style

log = logging.getLogger(__name__)


def explore(cfg: ExploreConfig) -> Path:
    """Look at the raw films (`cfg.which` raw) or at the clean table (clean).

    Returns:
        The page, `cfg.output`/report.html; beside it lie plots/ (PNG, SVG) and tables/ (CSV).

    Raises:
        UserError: when there are no data, or `cfg.output` holds other files.
    """
    output = Path(cfg.output)
    with new_document(output, CONTENT, "a report") as folder, style():
        title, films, parts = _look(cfg)
        write_report(folder, title=title, facts=_facts(films), sections=parts)
    return output / "report.html"


def _look(cfg: ExploreConfig) -> tuple[str, Films, list[Section]]:
    """Title, films and sections of the report."""
    if isinstance(cfg.data, ImdbConfig) and cfg.which == "raw":
        rows, merged, labels = raw_films(cfg.data)
        films = films_of(merged, GENRES, labels)
        log.info("Exploring %s films of %s", f"{len(films.table):,}", cfg.data.raw)
        return "Films before cleaning", films, [film_sections.files(rows), *_sections(films, None)]
    source = prepared(cfg.data)
    table = source.read()
    films = films_of(table, source.label_names, source.truth(table).labels)
    log.info("Exploring %s films", f"{len(films.table):,}")
    if not isinstance(cfg.data, ImdbConfig):
        return "Films", films, _sections(films, None)
    folder = Path(cfg.data.dir)
    report_file = folder / "cleaning_report.json"
    report = json.loads(report_file.read_text(encoding="utf-8")) if report_file.is_file() else None
    lemmas = read_lemmas(folder / "lemmas.parquet", table["movie_id"])
    return "Films after cleaning", films, [film_sections.funnel(report, len(table)), *_sections(films, lemmas)]


def _sections(films: Films, lemmas: pa.ListArray | None) -> list[Section]:
    """What raw and clean films have in common."""
    words = split_words(films.table["description"][films.whole])
    source = "words of the descriptions, in lower case"
    if lemmas is not None:
        lemmas, source = lemmas.filter(pa.array(films.whole)), "lemmas of the descriptions"
    return [
        film_sections.genres(films),
        film_sections.genres_per_film(films),
        *film_sections.cooccurrence(films.frequent),
        description_sections.lengths(films, words),
        description_sections.gaps_by_genre(films.frequent),
        description_sections.gaps_by_year(films),
        film_sections.films_per_year(films),
        description_sections.distinctive_words(films.frequent, words if lemmas is None else lemmas, source),
        description_sections.duplicates(films),
    ]


def _facts(films: Films) -> list[tuple[str, str]]:
    """Headline numbers, each with its name."""
    whole = films.table["description"][films.whole]
    return [
        ("films", f"{len(films.table):,}"),
        ("genres", str(len(films.genres))),
        ("genres per film", f"{films.labels.sum(axis=1).mean():.2f}"),
        ("whole descriptions", f"{100 * films.whole.mean():.0f} %"),
        ("median characters", f"{whole.str.len().median():,.0f}" if len(whole) else "none"),
        ("years", f"{films.years.min()}–{films.years.max()}" if len(films.years) else "none"),
    ]
