"""From raw files to the clean table and its CoNLL-U file: what each stage reads, writes and depends on."""

import json
import logging
from importlib.metadata import distributions, version
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

import genre
from genre.config import ImdbConfig, LemmatiserConfig, PrepareConfig, instantiate
from genre.config.schema.preparation import STAGES, SpacyConfig
from genre.data.pipeline import MANIFEST, Counts, Pipeline, Stage
from genre.data.tables import read_table
from genre.errors import UserError
from genre.files import atomic_path, file_sha256, write_json
from genre.imdb.clean import clean_films, clean_texts, enrich
from genre.imdb.crawl import crawl, read_crawled
from genre.imdb.descriptions import is_cut, is_placeholder
from genre.imdb.genres import GENRES, chosen_genres, counted_files, files_said_whole
from genre.imdb.merge import MERGED_COLUMNS, WHOLE, merge_films, whole_files
from genre.imdb.raw import csv_files, raw_files, read_raw

log = logging.getLogger(__name__)

# what makes the clean table; the other stages go on from there
TABLE_STAGES = ("merge", "clean", "crawl_list", "enrich")
FILES = "whole_files.json"  # genres that whole files tell, and what of each file was measured
_CLEANING = (
    *("imdb/clean.py", "imdb/descriptions.py", "imdb/repairs.py", "imdb/nonsense.py", "imdb/matching.py"),
    *("imdb/genres.py", "data/duplicates.py", "data/labels.py", "data/tables.py"),
)


def prepare(cfg: PrepareConfig) -> None:
    """Run the chosen stages, skipping those for which nothing changed.

    Raises:
        UserError: for whatever a person can mend; products stay as they were.
    """
    assert isinstance(cfg.data, ImdbConfig)  # see genre.config.validate
    stages = [*_table_stages(cfg.data, cfg.stages), *_later_stages(cfg)]
    pipeline = Pipeline(Path(cfg.data.dir), sorted(stages, key=lambda stage: STAGES.index(stage.name)))
    skipped = pipeline.run(cfg.stages)
    if skipped:
        log.info("Up to date: %s", ", ".join(skipped))


def merged_file(cfg: ImdbConfig) -> Path:
    """Path of the up-to-date table of merged films, made first where necessary.

    Raises:
        UserError: when there are no raw files, or one is broken.
    """
    Pipeline(Path(cfg.dir), _table_stages(cfg, ["merge"])).run(["merge"])
    return Path(cfg.dir) / "merged.csv"


class CleanTable(NamedTuple):
    """A clean table.

    Attributes:
        file: of the table; other settings may give it another content at any time.
        sha256: of its content with these settings.
    """

    file: Path
    sha256: str


def clean_table(cfg: ImdbConfig) -> CleanTable:
    """The up-to-date clean table, made first where necessary.

    A `clean_data.csv` that was put into `data.dir` is taken as it is when `data.raw` holds no raw files.

    Raises:
        UserError: when there is neither, or the table was made here of raw files that are not in `data.raw`, or a raw
            file is broken; products stay as they were.
    """
    target = Path(cfg.dir) / "clean_data.csv"
    put_there = target.is_file() and not (target.parent / MANIFEST).is_file()
    if put_there and not csv_files(Path(cfg.raw)):
        return CleanTable(target, file_sha256(target))
    pipeline = Pipeline(Path(cfg.dir), _table_stages(cfg, TABLE_STAGES))
    pipeline.run(TABLE_STAGES)
    return CleanTable(target, pipeline.made[target.name])


