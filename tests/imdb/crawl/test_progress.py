"""How far a crawl is."""

import io
import logging

import pytest
import rich
from rich.console import Console

from genre.imdb.crawl import progress as module
from genre.imdb.crawl.progress import progress


def test_lines_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(module, "_SECONDS_BETWEEN_LINES", 0)
    with caplog.at_level(logging.INFO), progress(1200, "omdb") as advance:
        advance()
        advance()
    first, second = (record.getMessage() for record in caplog.records)
    assert first.startswith("Crawling omdb: 1 of 1,200 films, ")
    assert second.startswith("Crawling omdb: 2 of 1,200 films, ")
    assert second.endswith(" min left")


def test_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(rich, "_console", Console(file=screen, force_terminal=True, width=100))
    with caplog.at_level(logging.INFO), progress(2, "omdb") as advance:
        advance()
        advance()
    assert "Crawling omdb" in screen.getvalue()
    assert "2/2" in screen.getvalue()
    assert "/s" in screen.getvalue()
    assert not caplog.records
