"""Limits on what a table may be."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from genre.data import tables
from genre.data.formats import json_lines
from genre.data.rows import open_rows
from genre.data.tables import table_rows
from genre.errors import UserError


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("t.csv", table_rows),
        ("t.tsv", table_rows),
        ("t.jsonl", json_lines),
        ("t.txt", lambda file: open_rows(str(file), "text").rows()),
    ],
)
def test_a_line_that_never_ends_is_not_read_to_its_end(
    name: str, read: Callable[[Path], Iterable[object]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "LONGEST_LINE", 40)
    file = tmp_path / name
    line = '{"text": "short"}\n' if name.endswith("jsonl") else "text\n"
    file.write_text(line + f'{{"text": "{"x" * 27}"}}\n')  # of 40 characters, its end among them
    assert len(list(read(file))) == 2
    file.write_text(line + "x" * 41 + "\n")
    with pytest.raises(UserError, match=rf"{name}, line 2: has more than 40 characters; rows end with a line break$"):
        list(read(file))
