"""A reader who follows each page from top to bottom gets what it says."""

from pathlib import Path

import pytest

from genre.paths import PROJECT_ROOT
from tests.docs.pages import PAGES, blocks
from tests.docs.session import Session

RUN = [page for page in PAGES if any(block.language in ("console", "python") for block in blocks(page))]


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN, ids=lambda page: page.relative_to(PROJECT_ROOT).as_posix())
def test_a_page_is_followed(page: Path, tmp_path: Path, sample_products: Path) -> None:
    session = Session(tmp_path, sample_products, whole=page.name == "README.md")
    for block in blocks(page):
        if not block.reason:
            session.follow(block)