def _table_stages(cfg: ImdbConfig, names: list[str] | tuple[str, ...]) -> list[Stage]:
    folder = Path(cfg.dir)
    supplied = Path(cfg.crawl) if cfg.crawl else None
    if supplied and not supplied.is_file() and "enrich" in names:
        raise UserError(f"data.crawl={supplied}: no such file; data.crawl=null does without")
    settings = vars(cfg) | {"rules": vars(cfg.rules)}
    text_settings = {name: settings[name] for name in ("rules", "min_chars", "truncated")}
    film_settings = text_settings | {"labels": list(chosen_genres(cfg)), "source": cfg.source}
    raw = raw_files(Path(cfg.raw)) if "merge" in names else []
    whole = files_said_whole(cfg)
    merged, files, texts = folder / "merged.csv", folder / FILES, folder / "texts.parquet"
    clean, report = folder / "clean_data.csv", folder / "cleaning_report.json"
    crawled = [path for path in (supplied, folder / "crawl_data.csv") if path]
    if "enrich" in names:
        for file in crawled:
            if file.is_file():
                read_crawled(file)  # a broken one is refused before a product changes
    return [
        Stage(
            name="merge",
            inputs=raw,
            optional=[],
            outputs=[merged, files],
            settings={
                "file_genre": sorted(counted_files(cfg)),
                "whole_files": None if whole is None else sorted(whole),
                "cell_size": cfg.cell_size,
            },
            code=_code(
                *("imdb/raw.py", "imdb/merge.py", "imdb/descriptions.py", "imdb/matching.py", "imdb/genres.py"),
                *("data/tables.py", "data/labels.py"),
            ),
            run=lambda: _merge(raw, merged, files, cfg),
        ),
        Stage(
            name="clean",
            inputs=[merged],
            optional=[],
            outputs=[texts, clean, report],
            settings=film_settings,
            code=_code(*_CLEANING),
            run=lambda: _clean(merged, texts, cfg),
        ),
        Stage(
            name="crawl_list",
            inputs=[texts],
            optional=[supplied] if supplied else [],
            outputs=[folder / "to_crawl.csv"],
            settings={},
            code=_code("imdb/crawl/table.py", "imdb/descriptions.py", "imdb/matching.py", "data/tables.py"),
            run=lambda: _list_wanted(texts, supplied, folder / "to_crawl.csv"),
        ),
        Stage(
            name="enrich",
            inputs=[texts],
            optional=crawled,
            outputs=[clean, report],
            settings=film_settings,
            code=_code(*_CLEANING, "imdb/crawl/table.py"),
            run=lambda: _enrich(texts, [path for path in crawled if path.is_file()], cfg),
        ),
    ]


def _later_stages(cfg: PrepareConfig) -> list[Stage]:
    folder = Path(cfg.data.dir)
    to_crawl, crawled, cache = (folder / name for name in ("to_crawl.csv", "crawl_data.csv", "crawl_cache.sqlite"))
    clean, lemmas, conllu = (folder / name for name in ("clean_data.csv", "lemmas.parquet", "conllu_data.conllu"))
    return [
        Stage(
            name="crawl",
            inputs=[to_crawl],
            optional=[],
            outputs=[crawled],
            settings=vars(cfg.crawl),
            code=_code("imdb/crawl", "imdb/matching.py", "data/tables.py"),
            run=lambda: crawl(to_crawl, crawled, cache, cfg.crawl),
        ),
        Stage(
            name="lemmatise",
            inputs=[clean],
            optional=[],
            outputs=[lemmas],
            settings=vars(cfg.lemmatiser) | _versions(cfg.lemmatiser),
            code=_code("linguistics", "data/caches.py", "data/tables.py"),
            run=lambda: _lemmatise(clean, lemmas, cfg),
        ),
        Stage(
            name="conllu",
            inputs=[lemmas],
            optional=[],
            outputs=[conllu],
            settings={},
            code=_code("linguistics", "data/caches.py", "data/tables.py"),
            run=lambda: _write_conllu(lemmas, conllu, cfg),
        ),
    ]


def _code(*places: str) -> list[Path]:
    """Files and folders of this package."""
    return [Path(genre.__file__).parent / place for place in places]


def _versions(cfg: LemmatiserConfig) -> dict[str, str]:
    """Versions of the packages that decide what a lemmatiser finds, without loading them."""
    used = {"nltk", "textblob", "lemminflect"} | ({"spacy", cfg.model} if isinstance(cfg, SpacyConfig) else set())
    installed = {distribution.name for distribution in distributions()}
    return {name: version(name) for name in sorted(used & installed)}


