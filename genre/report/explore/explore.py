"""From settings to the report folder."""

import json
import logging
from pathlib import Path

import pyarrow as pa

from genre.config import ExploreConfig, ImdbConfig
from genre.data.corrections import corrected, data_fingerprint
from genre.data.sources import prepared
from genre.data.truth import Truth
from genre.imdb.genres import GENRES
from genre.imdb.source import raw_films
from genre.report.document import Section, new_document
from genre.report.explore import counts, description_sections, film_sections, truth_sections
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
        title, facts, data, parts = _look(cfg)
        # percentages and lengths
        write_report(folder, title=title, facts=facts, data=data, sections=parts, digits=1)
    return output / "report.html"


def _look(cfg: ExploreConfig) -> tuple[str, list[tuple[str, str]], str, list[Section]]:
    """Title, headline numbers, data and sections of the report."""
    if isinstance(cfg.data, ImdbConfig) and cfg.which == "raw":
        raw = raw_films(cfg.data)
        films = films_of(raw.films, GENRES, raw.truth.labels)
        log.info("Exploring %s films of %s", f"{len(films.table):,}", cfg.data.raw)
        first = [film_sections.files(raw.rows), *truth_sections.raw_truth(raw, cfg.data.cell_size)]
        return (
            "Films before cleaning",
            _facts(films, raw.truth),
            f"files of {cfg.data.raw}",
            [*first, *_sections(films, None)],
        )
    source = prepared(cfg.data)
    table = source.read()
    truth = corrected(source.truth(table), table["movie_id"].tolist(), source.label_names, cfg.data)
    films = films_of(table, source.label_names, truth.labels)
    log.info("Exploring %s films", f"{len(films.table):,}")
    facts, unknown = _facts(films, truth), truth_sections.not_known(truth, source.label_names)
    data = f"fingerprint {data_fingerprint(source, cfg.data)[:10]}"
    del truth  # matrices (B, L), which need not lie beside the words
    if not isinstance(cfg.data, ImdbConfig):
        return "Films", facts, data, [*unknown, *_sections(films, None)]
    folder = Path(cfg.data.dir)
    report_file = folder / "cleaning_report.json"
    report = json.loads(report_file.read_text(encoding="utf-8")) if report_file.is_file() else None
    lemmas = read_lemmas(folder / "lemmas.parquet", table["movie_id"])
    cleaning = film_sections.funnel(report, len(table))
    return "Films after cleaning", facts, data, [cleaning, *unknown, *_sections(films, lemmas)]


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


def _facts(films: Films, truth: Truth) -> list[tuple[str, str]]:
    """Headline numbers, each with its name."""
    whole = films.table["description"][films.whole]
    unknown = [] if truth.known.all() else [("unknown zeros", f"{counts.unknown_share(truth):.0f} %")]
    return [
        ("films", f"{len(films.table):,}"),
        ("genres", str(len(films.genres))),
        ("genres per film", f"{films.labels.sum(axis=1).mean():.2f}"),
        *unknown,
        ("whole descriptions", f"{100 * films.whole.mean():.0f} %"),
        ("median characters", f"{whole.str.len().median():,.0f}" if len(whole) else "none"),
        ("years", f"{films.years.min()}–{films.years.max()}" if len(films.years) else "none"),
    ]
