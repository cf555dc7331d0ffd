"""Types of the films' settings: cleaning, splitting, tokens, batches."""

from dataclasses import dataclass

from omegaconf import MISSING

from genre.config.schema.base import absolute, require


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


@dataclass
class DataConfig:
    """Films: where they come from, how they are split, cut into tokens and batched."""

    _target_: str = "genre.imdb.ImdbSource"
    raw: str = MISSING
    dir: str = MISSING
    crawl: str | None = MISSING
    file_genre: bool = MISSING
    genres: list[str] | None = MISSING
    drop_genres: list[str] = MISSING
    min_chars: int = MISSING
    keep_truncated: bool = MISSING
    rules: RulesConfig = MISSING
    text: list[str] = MISSING
    size: float | None = MISSING
    val_share: float = MISSING
    test_share: float = MISSING
    split_seed: int = MISSING
    max_tokens: int = MISSING
    batch_size: int = MISSING
    epochs: int = MISSING

    def __post_init__(self) -> None:
        self.raw, self.dir = absolute(self.raw), absolute(self.dir)
        self.crawl = absolute(self.crawl) if self.crawl else None
        require(self.genres != [], "data.genres", self.genres, "a list of at least one genre, or null for all")
        require(self.min_chars >= 1, "data.min_chars", self.min_chars, "at least 1")
        if self.size is not None:
            inside = 0 < self.size <= 1 or (self.size > 1 and float(self.size).is_integer())
            require(inside, "data.size", f"{self.size:g}", "a share above 0 and up to 1, or a number of films above 1")
        require(bool(self.text), "data.text", self.text, "a list of at least one column")
        require("genres" not in self.text, "data.text", self.text, "without genres, the answer itself")
        require(self.epochs >= 1, "data.epochs", self.epochs, "at least 1")
        require(0 < self.val_share < 1, "data.val_share", self.val_share, "between 0 and 1")
        require(0 < self.test_share < 1, "data.test_share", self.test_share, "between 0 and 1")
        require(self.split_seed >= 0, "data.split_seed", self.split_seed, "0 or more")
        require(self.max_tokens >= 8, "data.max_tokens", self.max_tokens, "at least 8")
        require(self.batch_size >= 1, "data.batch_size", self.batch_size, "at least 1")