def _lemmatise(clean: Path, target: Path, cfg: PrepareConfig) -> Counts:
    # heavy, and only needed when there is something to do
    from genre.linguistics import lemmatise

    lemmatiser = instantiate(cfg.lemmatiser)
    log.info("Lemmatising by %s", ", ".join(f"{key} {value}" for key, value in lemmatiser.describe().items()))
    return lemmatise(clean, target, lemmatiser, cfg.processes)


def _write_conllu(lemmas: Path, target: Path, cfg: PrepareConfig) -> Counts:
    from genre.linguistics import write_conllu

    return write_conllu(lemmas, target, cfg.processes)


def _merge(raw: list[Path], target: Path, files: Path, cfg: ImdbConfig) -> Counts:
    rows = read_raw(raw)
    counted, said = counted_files(cfg), files_said_whole(cfg)
    shares = whole_files(rows)
    whole = {genre for genre, share in shares.items() if share >= WHOLE} if said is None else said
    if said and (without := sorted(said - set(rows["file"]))):
        raise UserError(f"data.whole_files: {cfg.raw} has no file of {', '.join(without)}")
    kept = [genre for genre in GENRES if genre in counted & whole]
    _write_table(merge_films(rows, counted=counted, whole=kept, cell_size=cfg.cell_size), target)
    write_json(files, {"whole": kept, "shares": shares})
    return {"files": len(raw), "whole files": len(kept), "rows": len(rows), "films": rows["movie_id"].nunique()}


def _clean(merged: Path, target: Path, cfg: ImdbConfig) -> Counts:
    films, repaired = clean_texts(read_table(merged, MERGED_COLUMNS), cfg)
    with atomic_path(target) as temporary:
        films.to_parquet(temporary, index=False)
    return _write_clean(films.assign(source=cfg.source), {"repaired": repaired, "crawled": {}}, cfg)


def _list_wanted(texts: Path, supplied: Path | None, target: Path) -> Counts:
    films = _read_texts(texts)[["movie_id", "title", "year", "wanted"]].rename(columns={"wanted": "reason"})
    wanted = films[films["reason"] != ""]
    if supplied:
        found = read_crawled(supplied)
        usable = ~(is_placeholder(found["description"]) | is_cut(found["description"]))
        wanted = wanted[~wanted["movie_id"].isin(found["movie_id"][usable])]
    _write_table(wanted, target)
    return {"wanted": len(wanted)}


def _read_texts(file: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(file)
    except pa.ArrowInvalid as error:
        raise UserError(f"{file}: is damaged; run the stage clean again") from error


def _enrich(texts: Path, crawled: list[Path], cfg: ImdbConfig) -> Counts:
    # a film that stands in two files has its text from the last one, which is the crawl's own
    found = pd.concat([read_crawled(file) for file in crawled], ignore_index=True) if crawled else _NOTHING_CRAWLED
    films = _read_texts(texts)
    enriched, counts = enrich(films, found.drop_duplicates("movie_id", keep="last"), cfg)
    report_file = Path(cfg.dir) / "cleaning_report.json"
    if not report_file.is_file():
        raise UserError(f"stage enrich: {report_file} is missing; run the stage clean first")
    report = json.loads(report_file.read_text(encoding="utf-8"))
    return _write_clean(enriched, {"repaired": report["repaired"], "crawled": counts}, cfg)


_NOTHING_CRAWLED = pd.DataFrame(columns=["movie_id", "description", "source"], dtype="str")


def _write_clean(films: pd.DataFrame, report: dict[str, Counts], cfg: ImdbConfig) -> Counts:
    table, dropped = clean_films(films, cfg)
    folder = Path(cfg.dir)
    _write_table(table, folder / "clean_data.csv")
    rows = int(films["rows"].astype(int).sum())
    write_json(
        folder / "cleaning_report.json",
        {"rows": rows, "films": len(films), **report, "dropped": dropped, "clean": len(table)},
    )
    return {"films": len(films), **dropped, "clean": len(table)}


def _write_table(table: pd.DataFrame, target: Path) -> None:
    with atomic_path(target) as temporary:
        table.to_csv(temporary, index=False, lineterminator="\n")
