"""Broken and hostile raw files: one clear line that names the file, and products that stay as they were."""

import gzip
import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from genre.config import DataConfig
from genre.errors import UserError
from genre.imdb.prepare import clean_table
from genre.imdb.source import read_clean

COLUMNS = "movie_id,movie_name,year,genre,description"
GOOD = "t8,A ferry,1950,Drama,A ferryman carries a stranger across.\n"
TEXT = f"{COLUMNS}\n{GOOD}"


@pytest.fixture
def data(without_crawl: DataConfig, tmp_path: Path) -> DataConfig:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "drama.csv").write_text(
        f"{COLUMNS}\nt1,A,1950,Drama,A long walk into town.\nt2,B,1951,War,Another walk out of it.\n"
    )
    return replace(without_crawl, raw=str(tmp_path / "raw"), dir=str(tmp_path / "out"))


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("war.csv", TEXT)
    return buffer.getvalue()


def parquet() -> bytes:
    buffer = io.BytesIO()
    pd.DataFrame({"movie_id": ["t1"]}).to_parquet(buffer)
    return buffer.getvalue()


CONTENTS: dict[str, tuple[bytes | str, str]] = {
    # nothing to read
    "empty file": (b"", "is empty"),
    "blank lines only": ("\n\n\n", "is empty"),
    "zero rows": (COLUMNS + "\n", "holds a header and no films"),
    "no header": (GOOD, "lacks the column 'movie_id'"),
    # no text
    "utf-16": (TEXT.encode("utf-16"), "is UTF-16; save the file as UTF-8"),
    "utf-16 big-endian": (b"\xfe\xff" + TEXT.encode("utf-16-be"), "is UTF-16"),
    "utf-16 without mark": (TEXT.encode("utf-16-le"), "NUL bytes"),
    "utf-32": (TEXT.encode("utf-32"), "is UTF-16|NUL bytes"),
    "latin-1": (TEXT.replace("ferryman", "f\xe9rryman").encode("latin-1"), "line 2: is not UTF-8"),
    "half a character": (TEXT.encode()[:-1] + b"\xc3\n", "line 2: is not UTF-8"),
    "lone surrogate": (TEXT.encode() + b"t9,\xed\xa0\x80,1950,Drama,x\n", "line 3: is not UTF-8"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "NUL bytes|not UTF-8"),
    "zip": (zipped(), "NUL bytes|not UTF-8"),
    "gzip": (gzip.compress(TEXT.encode()), "NUL bytes|not UTF-8"),
    "parquet": (parquet(), "NUL bytes|not UTF-8"),
    "NUL byte in a cell": (TEXT.replace("ferryman", "ferry\0man"), "NUL bytes"),
    "NUL byte far into the file": (
        TEXT + GOOD.replace("t8", "t9") * 100 + "t10,A,1950,Drama,A\0B\n",
        "line 103: holds a NUL byte",
    ),
    "web page": ("<!DOCTYPE html><html><body>Sign in</body></html>", "is a web page"),
    "web page without doctype": ("\n <HTML><head></head></HTML>", "is a web page"),
    "xml": ('<?xml version="1.0"?><films/>', "is a web page"),
    "very many columns": (
        ",".join(f"c{place}" for place in range(5000)),
        "lacks the column 'movie_id'; .* c29 and 4,970 more$",
    ),
    "json": ('[{"movie_id": "t1", "genre": "Drama"}]', "lacks the column 'movie_id'"),
    # wrong table
    "semicolons": (TEXT.replace(",", ";"), "separated by semicolons"),
    "tabs": (TEXT.replace(",", "\t"), "separated by tabs"),
    "bars": (TEXT.replace(",", "|"), "separated by bars"),
    "missing column": (TEXT.replace(",description", ",plot"), "lacks the column 'description'"),
    "column of another case": (TEXT.replace("movie_id", "Movie_ID"), "lacks the column 'movie_id'"),
    "column twice": (TEXT.replace(",year,", ",genre,"), "lacks the column 'year'|has two columns 'genre'"),
    "needed column twice": (
        TEXT.replace("movie_id,", "movie_id,movie_id,").replace("t8,", "t8,t8,"),
        "has two columns 'movie_id'",
    ),
    "header again": (TEXT + COLUMNS + "\n" + GOOD, "line 3: the header stands there again"),
    # broken rows
    "cut in a row": (TEXT + "t9,A bridge,19", "line 3: 3 cells where the header has 5"),
    "cut in a quoted cell": (TEXT + 't9,A bridge,1950,"Drama, Wa', "line 3: the file ends inside a quoted cell"),
    "unclosed quote": (TEXT + 't9,A,1950,Drama,"open\n' + GOOD, "ends inside a quoted cell"),
    "text after a quote": (TEXT + 't9,A,1950,"Drama" War,x\n', "line 3: broken quoting"),
    "too many cells": (TEXT + "t9,A,1950,Drama, War,x\n", "line 3: 6 cells where the header has 5"),
    "too few cells": (TEXT + "t9,A,1950,Drama\n", "line 3: 4 cells where the header has 5"),
    "cell of 10 MB": (TEXT + f"t9,A,1950,Drama,{'x' * 10_000_000}\n", "a cell of more than 1,000,000 characters"),
    "quote opened far away": (TEXT + 't9,A,1950,Drama,"' + GOOD * 50_000, "is a closing quote missing before it"),
    # broken content
    "no movie_id": (TEXT + ",A,1950,Drama,x\n", "line 3: '' is no movie_id"),
    "address for a movie_id": (TEXT + "../../t9,A,1950,Drama,x\n", "line 3: '../../t9' is no movie_id"),
    "genre that is none": (TEXT + 't9,A,1950,"Drama, Dance",x\n', "line 3: genre cell 'Drama, Dance': 'Dance' is no"),
    "shifted columns": (TEXT + "t9,1950,Drama,A title,x\n", "line 3: genre cell 'A title'"),
    "formula for a movie_id": (TEXT + "=1+1,A,1950,Drama,x\n", "line 3: '=1\\+1' is no movie_id"),
    "formula for a title": (TEXT + 't9,"=HYPERLINK(""http://x.example"")",1950,Drama,x\n', "a spreadsheet's formula"),
    "formula for a description": (TEXT + "t9,A,1950,Drama,@SUM(A1:A9)*cmd\n", "line 3: .* a spreadsheet's formula"),
    "formula behind a sign": (TEXT + "t9,=-2+3+cmd|' /C calc'!A0,1950,Drama,x\n", "a spreadsheet's formula"),
    "formula behind a text": (TEXT + 't9,A,1950,Drama,"=""a""&HYPERLINK(""x"")"\n', "a spreadsheet's formula"),
    "formula in small letters": (TEXT + 't9,A,1950,Drama,"+hyperlink(A1)"\n', "a spreadsheet's formula"),
    "command for a spreadsheet": (TEXT + "t9,A,1950,Drama,=cmd|' /C calc'!A0\n", "a spreadsheet's formula"),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_a_broken_file_is_named_and_products_stay(data: DataConfig, name: str) -> None:
    content, message = CONTENTS[name]
    check_refused(
        data, lambda file: file.write_bytes(content if isinstance(content, bytes) else content.encode()), message
    )


def loop(file: Path) -> None:
    file.symlink_to(file)


def long_loop(file: Path) -> None:
    file.symlink_to(file.with_suffix(".b"))
    file.with_suffix(".b").symlink_to(file)


OBJECTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "folder": (lambda file: file.mkdir(), "is a folder"),
    "link to a folder": (lambda file: file.symlink_to(file.parent), "is a folder"),
    "link to nothing": (lambda file: file.symlink_to("gone.csv"), "is a link to nothing"),
    "link to itself": (loop, "symbolic links"),
    "links in a circle": (long_loop, "symbolic links"),
    "pipe that nobody fills": (os.mkfifo, "is no ordinary file"),
    "device": (lambda file: file.symlink_to("/dev/zero"), "is no ordinary file"),
}


