"""What several jobs print at once, so that each line says whose it is."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


@contextmanager
def labelled(label: str) -> Iterator[None]:
    """Put a label before each line of standard output and standard error; a line is written once it is whole."""
    streams = sys.stdout, sys.stderr
    ours = [_Labelled(stream, label) for stream in streams]
    sys.stdout, sys.stderr = ours
    try:
        yield
    finally:
        for stream in ours:
            if stream.rest:
                stream.write("\n")
        sys.stdout, sys.stderr = streams


class _Labelled(io.TextIOBase):
    """A stream for one of several processes that write to the same place.

    Args:
        stream: to write to.
        label: of each line.

    Attributes:
        rest: of a line that has begun.
    """

    def __init__(self, stream: TextIO, label: str) -> None:
        self.stream, self.label, self.rest = stream, label, ""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """Of the stream."""
        return self.stream.encoding

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, text: str) -> int:
        """Keep a line until its end."""
        *lines, self.rest = (self.rest + text).split("\n")
        if lines:
            self.stream.write("".join(f"{self.label}{line}\n" for line in lines))
            self.stream.flush()
        return len(text)

    def flush(self) -> None:
        """Whole lines are out already."""
