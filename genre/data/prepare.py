"""Raw files to `clean_data.csv`, once: it is made again only when a file or a setting that it depends on changed."""

import json
import logging
from pathlib import Path

import pandas as pd

from genre.config import DataConfig
from genre.data import clean as clean_module
from genre.data import descriptions, labels, merge, raw
from genre.data.clean import CLEAN_COLUMNS, clean, enrich, read_crawled
from genre.data.merge import merge_films
from genre.data.raw import raw_files, read_raw
from genre.data.tables import read_table
from genre.errors import UserError
from genre.files import atomic_path, file_sha256, short_hash, write_json

log = logging.getLogger(__name__)

# modules whose code decides what stands in the clean table
_RULES = (descriptions, labels, merge, raw, clean_module)


def clean_file(cfg: DataConfig) -> Path:
    """Path of the up-to-date clean table, made first where necessary.

    A `clean_data.csv` that was put into `data.dir` by hand is taken as it is when `data.raw` holds no raw files.

    Raises:
        UserError: when there is neither, or a raw file is broken; products stay as they were.
    """
    target = Path(cfg.dir) / "clean_data.csv"
    manifest_file = Path(cfg.dir) / "manifest.json"
    if not any(Path(cfg.raw).glob("*.csv")) and target.is_file():
        return target
    files = raw_files(Path(cfg.raw))
    crawl = Path(cfg.crawl) if cfg.crawl else None
    depends = {
        "inputs": {path.name: file_sha256(path) for path in [*files, *([crawl] if crawl and crawl.is_file() else [])]},
        "rules": short_hash([file_sha256(Path(str(module.__file__))) for module in _RULES]),
        "settings": {"file_genre": cfg.file_genre, "crawl": cfg.crawl is not None},
    }
    if target.is_file() and manifest_file.is_file():
        manifest = json.loads(manifest_file.read_text(encoding="utf-8"))
        unchanged = manifest["sha256"] == file_sha256(target)
        if manifest["depends"] == depends and unchanged:
            return target
        if not unchanged:
            log.warning("%s was changed by hand: it is made again from %s", target, cfg.raw)
    log.info("Merging and cleaning %d files of %s", len(files), cfg.raw)
    films = enrich(merge_films(read_raw(files), file_genre=cfg.file_genre), read_crawled(crawl))
    table, counts = clean(films)
    with atomic_path(target) as temporary:
        table.to_csv(temporary, index=False, lineterminator="\n")
    log.info("Films: %s", ", ".join(f"{name} {count:,}" for name, count in counts.items()))
    write_json(manifest_file, {"depends": depends, "counts": counts, "sha256": file_sha256(target)})
    return target


def read_clean(file: Path) -> pd.DataFrame:
    """The clean table, every column as text, ordered by movie_id.

    Raises:
        UserError: when a column is missing, a film stands in two rows or no film is left.
    """
    table = read_table(file, CLEAN_COLUMNS)
    if table.empty:
        raise UserError(f"{file}: holds no film; every one was dropped by cleaning")
    twice = table["movie_id"][table["movie_id"].duplicated()]
    if len(twice):
        raise UserError(f"{file}: the film {twice.iloc[0]} stands in two rows; remove one")
    return table.sort_values("movie_id", ignore_index=True)
