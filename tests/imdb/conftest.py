"""Settings of data that are made of raw files."""

import pytest

from genre.config import DataConfig, compose


@pytest.fixture(scope="session")
def without_crawl() -> DataConfig:
    """The section `data` as it is, but for crawled texts; composed once."""
    data: DataConfig = compose("train", ["data.crawl=null"]).data
    return data