@pytest.mark.parametrize("name", OBJECTS)
def test_what_is_no_file_is_named(data: DataConfig, name: str) -> None:
    make, message = OBJECTS[name]
    check_refused(data, make, message)


def check_refused(data: DataConfig, make: Callable[[Path], object], message: str) -> None:
    clean_table(data)
    before = {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in Path(data.dir).iterdir()}
    make(Path(data.raw) / "war.csv")
    with pytest.raises(UserError, match=message) as caught:
        clean_table(data)
    assert "war.csv" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600
    assert {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in Path(data.dir).iterdir()} == before


def test_there_are_forty_kinds() -> None:
    assert len(CONTENTS) + len(OBJECTS) >= 40


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(("\ufeff" + TEXT).encode(), id="byte order mark"),
        pytest.param(TEXT.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(TEXT.replace("\n", "\r").encode(), id="CR"),
        pytest.param(TEXT.rstrip().encode(), id="no line break at the end"),
        pytest.param(TEXT.replace("\n", "\n\n").encode(), id="blank lines"),
        pytest.param(TEXT.replace(",year", ", year ").encode(), id="spaces around a column's name"),
        pytest.param(TEXT.replace("A ferry,", '"A\nferry",').encode(), id="line break in a cell"),
    ],
)
def test_variants_of_a_sound_file_are_read(data: DataConfig, content: bytes) -> None:
    (Path(data.raw) / "war.csv").write_bytes(content)
    film = read_clean(clean_table(data).file).set_index("movie_id").loc["t8"]
    assert film[["title", "year", "description"]].tolist() == [
        "A ferry",
        "1950",
        "A ferryman carries a stranger across.",
    ]


def test_words_that_only_look_like_formulas_are_titles(data: DataConfig) -> None:
    rows = "t9,=Love,1950,Drama,-In Oslo a cook finds a letter.\nt10,+1,1951,Drama,@night an owl (old) hunts.\n"
    rows += "t11,@Suicide(room),1950,Drama,-Help! A man is lost at sea.\n"
    (Path(data.raw) / "war.csv").write_text(TEXT + rows)
    assert {"t9", "t10", "t11"} <= set(read_clean(clean_table(data).file)["movie_id"])


def test_a_raw_folder_that_is_a_file_is_told(data: DataConfig, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UserError, match="no CSV files there"):
        clean_table(replace(data, raw=str(tmp_path / "file")))
