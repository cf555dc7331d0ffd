"""What an offline W&B run keeps, read from its file: W&B's records in blocks as LevelDB writes its logs."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wandb.proto.wandb_internal_pb2 import Record

from genre.runs import flatten

_HEADER, _BLOCK, _HEAD = 7, 32768, 7  # bytes: of the file, of a block, of a chunk
_LAST = (1, 4)  # kinds of chunks that end a record


class OfflineRun:
    """One part of a W&B run: what one process wrote.

    Attributes:
        path: its folder.
        records: all of them, by kind, as W&B's messages.
        run: how it was opened.
        exit_code: how it was closed.
        config: as it was in the end.
        history: the rows.
        summary: as it was in the end.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self.records = _finished(folder)
        self.run = self.records["run"][0]
        self.exit_code = self.records["exit"][0].exit_code
        started = [run.config for run in self.records["run"]]
        self.config = _updated([*started, *self.records.get("config", [])])
        self.summary = _updated(self.records.get("summary", []))
        self.history = [
            {".".join(_keys(item)): json.loads(item.value_json) for item in row.item}
            for row in self.records.get("history", [])
        ]

    @property
    def settings(self) -> dict[str, Any]:
        """The config by dotted names, without what W&B adds."""
        return flatten({key: value for key, value in self.config.items() if key != "_wandb"})

    @property
    def curves(self) -> set[str]:
        """Names of the numbers in the history, without W&B's own."""
        numbers = {key for row in self.history for key, value in row.items() if isinstance(value, int | float)}
        return {key for key in numbers if not key.startswith("_") and "." not in key}

    def table(self, name: str) -> dict[str, Any]:
        """Columns and rows of a logged table."""
        file = self.path / "files" / self.summary[name]["path"]
        table: dict[str, Any] = json.loads(file.read_text())
        return table


def offline_runs(folder: Path) -> list[OfflineRun]:
    """What W&B kept in the folder of a run, one for each part, in their order."""
    return sorted(
        map(OfflineRun, (folder / "wandb").glob("offline-run-*")), key=lambda read: read.run.start_time.ToNanoseconds()
    )


def _finished(folder: Path) -> dict[str, list[Any]]:
    """All records by kind, once the last one is there: W&B's own process may write it after the run's has gone on."""
    (file,) = folder.glob("*.wandb")
    deadline = time.monotonic() + 60
    while True:
        found: dict[str, list[Any]] = {}
        for record in _records(file.read_bytes()):
            kind = str(record.WhichOneof("record_type"))
            found.setdefault(kind, []).append(getattr(record, kind))
        if "exit" in found or time.monotonic() > deadline:
            return found
        time.sleep(0.05)


def _records(content: bytes) -> Iterator[Record]:
    place, parts = _HEADER, b""
    while place < len(content):
        left = _BLOCK - place % _BLOCK
        if left < _HEAD:  # too little for another chunk
            place += left
            continue
        length, kind = int.from_bytes(content[place + 4 : place + 6], "little"), content[place + 6]
        place += _HEAD
        parts += content[place : place + length]
        place += length
        if kind in _LAST:
            yield Record.FromString(parts)
            parts = b""


def _updated(changes: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in (item for change in changes for item in change.update):
        *sections, name = _keys(item)
        inner = found
        for section in sections:
            inner = inner.setdefault(section, {})
        inner[name] = json.loads(item.value_json)
    return found


def _keys(item: Any) -> list[str]:
    return list(item.nested_key) or [item.key]
