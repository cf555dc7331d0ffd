"""Files and folders that are never half written, their fingerprints, and locks."""

import errno
import glob
import hashlib
import itertools
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from genre.errors import UserError

try:
    import fcntl
except ModuleNotFoundError:  # on Windows
    fcntl = None  # type: ignore[assignment]

_SCRATCH = ".making"  # in the names of files and folders that are being made
_SCRATCH_FILE = re.compile(rf"\..+\.[a-z0-9_]{{8}}{re.escape(_SCRATCH)}(\.[^.]*)?")
_LOCK = "lock"
_LARGE, _SWOLLEN = 256 * 2**20, 50  # bytes that arrays unpack to, and how many times as many as the file has
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # of a disk, a person's share of it, the largest file allowed
_RUST = re.compile(r"\(os error (\d+)\)$")
_NUMPY = re.compile(r"\d+ requested and \d+ written")
_looked_through: set[Path] = set()  # folders from which this process has removed what dead ones left


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; rename it to `path` when the block ends well.

    A process killed inside the block leaves the old file or none, never a part of the new one. Its temporary file goes
    when the next process writes into the folder.

    Raises:
        OSError: naming `path`, when there is no room for it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_what_dead_processes_left(path.parent)
    handle, temporary = _locked_file(path)
    try:
        with naming(path, temporary):
            yield temporary
        # mkstemp makes files private to their owner; products are as readable as any other file
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
        if handle is not None:
            os.close(handle)


@contextmanager
def naming(path: Path, temporary: Path | None = None) -> Iterator[None]:
    """Say of an error for want of room that it is `path` that was written in the block, or its temporary file.

    The system names no file that is open, and writers of arrays, weights and tokenizers have errors of their own.

    Raises:
        OSError: in place of such an error.
    """
    try:
        yield
    except Exception as error:
        code, named = _no_room(error), getattr(error, "filename", None)
        if code is None or named not in (None, str(temporary)):
            raise
        raise OSError(code, os.strerror(code), str(path)) from error


def _no_room(error: BaseException | None) -> int | None:
    """The system's code for a lack of room, if an error or the one that it came of means that."""
    while error is not None:
        code = error.errno if isinstance(error, OSError) else None
        if found := _RUST.search(str(error)):
            code = int(found[1])
        if isinstance(error, OSError) and _NUMPY.fullmatch(str(error)):
            code = errno.ENOSPC
        if code in _FULL:
            return code
        error = error.__cause__ or error.__context__
    return None


def _locked_file(path: Path) -> tuple[int | None, Path]:
    """An empty file beside `path`, and what holds its lock, which goes with this process; none on Windows."""
    while True:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=f"{_SCRATCH}{path.suffix}", dir=path.parent)
        if fcntl is None:
            os.close(handle)
            return None, Path(name)
        with suppress(OSError):  # where a file system has no locks, none is ever free either
            fcntl.flock(handle, fcntl.LOCK_EX)
        if Path(name).exists():  # else another process has just taken it for one that was left
            return handle, Path(name)
        os.close(handle)


def _remove_what_dead_processes_left(folder: Path) -> None:
    """Remove files that `atomic_path` made and whose lock is free, once for each folder."""
    if folder in _looked_through or fcntl is None:
        return
    _looked_through.add(folder)
    for left in folder.iterdir():
        if not _SCRATCH_FILE.fullmatch(left.name):
            continue
        with suppress(OSError):  # held, gone by now, or another person's
            handle = os.open(left, os.O_RDWR | os.O_NOFOLLOW)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                left.unlink()
            finally:
                os.close(handle)


def require_unswollen(file: Path) -> None:
    """Refuse an archive of arrays that would unpack to very much more than it is: few bytes can stand for gigabytes.

    Raises:
        ValueError: for such a one.
        zipfile.BadZipFile: for what is no archive.
    """
    with zipfile.ZipFile(file) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > max(_LARGE, _SWOLLEN * file.stat().st_size):
        raise ValueError(f"would unpack to {unpacked:,} bytes")


def output_file(path: Path) -> Path:
    """Where to write a file that a person names: a link's target, so that the link stays one.

    Raises:
        UserError: when something that is no file is there, such as a folder, a pipe or a device.
    """
    target = path.expanduser().resolve()
    if target.exists() and not target.is_file():
        raise UserError(f"{path}: is a folder, a pipe or a device; name a file, which is written whole or not at all")
    return target


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Yield an empty folder; when the block ends well it takes the place of `folder` and of all that is in it.

    Of two at once, the later one stays. What a killed process left is removed: folders made here whose lock is free.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left in folder.parent.glob(f".{glob.escape(folder.name)}.*{_SCRATCH}"):
        if (left / _LOCK).is_file() and not is_held(left / _LOCK):
            shutil.rmtree(left, ignore_errors=True)  # another process may be at it as well
    with (
        tempfile.TemporaryDirectory(prefix=f".{folder.name}.", suffix=_SCRATCH, dir=folder.parent) as scratch,
        held(Path(scratch) / _LOCK, f"{scratch}: is held by another process"),
    ):
        new = Path(scratch) / "new"
        new.mkdir()
        with naming(folder):
            yield new
        for number in itertools.count():
            with suppress(FileNotFoundError):
                folder.rename(Path(scratch) / f"old{number}")
            try:
                new.rename(folder)
                break
            except OSError as error:
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):  # by another process, just now
                    raise


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8, whole or not at all."""
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: Path, value: Any) -> None:
    """Write `value` as indented JSON, whole or not at all; NaN and infinity are refused."""
    write_text(path, json_text(value))


def json_text(value: Any) -> str:
    """`value` as indented JSON; NaN and infinity are refused."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


@contextmanager
def held(lock_file: Path, refusal: str) -> Iterator[None]:
    """Hold a lock, which goes with the process however it ends.

    Raises:
        UserError: with the text `refusal`, when another process holds it.
    """
    lock = FileLock(lock_file)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise UserError(refusal) from None
    try:
        yield
    finally:
        lock.release()


def is_held(lock_file: Path) -> bool:
    """Whether a process holds the lock now."""
    try:
        with FileLock(lock_file, timeout=0):
            return False
    except Timeout:
        return True


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def short_hash(value: Any) -> str:
    """First ten hexadecimal digits of the SHA-256 of `value` as canonical JSON."""
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:10]
