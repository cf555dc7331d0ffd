"""How long to wait."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.imdb.crawl.waiting import Pace, pause, retry_after

NOW = datetime(2024, 2, 29, 23, 59, 50, tzinfo=UTC)


@given(st.integers(min_value=0))
def test_seconds(seconds: int) -> None:
    assert retry_after(str(seconds), NOW) == min(seconds, 600)


@given(st.integers(min_value=-(10**8), max_value=10**8), st.integers(min_value=-14, max_value=14))
def test_dates_in_any_time_zone(seconds: int, hours: int) -> None:
    moment = (NOW + timedelta(seconds=seconds)).astimezone(timezone(timedelta(hours=hours)))
    assert retry_after(format_datetime(moment), NOW) == min(max(seconds, 0), 600)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0),
        ("", 0),
        (" 7 ", 7),
        ("-5", 0),
        ("1.5", 0),
        ("²", 0),
        ("9" * 5000, 600),
        ("Fri, 01 Mar 2024 00:00:05 GMT", 15),
        ("Friday, 01-Mar-24 00:00:05 GMT", 15),
        ("Fri, 01 Mar 2024 00:00:05 -0000", 15),
        ("Fri, 31 Feb 2024 00:00:05 GMT", 0),
        ("Fri, 01 Mar 2024 00:00:05 +99999999999999", 0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("tomorrow", 0),
    ],
)
def test_headers(header: str | None, seconds: float) -> None:
    assert retry_after(header, NOW) == seconds


@given(st.text())
def test_any_header_asks_for_a_bearable_time(header: str) -> None:
    assert 0 <= retry_after(header, NOW) <= 600


@given(st.floats(min_value=0, max_value=1000), st.integers(min_value=0, max_value=50))
def test_pauses_double_up_to_a_minute(backoff: float, attempt: int) -> None:
    longest = min(backoff * 2**attempt, 60)
    assert longest / 2 <= pause(backoff, attempt) <= longest


def test_the_millionth_pause_is_no_longer() -> None:
    assert 30 <= pause(1, 1_000_000) <= 60


def test_turns_come_in_order() -> None:
    async def take() -> list[int]:
        pace, order = Pace(1000), []

        async def one(number: int) -> None:
            await pace.turn()
            order.append(number)

        async with asyncio.TaskGroup() as group:
            for number in range(20):
                group.create_task(one(number))
        return order

    assert asyncio.run(take()) == list(range(20))
