"""A crawl against a provider on loopback."""

import logging
import socket
import time
from email.utils import formatdate

import pandas as pd
import pytest

from genre.config import compose
from genre.errors import UserError
from genre.imdb.crawl import crawl, read_crawled
from genre.imdb.crawl.cache import open_cache


def ids(number: int) -> list[str]:
    return [f"tt{index:07}" for index in range(number)]


def descriptions(place) -> dict[str, str]:
    return read_crawled(place.target).set_index("movie_id")["description"].to_dict()


def test_what_is_found_is_added_and_the_rest_remembered(place, serving, reply, settings_of) -> None:
    place.want("tt3", "tt1", "tt2", "tt9", "tt1")
    place.target.write_text("imdb_id,plot\ntt9,Its own.\ntt0,Of another film.\n")
    answers = {"tt1": reply.plot("One."), "tt2": reply.plot("N/A"), "tt3": reply(status=404), "tt9": reply(status=404)}
    with serving(lambda movie_id, _: answers[movie_id]) as provider:
        counts = crawl(*place.files, settings_of(provider.url))
        assert counts == {"known": 1, "from_cache": 0, "asked": 3, "found": 1, "missing": 2, "failed": 0}
        assert sorted(provider.ids) == ["tt1", "tt2", "tt3"]
        assert place.target.read_text() == (
            "movie_id,title,description,source\n"
            "tt0,,Of another film.,crawl\n"
            'tt1,"Film, tt1",One.,test\n'
            "tt9,,Its own.,crawl\n"
        )
        before = place.target.stat().st_mtime_ns
        again = crawl(*place.files, settings_of(provider.url))
        assert again == {"known": 2, "from_cache": 2, "asked": 0, "found": 0, "missing": 0, "failed": 0}
        assert len(provider.requests) == 3
        assert place.target.stat().st_mtime_ns == before
        place.target.unlink()  # a table that is lost is made again from the cache
        crawl(*place.files, settings_of(provider.url))
        assert descriptions(place) == {"tt1": "One."}
        assert provider.ids[3:] == ["tt9"]


def test_a_crawl_that_finds_nothing_leaves_an_empty_table(place, serving, reply, settings_of) -> None:
    place.want("tt1")
    with serving(lambda *_: reply(status=404)) as provider:
        crawl(*place.files, settings_of(provider.url))
    assert place.target.read_text() == "movie_id,title,description,source\n"


def test_each_fault_is_tried_again(place, serving, reply, settings_of) -> None:
    faults = {
        "tt1": reply(status=429, headers={"Retry-After": "0"}),
        "tt2": reply(status=429, headers={"Retry-After": formatdate(usegmt=True)}),
        "tt3": reply(status=500),
        "tt4": reply(body="<html>"),
        "tt5": reply(),
        "tt6": reply(hang_up=True),
        "tt7": reply.plot("Too late.", delay=1.0),
        "tt8": reply(body="not compressed", headers={"Content-Encoding": "gzip"}),
    }
    place.want(*faults)

    def answer(movie_id: str, before: int):
        return faults[movie_id] if before < 2 else reply.plot(f"Of {movie_id}.")

    with serving(answer) as provider:
        counts = crawl(*place.files, settings_of(provider.url, timeout=0.3))
        assert {movie_id: provider.ids.count(movie_id) for movie_id in faults} == dict.fromkeys(faults, 3)
    assert counts["found"] == 8
    assert descriptions(place) == {movie_id: f"Of {movie_id}." for movie_id in faults}


def test_an_answer_that_unpacks_to_more_than_any_plot_is_none(place, serving, reply, settings_of, caplog) -> None:
    place.want("tt1", "tt2")
    bomb = reply.plot("x" * 30_000_000, packed=True)  # 30 kB on the way
    with serving(lambda movie_id, _: bomb if movie_id == "tt1" else reply.plot("Two.", packed=True)) as provider:
        counts = crawl(*place.files, settings_of(provider.url, retries=0))
    assert (counts["found"], counts["failed"]) == (1, 1)
    assert descriptions(place) == {"tt2": "Two."}
    assert "1 films got no answer" in caplog.text


