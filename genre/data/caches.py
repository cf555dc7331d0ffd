"""What can be made again, kept in files: made where missing or damaged, and each time where none can be written."""

import errno
import logging
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

from genre.errors import one_line
from genre.files import atomic_path

log = logging.getLogger(__name__)

_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)
# what readers of arrays and texts raise for content that is not what was written there
_DAMAGED = (ValueError, KeyError, IndexError, EOFError, OSError, zipfile.BadZipFile)

Kind = TypeVar("Kind")


def kept(
    place: Path,
    make: Callable[[], Kind],
    write: Callable[[Path, Kind], object],
    read: Callable[[Path], Kind],
    new: Callable[[Path], AbstractContextManager[Path]] = atomic_path,
) -> Kind:
    """What is read at a place, made and written first where need be.

    Args:
        place: a file, or a folder.
        make: what belongs there.
        write: it to a new path.
        read: it; raises an error, such as ValueError, for what is not whole.
        new: `atomic_path` for a file, `new_folder` for a folder.
    """
    if place.exists():
        try:
            return read(place)
        except _DAMAGED as error:
            log.warning("%s is damaged (%s): it is made again", place, one_line(str(error)) or type(error).__name__)
    made = make()
    try:
        with new(place) as temporary:
            write(temporary, made)
    except OSError as error:
        if error.errno not in _READ_ONLY:
            raise
        log.info("%s cannot be written (%s): what it would keep is made each time", place, error.strerror)
        return made
    return read(place)
