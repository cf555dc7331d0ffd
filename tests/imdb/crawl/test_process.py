"""A crawl as a process of its own: killed, interrupted, and searched for its key."""

import csv
import json
import os
import random
import shutil
import signal
import time
from email.utils import formatdate
from pathlib import Path
from urllib.parse import quote

import pytest

from genre.imdb.crawl.cache import open_cache
from tests.commands import Command

PROGRAM = '''"""Example."""
import json
import sys
from pathlib import Path

from genre.cli import entry_point


@entry_point("prepare")
def main(cfg):
    from genre.imdb.crawl import crawl

    print(json.dumps(crawl(Path("to_crawl.csv"), Path("crawl_data.csv"), Path("crawl_cache.sqlite"), cfg.crawl)))


if __name__ == "__main__":
    main()
'''
QUICK = ["crawl.requests_per_second=10000", "crawl.backoff=0.01"]


def start(place, *overrides: str, **environment: str) -> Command:
    folder = place.to_crawl.parent
    (folder / "program.py").write_text(PROGRAM)
    environment = os.environ | {"OMDB_API_KEY": "k"} | environment
    return Command(folder / "program.py", [*QUICK, *overrides], environment, cwd=folder)


def fate(movie_id: str) -> tuple[list[str], str]:
    """The faults that a film meets before its answer, and this: a text, `none` or `unknown`."""
    dice = random.Random(movie_id)
    faults = dice.sample(["429", "429 0", "429 date", "500", "503", "garbage", "nothing", "hang up", "late"], 3)
    number = dice.choices([0, 1, 2, 3], [70, 20, 7, 3])[0]
    text = f'The text, "full", of {movie_id}: a storm.'
    return faults[:number], dice.choices([text, "none", "unknown"], [80, 15, 5])[0]


def answer(reply, movie_id: str, before: int):
    """What film `movie_id` is answered when it was asked `before` times."""
    faults, outcome = fate(movie_id)
    if before < len(faults):
        return {
            "429": reply(status=429),
            "429 0": reply(status=429, headers={"Retry-After": "0"}),
            "429 date": reply(status=429, headers={"Retry-After": formatdate(usegmt=True)}),
            "500": reply(status=500),
            "503": reply(status=503, body="<html>"),
            "garbage": reply(body='{"Plot": "A sto'),
            "nothing": reply(),
            "hang up": reply(hang_up=True),
            "late": reply(body='{"Plot": "Too late."}', delay=2.5),
        }[faults[before]]
    if outcome == "unknown":
        return reply(status=404, body='{"Response": "False"}')
    slowly = 0.2 if movie_id.endswith("7") else 0
    return reply.plot("N/A" if outcome == "none" else outcome.replace(": ", ":\r\n"), delay=slowly)


def stored(place, folder: Path) -> set[str]:
    """Films in the cache that a killed process left, read from a copy: the next process shall mend the original."""
    folder.mkdir()
    for file in place.cache.parent.glob("crawl_cache.sqlite*"):
        shutil.copy(file, folder)
    with open_cache(folder / place.cache.name, "omdb") as cache:
        return set(cache.plots)