def test_failures_are_told_and_asked_again_next_time(place, serving, reply, settings_of, caplog) -> None:
    place.want(*ids(5))
    with serving(lambda movie_id, _: reply(status=500) if movie_id in ids(2) else reply.plot("x")) as provider:
        with caplog.at_level(logging.WARNING):
            counts = crawl(*place.files, settings_of(provider.url, retries=2))
        assert counts == {"known": 0, "from_cache": 0, "asked": 5, "found": 3, "missing": 0, "failed": 2}
        assert [record.getMessage() for record in caplog.records] == [
            "2 films got no answer from test; run again to ask for these"
        ]
        assert provider.ids.count("tt0000000") == 3
        provider.answer = lambda *_: reply.plot("y")
        del provider.requests[:]
        assert crawl(*place.files, settings_of(provider.url))["found"] == 2
        assert sorted(provider.ids) == ids(2)


def test_a_provider_out_of_reach_is_given_up_after_the_first_film(place, serving, reply, settings_of) -> None:
    place.want(*ids(1000))
    with serving(lambda *_: reply(hang_up=True)) as provider:
        with pytest.raises(UserError, match=r"127\.0\.0\.1 does not answer \(RemoteProtocolError\); check the network"):
            crawl(*place.files, settings_of(provider.url))
        assert len(provider.requests) <= 4 * 4  # workers, times first attempt and retries
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        port = closed_soon.getsockname()[1]
    with pytest.raises(UserError, match=r"does not answer \(ConnectError\)"):
        crawl(*place.files, settings_of(f"http://127.0.0.1:{port}/{{movie_id}}"))
    assert not place.target.exists()


def test_a_provider_that_breaks_down_is_given_up_after_twenty_films(place, serving, reply, settings_of) -> None:
    place.want(*ids(1000))

    def answer(movie_id: str, _: int):
        return reply.plot("x") if movie_id < "tt0000030" else reply(status=500)

    with serving(answer) as provider:
        with pytest.raises(UserError, match=r"does not answer \(HTTP 500\)"):
            crawl(*place.files, settings_of(provider.url, retries=0))
        assert 50 <= len(provider.requests) < 200  # some were on their way; how many depends on the machine
    assert len(descriptions(place)) == 30


def test_failures_here_and_there_do_not_end_a_crawl(place, serving, reply, settings_of) -> None:
    place.want(*ids(60))
    with serving(lambda movie_id, _: reply(status=500) if int(movie_id[2:]) % 2 else reply.plot("x")) as provider:
        counts = crawl(*place.files, settings_of(provider.url, retries=0, concurrency=1))
    assert (counts["found"], counts["failed"]) == (30, 30)


@pytest.mark.parametrize("status", [401, 200])
def test_a_used_up_quota_keeps_what_was_found(place, serving, reply, settings_of, status: int) -> None:
    place.want(*ids(100))
    used_up = reply(status=status, body='{"Response": "False", "Error": "Request limit reached!"}')
    with serving(lambda movie_id, _: reply.plot("x") if movie_id < "tt0000010" else used_up) as provider:
        with pytest.raises(UserError, match="test: the limit of requests is reached; what was found is kept") as caught:
            crawl(*place.files, settings_of(provider.url))
        assert len(provider.requests) <= 10 + 4
        found = descriptions(place)
        assert set(found) <= set(ids(10))
        assert len(found) >= 10 - 3  # what three other workers had under way
        assert "\n" not in str(caught.value)
    # another one: requests of before may still be on their way to the first
    with serving(lambda *_: reply.plot("y")) as provider:
        assert crawl(*place.files, settings_of(provider.url))["known"] == len(found)
        assert sorted(provider.ids) == [one for one in ids(100) if one not in found]


