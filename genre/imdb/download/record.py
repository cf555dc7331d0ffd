"""`downloads.json`: what was fetched, from where, its size, its SHA-256 and when."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from genre.errors import UserError
from genre.files import file_sha256, write_json


def facts(file: Path) -> dict[str, Any]:
    """Size in bytes and SHA-256 of a file."""
    return {"size": file.stat().st_size, "sha256": file_sha256(file)}


class Record:
    """The record of one folder, as it stands on disk.

    Raises:
        UserError: when the file is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / "downloads.json"
        try:
            self.entries: dict[str, dict[str, Any]] = (
                json.loads(self.file.read_text(encoding="utf-8")) if self.file.is_file() else {}
            )
        except ValueError as error:
            raise UserError(f"{self.file}: is damaged; remove it, and the files beside it are checked anew") from error

    def add(self, source: str, files: dict[str, Path]) -> None:
        """Record files of a source.

        Args:
            source: the page that they come from.
            files: name in the folder -> the file whose content it has or will have.
        """
        when = datetime.now(UTC).isoformat(timespec="seconds")
        self.entries |= {name: {"source": source, **facts(file), "downloaded": when} for name, file in files.items()}
        write_json(self.file, self.entries)

    def matches(self, name: str) -> bool:
        """Whether the file `name` is there with the recorded content."""
        file, entry = self.file.parent / name, self.entries[name]
        # the size first: it is known without reading
        return file.is_file() and file.stat().st_size == entry["size"] and file_sha256(file) == entry["sha256"]
