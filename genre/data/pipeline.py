"""Stages of a pipeline: each is run again only when something that it depends on changed."""

import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from genre.console import duration
from genre.errors import UserError
from genre.files import file_sha256, is_held, short_hash, write_json

log = logging.getLogger(__name__)

Counts = dict[str, int]
MANIFEST = "manifest.json"  # beside the products


@dataclass(frozen=True)
class Stage:
    """One step of the pipeline.

    Attributes:
        name: as the person calls it.
        inputs: files that must be there.
        optional: files that count if they are there.
        outputs: files that it writes, in the folder of the manifest. A later stage may write one of them anew.
        settings: what its result depends on beside the files.
        code: files and folders of the program that its result depends on.
        run: does it, and counts what it did; with a count `failed` above 0 it is run again next time.
    """

    name: str
    inputs: Sequence[Path]
    optional: Sequence[Path]
    outputs: Sequence[Path]
    settings: dict[str, Any]
    code: Sequence[Path]
    run: Callable[[], Counts]


class Pipeline:
    """Stages in their order, and the manifest of what was made by which of them.

    Attributes:
        made: SHA-256 of each product as `run` left it; another process may make other ones as soon as it has ended.

    Args:
        folder: of the products and of the manifest.
        stages: in the order in which they run.
    """

    def __init__(self, folder: Path, stages: Sequence[Stage]) -> None:
        self.folder = folder
        self.stages = stages
        self.made: dict[str, str] = {}
        self._manifest_file = folder / MANIFEST

    def run(self, names: Sequence[str]) -> list[str]:
        """Run the named stages, skipping those for which nothing changed.

        Returns:
            Names of the stages that were skipped.

        Raises:
            UserError: when a file is missing or broken, or whatever a stage finds wrong.
        """
        with self._alone():
            manifest = self._read_manifest()
            chosen = [stage for stage in self.stages if stage.name in names]
            for stage in chosen:
                self._check_inputs(stage, names, manifest)
            skipped = [stage.name for stage in chosen if not self._run_stage(stage, manifest)]
            self.made = {name: product["sha256"] for name, product in manifest["products"].items()}
            return skipped

    def _check_inputs(self, stage: Stage, names: Sequence[str], manifest: dict[str, Any]) -> None:
        """Refuse an input that is missing, or that a stage which does not run now made with other settings."""
        for file in stage.inputs:
            makers = [maker for maker in self.stages if file in maker.outputs]
            if any(maker.name in names for maker in makers):
                continue
            if not file.exists():
                hint = f"run the stage {makers[0].name} first" if makers else "check the path"
                raise UserError(f"stage {stage.name}: {file} is missing; {hint}")
            for maker in makers:
                record = manifest["stages"].get(maker.name)
                if record is not None and record["depends"]["settings"] != maker.settings:
                    raise UserError(
                        f"stage {stage.name}: {file} was made by the stage {maker.name} with other settings; "
                        f"run that stage too, or give its settings again"
                    )

    def _run_stage(self, stage: Stage, manifest: dict[str, Any]) -> bool:
        depends = {
            "inputs": [[file.name, self._sha256(file, manifest)] for file in (*stage.inputs, *stage.optional)],
            "settings": stage.settings,
            "code": _code_hash(stage.code),
        }
        if self._nothing_to_add(stage, manifest) or self._up_to_date(stage, depends, manifest):
            return False
        started = time.monotonic()
        counts = stage.run()
        for file in stage.outputs:
            manifest["files"].pop(str(file), None)
            manifest["products"][file.name] = {"sha256": self._sha256(file, manifest), "stage": stage.name}
        seconds = round(time.monotonic() - started, 2)
        finished = datetime.now(UTC).isoformat(timespec="seconds")
        record = {"depends": depends, "counts": counts, "seconds": seconds, "finished": finished}
        manifest["stages"][stage.name] = record
        write_json(self._manifest_file, manifest)
        told = ", ".join(f"{name} {n:,}" for name, n in counts.items())
        log.info("%s: %s (%s)", stage.name, told, duration(seconds))
        return True

    def _nothing_to_add(self, stage: Stage, manifest: dict[str, Any]) -> bool:
        """Whether the stage adds its optional files to an earlier stage's products, and none of them is there."""
        if not stage.optional or any(file.exists() for file in stage.optional):
            return False
        earlier = {known.name for known in self.stages[: self.stages.index(stage)]}
        products = manifest["products"]
        return all(
            file.is_file() and file.name in products and products[file.name]["stage"] in earlier
            for file in stage.outputs
        )

    def _up_to_date(self, stage: Stage, depends: dict[str, Any], manifest: dict[str, Any]) -> bool:
        record = manifest["stages"].get(stage.name)
        if record is None or record["depends"] != depends or record["counts"].get("failed"):
            return False
        order = [known.name for known in self.stages]
        for file in stage.outputs:
            product = manifest["products"].get(file.name)
            if product is None or not file.is_file():
                return False
            if self._sha256(file, manifest) != product["sha256"]:
                log.warning("%s was changed by hand: it is made again", file)
                return False
            # written last by an earlier stage: what this one adds to it is missing
            if order.index(product["stage"]) < order.index(stage.name):
                return False
        return True

    def _sha256(self, file: Path, manifest: dict[str, Any]) -> str | None:
        """Hash of a file, or None if there is none; known from before where size and time of change are the same."""
        if not file.exists():
            return None
        status = file.stat()
        stamp = [status.st_size, status.st_mtime_ns]
        known = manifest["files"].get(str(file))
        if known is None or known["stamp"] != stamp:
            manifest["files"][str(file)] = known = {"stamp": stamp, "sha256": file_sha256(file)}
        return str(known["sha256"])

    def _read_manifest(self) -> dict[str, Any]:
        empty: dict[str, Any] = {"stages": {}, "products": {}, "files": {}}
        if not self._manifest_file.is_file():
            return empty
        try:
            manifest: Any = json.loads(self._manifest_file.read_text(encoding="utf-8"))
        except ValueError:
            manifest = None
        sound = isinstance(manifest, dict) and manifest.keys() == empty.keys()
        if not sound or not all(isinstance(part, dict) for part in manifest.values()):
            log.warning("%s is of another version or damaged: every stage runs again", self._manifest_file)
            return empty
        return dict(manifest)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep a second process from writing the same products; it waits until this one has finished."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not os.access(self.folder, os.W_OK):  # finished and shared: nobody who reads it here changes it
            yield
            return
        lock_file = self.folder / ".lock"
        if is_held(lock_file):
            log.info("Waiting for another process that prepares %s", self.folder)
        with FileLock(lock_file):
            yield


def _code_hash(paths: Sequence[Path]) -> str:
    files = [file for path in paths for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])]
    return short_hash([file_sha256(file) for file in files])