def test_a_wrong_key_ends_at_once(place, serving, reply, settings_of, monkeypatch) -> None:
    monkeypatch.setenv("TEST_KEY", "wrong")
    place.want(*ids(100))
    with serving(lambda *_: reply(status=401, body='{"Error": "Invalid API key!"}')) as provider:
        cfg = settings_of(provider.url, authorization="Bearer {key}", key_variable="TEST_KEY", key_page="https://host")
        with pytest.raises(UserError, match=r"test refuses the key in TEST_KEY \(HTTP 401\); get one at https://host"):
            crawl(*place.files, cfg)
        assert len(provider.requests) <= 4
        assert provider.requests[0].headers["Authorization"] == "Bearer wrong"


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (None, "set this environment variable to your key for test; get one at https://host, or take crawl=imdbapi"),
        (" ", "set this environment variable"),
        ("ä", "holds characters that no key has"),
    ],
)
def test_a_missing_key(place, settings_of, monkeypatch, key: str | None, told: str) -> None:
    monkeypatch.delenv("TEST_KEY", raising=False)
    if key:
        monkeypatch.setenv("TEST_KEY", key)
    place.want("tt1")
    cfg = settings_of("http://127.0.0.1:1/{movie_id}{key}", key_variable="TEST_KEY", key_page="https://host")
    with pytest.raises(UserError, match=told) as caught:
        crawl(*place.files, cfg)
    assert str(caught.value).startswith("TEST_KEY: ")
    assert "\n" not in str(caught.value)
    with open_cache(place.cache, "test") as cache:  # what is known already needs no key
        cache.keep("tt1", "One.")
    assert crawl(*place.files, cfg)["from_cache"] == 1
    assert descriptions(place) == {"tt1": "One."}


def test_no_more_requests_at_a_time_than_allowed(place, serving, reply, settings_of) -> None:
    place.want(*ids(60))
    with serving(lambda *_: reply.plot("x", delay=0.005)) as provider:
        crawl(*place.files, settings_of(provider.url, concurrency=3))
        assert provider.most_under_way == 3


def test_no_more_requests_a_second_than_allowed(place, serving, reply, settings_of) -> None:
    place.want(*ids(21))
    with serving(lambda *_: reply.plot("x")) as provider:
        begin = time.monotonic()
        crawl(*place.files, settings_of(provider.url, requests_per_second=50.0))
        assert time.monotonic() - begin >= 20 / 50  # a slow machine only makes it longer


def test_all_wait_when_the_provider_asks_for_a_pause(place, serving, reply, settings_of) -> None:
    place.want(*ids(20))
    asked_at = []

    def answer(movie_id: str, before: int):
        if movie_id != "tt0000000" or before:
            return reply.plot("x")
        asked_at.append(time.monotonic())
        return reply(status=429, headers={"Retry-After": "1"})

    with serving(answer) as provider:
        crawl(*place.files, settings_of(provider.url, concurrency=1, requests_per_second=100.0))
        assert all(request.at >= asked_at[0] + 1 for request in provider.requests[1:])
        assert len(provider.requests) == 21


@pytest.mark.parametrize("name", ["omdb", "tmdb", "imdbapi"])
def test_the_shipped_providers(name: str) -> None:
    cfg = compose("prepare", [f"crawl={name}"]).crawl
    assert cfg.provider == name
    assert cfg.url.startswith("https://")
    assert cfg.requests_per_second <= 20
    assert (cfg.key_variable is None) == ("{key}" not in f"{cfg.url}{cfg.authorization}")


@pytest.mark.parametrize(
    ("override", "told"),
    [
        ("crawl.url=https://host/", "a template such as"),
        ("crawl.url='ftp://host/{movie_id}'", "a template such as"),
        ("crawl.key_variable=null", "a {key} waits for it"),
        ("crawl.concurrency=0", "from 1 to 100"),
        ("crawl.requests_per_second=0", "above 0"),
        ("crawl.retries=-1", "0 or more"),
    ],
)
def test_settings_out_of_range(override: str, told: str) -> None:
    with pytest.raises(UserError, match=r"^crawl\.") as caught:
        compose("prepare", [override])
    assert told in str(caught.value)


def test_a_list_without_the_needed_columns(place, settings_of) -> None:
    place.to_crawl.write_text("film\nx\n")
    with pytest.raises(UserError, match="lacks the column 'movie_id'"):
        crawl(*place.files, settings_of("http://127.0.0.1:1/{movie_id}"))


def test_an_identifier_cannot_change_the_request(place, serving, reply, settings_of) -> None:
    place.want("tt1&i=tt2#x/..")
    with serving(lambda *_: reply.plot("x")) as provider:
        crawl(*place.files, settings_of(provider.url))
        assert provider.ids == ["tt1&i=tt2#x/.."]
    assert pd.read_csv(place.target)["movie_id"].tolist() == ["tt1&i=tt2#x/.."]