@pytest.mark.parametrize(
    ("films", "kills"),
    [(120, 2), pytest.param(2000, 0, marks=pytest.mark.slow), pytest.param(2000, 5, marks=pytest.mark.slow)],
)
def test_killed_and_started_again(place, serving, reply, record_property, films: int, kills: int) -> None:
    movie_ids = [f"tt{number:07}" for number in range(films)]
    place.want(*movie_ids)
    moments = random.Random(films)
    begin = time.monotonic()
    with serving(lambda movie_id, before: answer(reply, movie_id, before)) as provider:
        settings = [f"crawl.url={provider.url}", "crawl.concurrency=16", "crawl.timeout=2"]
        deaths = []  # what had been kept, and how many requests had been made
        for death in range(kills):
            process = start(place, *settings)
            enough = len(provider.requests) + moments.randrange(int(0.8 * films / kills))
            while len(provider.requests) <= enough:
                assert process.returncode is None
                time.sleep(0.001)
            time.sleep(moments.uniform(0, 0.05))
            process.kill()
            process.communicate()
            assert process.returncode == -signal.SIGKILL
            deaths.append((stored(place, place.cache.parent / f"death {death}"), len(provider.requests)))
        process = start(place, *settings)
        told, wrong = process.communicate(timeout=300)
        assert process.returncode == 0, wrong
        counts = json.loads(told)
        again = sum(len(kept.intersection(provider.ids[so_far:])) for kept, so_far in deaths)
        # an answer under way in the moment of a death is asked for again; nothing else is, but for the few that a busy
        # machine lets come too late
        lost = provider.served.total() - films
        figures = f"{time.monotonic() - begin:.1f} s, {len(provider.requests)} requests, {again} again, {lost} lost"
    record_property("figures", f"{figures}, kept at deaths: {[len(kept) for kept, _ in deaths]}, {counts}")
    assert counts["failed"] == 0
    assert counts["found"] + counts["missing"] + counts["from_cache"] == films
    assert again == 0
    assert 0 <= lost <= kills * 16 + films // 500
    with place.target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    texts = {movie_id: fate(movie_id)[1] for movie_id in movie_ids}
    assert rows == [
        ["movie_id", "title", "description", "source"],
        *([one, f"Film, {one}", text, "omdb"] for one, text in texts.items() if text not in ("none", "unknown")),
    ]


def test_ctrl_c_keeps_what_has_arrived(place, serving, reply) -> None:
    place.want(*(f"tt{number:07}" for number in range(1000)))
    with serving(lambda *_: reply.plot("A storm.", delay=0.02)) as provider:
        process = start(place, f"crawl.url={provider.url}")
        while len(provider.served) < 20:
            assert process.returncode is None
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert (process.returncode, told.strip()) == (130, "interrupted")
    kept = stored(place, place.cache.parent / "copy")
    assert 20 - 4 <= len(kept) < 1000
    assert len(place.target.read_text().splitlines()) == 1 + len(kept)


KEY = "S3cret-key/with+signs="
ECHO = json.dumps({"Response": "False", "Error": f"Invalid API key {KEY}!", "status_message": f"Invalid API key {KEY}"})


@pytest.mark.parametrize(("name", "reachable"), [("omdb", True), ("tmdb", True), ("omdb", False)])
def test_the_key_is_written_nowhere(place, serving, reply, name: str, reachable: bool) -> None:
    replies = {
        "tt1": reply(body=json.dumps({"Plot": "A storm.", "movie_results": [{"overview": "A storm."}]})),
        "tt2": reply(hang_up=True),
        "tt3": reply(status=301, headers={"Location": f"http://127.0.0.1:1/?apikey={quote(KEY, safe='')}"}),
        "tt4": reply(headers={"Content-Encoding": "gzip"}, body=ECHO),
        "tt5": reply(delay=2),
        "tt6": reply(status=401, body=ECHO),
    }
    place.want(*replies)
    with serving(lambda movie_id, _: replies[movie_id]) as provider:
        url = provider.url if reachable else "http://host.invalid:99999/?i={movie_id}"
        process = start(
            place,
            f"crawl={name}",
            f"crawl.url={url}" + ("&apikey={key}" if name == "omdb" else ""),
            "crawl.retries=1",
            "crawl.concurrency=1",
            "crawl.timeout=1",
            "hydra.verbose=true",  # every library's debugging output
            GENRE_DEBUG="1",
            PYTHONASYNCIODEBUG="1",
            OMDB_API_KEY=KEY,
            TMDB_API_TOKEN=KEY,
        )
        outputs = process.communicate(timeout=60)
    sent = [quote(KEY, safe="") in request.path or KEY in str(request.headers) for request in provider.requests]
    assert sent == [True] * (10 if reachable else 0)
    assert process.returncode == 2
    assert "Traceback" in outputs[1]
    assert outputs[1].splitlines()[-1].startswith(f"error: {name} refuses" if reachable else "error: host.invalid does")
    written = [file.read_bytes() for file in place.cache.parent.rglob("*") if file.is_file()]
    assert len(written) == (4 if reachable else 3)
    for text in [*(output.encode() for output in outputs), *written]:
        assert KEY.encode() not in text
        assert quote(KEY, safe="").encode() not in text
