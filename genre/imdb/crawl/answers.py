"""What a provider's answer says: a plot, that there is none, to stop, or nothing that can be used."""

import json
import re
from typing import Any

from genre.config import CrawlConfig
from genre.errors import UserError
from genre.imdb.matching import FORMULA

_NO_SUCH_FILM = (404, 410)
_REFUSED = (401, 403)
_REFUSAL = re.compile(r"api key|limit", re.IGNORECASE)  # in the text of an error, whatever the status
_NO_PLOT = ("", "N/A")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Unanswered(Exception):  # noqa: N818 - no fault of the program: the film is asked again
    """No answer, or none that can be used; the text says why and holds neither URL nor key."""


def plot_in(status: int, body: bytes, cfg: CrawlConfig) -> str | None:
    """The plot in an answer, as one line, or None when the provider has none for this film.

    Raises:
        Unanswered: for an answer that another request may better.
        UserError: when the provider refuses the key, or more requests.
    """
    if status in _NO_SUCH_FILM:
        return None
    if status != 200 and status not in _REFUSED:
        raise Unanswered(f"HTTP {status}")
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    error = str(lookup(answer, cfg.error)) if cfg.error else ""
    if status in _REFUSED or _REFUSAL.search(error):
        raise UserError(_refusal(status, error, cfg))
    if not isinstance(answer, dict):
        raise Unanswered("an answer that is no JSON object")
    plot = lookup(answer, cfg.plot)
    if plot is None:
        return None
    if not isinstance(plot, str):
        raise Unanswered(f"an answer whose {cfg.plot} is no text")
    # JSON may hold halves of characters, which text files may not, and what steers a terminal
    text = " ".join(_CONTROLS.sub(" ", plot.encode(errors="replace").decode()).split())
    return None if text in _NO_PLOT or re.match(FORMULA, text) else text


def lookup(answer: Any, place: str) -> Any:
    """What stands at `place` in parsed JSON, or None where there is no such place.

    Example:
        >>> lookup({"results": [{"overview": "A storm."}]}, "results.0.overview")
        'A storm.'
    """
    for step in place.split("."):
        if isinstance(answer, dict):
            answer = answer.get(step)
        elif isinstance(answer, list) and step.isdecimal() and int(step) < len(answer):
            answer = answer[int(step)]
        else:
            return None
    return answer


def _refusal(status: int, error: str, cfg: CrawlConfig) -> str:
    """One line; the provider's own words are left out, since they might repeat the key."""
    if "limit" in error.lower():
        return f"{cfg.provider}: the limit of requests is reached; what was found is kept, run again when it is renewed"
    if cfg.key_variable:
        return f"{cfg.provider} refuses the key in {cfg.key_variable} (HTTP {status}); get one at {cfg.key_page}"
    return (
        f"{cfg.provider} refuses the requests (HTTP {status}); run again later, or choose another with crawl=PROVIDER"
    )
