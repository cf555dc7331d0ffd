"""How things are said on the console: lengths of time, and the command that is likely next."""

import logging
import sys

QUIET = logging.WARNING - 1  # level of the root logger: what a person asked for, where WARNING is what nobody has set


def duration(seconds: float) -> str:
    """A length of time in words.

    Example:
        >>> [duration(seconds) for seconds in (0.24, 40, 173.6, 7500)]
        ['0.2 s', '40 s', '2 min 54 s', '2 h 5 min']
    """
    if seconds < 0.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def shows_steps() -> bool:
    """Whether a person wants to see what is being done and can be done next; `verbose=0` shows results alone."""
    return logging.getLogger().level != QUIET


def say_next(what: str, command: str) -> None:
    """Print the command that is likely next, ready to be pasted.

    Args:
        what: it is for, such as `To compare them`.
        command: see `genre.config.overrides.command`.
    """
    if shows_steps():
        sys.stdout.write(f"{what}: {command}\n")
