"""Types of the settings of download, preparation and exploration."""

from dataclasses import dataclass

from omegaconf import MISSING

from genre.config.schema.base import CommandConfig, PathsConfig, absolute, require, schema
from genre.config.schema.data import DataConfig

STAGES = ("merge", "clean", "crawl_list", "crawl", "enrich", "lemmatise", "conllu")


@schema("crawl")
@dataclass
class CrawlConfig:
    """A provider of plot descriptions that answers JSON over HTTP."""

    provider: str = MISSING
    url: str = MISSING
    authorization: str | None = MISSING
    plot: str = MISSING
    error: str | None = MISSING
    key_variable: str | None = MISSING
    key_page: str | None = MISSING
    requests_per_second: float = MISSING
    concurrency: int = MISSING
    timeout: float = MISSING
    retries: int = MISSING
    backoff: float = MISSING

    def __post_init__(self) -> None:
        require(bool(self.provider), "crawl.provider", self.provider, "a name")
        template = self.url.startswith(("http://", "https://")) and "{movie_id}" in self.url
        require(template, "crawl.url", self.url, "a template such as https://host/films/{movie_id}")
        if "{key}" in f"{self.url} {self.authorization}":
            require(bool(self.key_variable), "crawl.key_variable", self.key_variable, "set: a {key} waits for it")
        require(bool(self.plot), "crawl.plot", self.plot, "the place of the plot in the answer, such as movie.plot")
        require(self.requests_per_second > 0, "crawl.requests_per_second", self.requests_per_second, "above 0")
        require(1 <= self.concurrency <= 100, "crawl.concurrency", self.concurrency, "from 1 to 100")
        require(self.timeout > 0, "crawl.timeout", self.timeout, "above 0 seconds")
        require(self.retries >= 0, "crawl.retries", self.retries, "0 or more")
        require(self.backoff >= 0, "crawl.backoff", self.backoff, "0 or more seconds")


@dataclass
class LemmatiserConfig:
    """What every lemmatiser has in common."""

    _target_: str = MISSING


@schema("lemmatiser/light")
@dataclass
class LightConfig(LemmatiserConfig):
    _target_: str = "genre.linguistics.LightLemmatiser"


@schema("lemmatiser/nltk")
@dataclass
class NLTKConfig(LemmatiserConfig):
    _target_: str = "genre.linguistics.NLTKLemmatiser"


@schema("lemmatiser/spacy")
@dataclass
class SpacyConfig(LemmatiserConfig):
    _target_: str = "genre.linguistics.SpacyLemmatiser"
    model: str = MISSING


@schema("prepare")
@dataclass
class PrepareConfig(CommandConfig):
    """Settings of `scripts/prepare.py`."""

    stages: list[str] = MISSING
    processes: int | None = MISSING
    paths: PathsConfig = MISSING
    data: DataConfig = MISSING
    crawl: CrawlConfig = MISSING
    lemmatiser: LemmatiserConfig = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        unknown = [stage for stage in self.stages if stage not in STAGES]
        require(bool(self.stages) and not unknown, "stages", self.stages, f"a list of some of {', '.join(STAGES)}")
        if self.processes is not None:
            require(self.processes >= 1, "processes", self.processes, "at least 1, or null for one per core")


@schema("download")
@dataclass
class DownloadConfig(CommandConfig):
    """Settings of `scripts/download.py`: what to fetch, from where, into which folder."""

    folder: str = MISSING
    kaggle: bool = MISSING
    crawl_data: bool = MISSING
    clean_data: bool = MISSING
    conllu_data: bool = MISSING
    nltk: bool = MISSING
    timeout: float = MISSING
    paths: PathsConfig = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        self.folder = absolute(self.folder)
        wanted = self.kaggle or self.crawl_data or self.clean_data or self.conllu_data or self.nltk
        require(wanted, "kaggle, crawl_data, clean_data, conllu_data, nltk", "false", "true for at least one")
        require(self.timeout > 0, "timeout", self.timeout, "above 0 seconds")


@schema("explore")
@dataclass
class ExploreConfig(CommandConfig):
    """Settings of `scripts/explore.py`."""

    which: str = MISSING
    output: str = MISSING
    paths: PathsConfig = MISSING
    data: DataConfig = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.which in ("raw", "clean"), "which", self.which, "raw or clean")
        self.output = absolute(self.output)
