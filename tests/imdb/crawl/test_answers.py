"""What an answer says."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.config import CrawlConfig
from genre.errors import UserError
from genre.imdb.crawl.answers import Unanswered, lookup, plot_in

OMDB = CrawlConfig(
    provider="omdb",
    url="http://host/?i={movie_id}&apikey={key}",
    authorization=None,
    plot="Plot",
    error="Error",
    key_variable="OMDB_API_KEY",
    key_page="https://host/key",
    requests_per_second=1.0,
    concurrency=1,
    timeout=1.0,
    retries=0,
    backoff=0.0,
)


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("a", 1),
        ("b.c", "x"),
        ("b.d.1.e", "y"),
        ("b.d.0", "z"),
        ("b.d.2", None),
        ("b.d.-1", None),
        ("b.d.e", None),
        ("a.b", None),
        ("n.m", None),
        ("", None),
    ],
)
def test_places_in_an_answer(place: str, found: Any) -> None:
    answer = {"a": 1, "b": {"c": "x", "d": ["z", {"e": "y"}]}, "n": None}
    assert lookup(answer, place) == found


def test_a_plot_is_one_line() -> None:
    assert plot_in(200, b'{"Plot": " A storm\\r\\n\\tcomes.\\u00a0 \\rIt goes. "}', OMDB) == "A storm comes. It goes."


def test_a_plot_steers_no_terminal() -> None:
    assert (
        plot_in(200, rb'{"Plot": "A \u001b[31mred\u001b[0m\u0007 storm\u009b2J."}', OMDB) == "A [31mred [0m storm 2J."
    )


@pytest.mark.parametrize("text", ["=-2+3+cmd|' /C calc'!A0", '="a"&HYPERLINK("http://x.example")', "+hyperlink(A1)"])
def test_a_formula_is_no_plot(text: str) -> None:
    assert plot_in(200, json.dumps({"Plot": text}).encode(), OMDB) is None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, '{"Plot": "N/A"}'),
        (200, '{"Plot": ""}'),
        (200, '{"Plot": " \\n"}'),
        (200, '{"Plot": null}'),
        (200, "{}"),
        (200, '{"Response": "False", "Error": "Incorrect IMDb ID."}'),
        (200, '{"Response": "False", "Error": "Error getting data."}'),
        (404, "<html>"),
        (410, ""),
    ],
)
def test_what_a_provider_does_not_have(status: int, body: str) -> None:
    assert plot_in(status, body.encode(), OMDB) is None


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (200, b"", "no JSON object"),
        (200, b"<html>", "no JSON object"),
        (200, b'{"Plot": "A sto', "no JSON object"),
        (200, b"\xff\xfe\x00", "no JSON object"),
        (200, b"[" * 100_000, "no JSON object"),
        (200, b'["Plot"]', "no JSON object"),
        (200, b'"Plot"', "no JSON object"),
        (200, b'{"Plot": {"text": "x"}}', "Plot is no text"),
        (200, b'{"Plot": 7}', "Plot is no text"),
        (301, b"", "HTTP 301"),
        (400, b"{}", "HTTP 400"),
        (429, b'{"Plot": "x"}', "HTTP 429"),
        (500, b'{"Plot": "x"}', "HTTP 500"),
        (503, b"", "HTTP 503"),
    ],
)
def test_what_is_asked_again(status: int, body: bytes, told: str) -> None:
    with pytest.raises(Unanswered, match=told):
        plot_in(status, body, OMDB)


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (
            401,
            '{"Error": "Invalid API key!"}',
            "omdb refuses the key in OMDB_API_KEY (HTTP 401); get one at https://host",
        ),
        (403, "<html>", "omdb refuses the key in OMDB_API_KEY (HTTP 403)"),
        (401, '{"Error": "Request limit reached!"}', "omdb: the limit of requests is reached"),
        (200, '{"Response": "False", "Error": "Request limit reached!"}', "omdb: the limit of requests is reached"),
        (200, '{"Response": "False", "Error": "Invalid API key!"}', "omdb refuses the key"),
    ],
)
def test_what_ends_a_crawl(status: int, body: str, told: str) -> None:
    with pytest.raises(UserError) as caught:
        plot_in(status, body.encode(), OMDB)
    assert str(caught.value).startswith(told)
    assert "\n" not in str(caught.value)


def test_a_keyless_provider_that_refuses() -> None:
    cfg = CrawlConfig(**vars(OMDB) | {"url": "http://host/{movie_id}", "key_variable": None, "error": None})
    with pytest.raises(UserError, match="refuses the requests"):
        plot_in(403, b"", cfg)


@given(st.binary() | st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner)).map(json.dumps))
def test_no_answer_is_a_fault_of_the_program(body: bytes | str) -> None:
    with suppress(Unanswered):
        plot_in(200, body if isinstance(body, bytes) else body.encode(), OMDB)
