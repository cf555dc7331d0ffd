"""Types of the settings of data: where labelled texts come from, how they are split, cut into tokens and batched."""

from dataclasses import dataclass
from typing import Any

from omegaconf import MISSING

from genre.config.schema.base import absolute, require, require_one_of, schema


@dataclass
class DataConfig:
    """What all sources have in common: which texts are read, how they are split, cut into tokens and batched."""

    _target_: str = MISSING
    dir: str = MISSING
    text: list[str] = MISSING
    unknown: str = MISSING
    corrections: str | None = MISSING
    size: float | None = MISSING
    val_share: float = MISSING
    test_share: float = MISSING
    split_seed: int = MISSING
    max_tokens: int = MISSING
    batch_size: int = MISSING
    epochs: int = MISSING

    def __post_init__(self) -> None:
        self.dir = absolute(self.dir)
        self.corrections = absolute(self.corrections) if self.corrections else None
        if self.size is not None:
            inside = 0 < self.size <= 1 or (self.size > 1 and float(self.size).is_integer())
            require(inside, "data.size", f"{self.size:g}", "a share above 0 and up to 1, or a number of films above 1")
            self.size = None if self.size == 1 else self.size  # a share of 1 is all
        require(bool(self.text), "data.text", self.text, "a list of at least one column")
        require(self.unknown in ("mask", "negative"), "data.unknown", self.unknown, "mask or negative")
        require(self.epochs >= 1, "data.epochs", self.epochs, "at least 1")
        require(0 < self.val_share < 1, "data.val_share", self.val_share, "between 0 and 1")
        require(0 < self.test_share < 1, "data.test_share", self.test_share, "between 0 and 1")
        require(self.split_seed >= 0, "data.split_seed", self.split_seed, "0 or more")
        require(8 <= self.max_tokens <= 10**6, "data.max_tokens", self.max_tokens, "from 8 to 1,000,000")
        require(self.batch_size >= 1, "data.batch_size", self.batch_size, "at least 1")


@dataclass
class RulesConfig:
    """Rules of cleaning, in their order: which of them apply."""

    unicode: bool = MISSING
    html: bool = MISSING
    source_tail: bool = MISSING
    placeholder: bool = MISSING
    cut_text: bool = MISSING
    too_short: bool = MISSING
    not_text: bool = MISSING
    no_genre: bool = MISSING
    duplicate: bool = MISSING
    near_duplicate: bool = MISSING


@schema("data/imdb")
@dataclass
class ImdbConfig(DataConfig):
    """The films of IMDb in the layout of the Kaggle set: where they lie and how they are cleaned."""

    _target_: str = "genre.imdb.ImdbSource"
    raw: str = MISSING
    source: str = MISSING
    crawl: str | None = MISSING
    file_genre: Any = MISSING  # true, false, or a list of genres
    whole_files: list[str] | None = MISSING
    cell_size: int | None = MISSING
    genres: list[str] | None = MISSING
    drop_genres: list[str] = MISSING
    min_chars: int = MISSING
    truncated: str = MISSING
    rules: RulesConfig = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        self.raw = absolute(self.raw)
        self.crawl = absolute(self.crawl) if self.crawl else None
        require(bool(self.source), "data.source", self.source, "a name")
        listed = isinstance(self.file_genre, list) and all(isinstance(genre, str) for genre in self.file_genre)
        rule = "true, false, or a list of genres"
        require(listed or isinstance(self.file_genre, bool), "data.file_genre", self.file_genre, rule)
        if self.cell_size is not None:
            require(self.cell_size >= 1, "data.cell_size", self.cell_size, "at least 1, or null for any number")
        require(self.genres != [], "data.genres", self.genres, "a list of at least one genre, or null for all")
        known = ("drop", "train", "keep")
        require_one_of("data.truncated", self.truncated, known)
        require(self.min_chars >= 1, "data.min_chars", self.min_chars, "at least 1")
        answer = sorted({"genres", "cells", "unknown"} & set(self.text))
        require(not answer, "data.text", self.text, f"without {', '.join(answer)}, the answer itself")
        told = ("title", "year", "description", "source", "movie_id")
        require(set(self.text) <= set(told), "data.text", self.text, f"a list of some of {', '.join(told)}")


@schema("data/table")
@dataclass
class TableConfig(DataConfig):
    """A table of one's own: its files and which of its columns mean what."""

    _target_: str = "genre.data.table.TableSource"
    file: str = MISSING
    val_file: str | None = MISSING
    test_file: str | None = MISSING
    id: str | None = MISSING
    split_column: str | None = MISSING
    labels_from: Any = MISSING  # a column, or a list of columns
    separator: str | None = MISSING
    unknown_mark: str | None = MISSING
    label_names: str | None = MISSING
    labels: list[str] | None = MISSING
    min_films: int = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        self.file = absolute(self.file)
        for setting in ("val_file", "test_file", "label_names"):
            path = getattr(self, setting)
            setattr(self, setting, absolute(path) if path else None)
        named = [self.labels_from] if isinstance(self.labels_from, str) else self.labels_from
        columns = isinstance(named, list) and named and all(isinstance(column, str) for column in named)
        require(bool(columns), "data.labels_from", self.labels_from, "a column, or a list of columns of 0 and 1")
        self.labels_from = named
        rule = "a mark where all labels stand in one column"
        require(self.unknown_mark != "" or len(named) > 1, "data.unknown_mark", '""', rule)
        answer = sorted(set(self.text) & set(named))
        require(not answer, "data.text", self.text, f"without {', '.join(answer)}, the answer itself")
        if len(named) > 1:
            for setting in ("separator", "label_names"):
                value = getattr(self, setting)
                require(value is None, f"data.{setting}", value, "null where each label has a column of 0 and 1")
        files = self.val_file or self.test_file
        require(
            not (self.split_column and files),
            "data.split_column",
            self.split_column,
            "null where validation or test rows have a file of their own",
        )
        few = self.labels is not None and len(set(self.labels)) < max(2, len(self.labels))
        require(not few, "data.labels", self.labels, "a list of at least two labels, each once, or null for all")
        require(self.min_films >= 1, "data.min_films", self.min_films, "at least 1")
