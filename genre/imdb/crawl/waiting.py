"""When the next request may go out."""

import asyncio
import random
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LONGEST_HOLD = 600.0  # seconds; who asks for more is asked again after these and says so again
_LONGEST_PAUSE = 60.0  # seconds


class Pace:
    """Lets requests go out evenly, one at a time, and none while the provider wants to be left alone."""

    def __init__(self, per_second: float) -> None:
        self._interval = 1 / per_second
        self._free_at = 0.0
        self._turns = asyncio.Lock()

    async def turn(self) -> None:
        """Return when the caller may send its request; callers go in the order in which they came."""
        async with self._turns:
            while (wait := self._free_at - time.monotonic()) > 0:
                await asyncio.sleep(wait)  # `hold` may have moved the moment in the meantime, so look again
            self._free_at = time.monotonic() + self._interval

    def hold(self, seconds: float) -> None:
        """Let nobody go for so long: a provider that is asked too often means the program, not the single request."""
        self._free_at = max(self._free_at, time.monotonic() + seconds)


def retry_after(header: str | None, now: datetime) -> float:
    """Seconds that a `Retry-After` header asks to wait, from 0 to ten minutes; 0 for none and for an unreadable one.

    Example:
        >>> now = datetime(2024, 5, 1, 12, 0, 0, tzinfo=UTC)
        >>> retry_after("120", now), retry_after("Wed, 01 May 2024 12:00:30 GMT", now), retry_after("soon", now)
        (120.0, 30.0, 0.0)
    """
    if header is None:
        return 0.0
    try:
        if header.strip().isdecimal():
            return min(float(header), _LONGEST_HOLD)
        moment = parsedate_to_datetime(header)
        if moment.tzinfo is None:  # an HTTP date is in UTC
            moment = moment.replace(tzinfo=UTC)
        return min(max((moment - now).total_seconds(), 0.0), _LONGEST_HOLD)
    except (ValueError, OverflowError):
        return 0.0


def pause(backoff: float, attempt: int) -> float:
    """Seconds to wait after the failed attempt number `attempt` (from 0): `backoff`, doubled each time, up to a minute.

    Up to half of it is taken away at random, so that requests which failed together do not come back together. The
    random numbers are not seeded: they decide when something is asked, never what is found.
    """
    return min(backoff * 2.0 ** min(attempt, 60), _LONGEST_PAUSE) * random.uniform(0.5, 1)
