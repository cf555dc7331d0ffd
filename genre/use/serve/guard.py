"""What stands before every request: how large it may be, what of Gradio is open, what a page may load."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from genre.use.serve.limits import PATIENCE, TOO_LARGE

# a browser asks nobody else for anything; Gradio's own scripts stand in the page
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)
# all that the page needs of Gradio; it has more, such as uploads, which would be kept
_GRADIO = {
    "POST": ("queue/join", "reset", "cancel"),
    "GET": ("queue/data", "heartbeat/", "startup-events", "info", "theme.css"),
}
_THROWN_AWAY = 100_000_000  # bytes
_PREFIX = "/gradio_api/"


class Guard:
    """ASGI middleware.

    Args:
        app: that is behind it.
        largest: bytes of a request, by its path.
        otherwise: those of all other requests.
    """

    def __init__(self, app: ASGIApp, largest: Mapping[str, int], otherwise: int) -> None:
        self.app, self.largest, self.otherwise = app, largest, otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        answered = False

        async def sent(message: Message) -> None:
            nonlocal answered
            if answered:
                return
            if message["type"] == "http.response.start" and message["status"] == 500 and _is_gradios(scope):
                # Gradio looks at what it is asked only while it does it
                answered = True
                return await JSONResponse({"error": "the page asks for no such thing"}, 422)(scope, receive, send)
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = POLICY
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                if scope["path"].startswith("/api/"):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        status, reason = self._refusal(scope)
        if status:
            if status == TOO_LARGE:
                await _thrown_away(receive)
            answer = JSONResponse({"error": reason}, status, {"Connection": "close"})
            return await answer(scope, receive, sent)
        await self.app(scope, receive, sent)

    def _refusal(self, scope: Scope) -> tuple[int, str]:
        """Status and reason; 0 for what is let in."""
        path, headers = scope["path"], Headers(scope=scope)
        if _is_gradios(scope):
            open_to = _GRADIO.get(scope["method"], ())
            if not path.removeprefix(_PREFIX).startswith(open_to):
                return 404, f"{path}: is not served"
        if "transfer-encoding" in headers:
            return 411, "the request must say how long it is: send Content-Length"
        most, length = self.largest.get(path, self.otherwise), int(headers.get("content-length", 0))
        if length > most:
            return TOO_LARGE, f"the request has {length:,} bytes; at most {most:,} are taken here"
        return 0, ""


def _is_gradios(scope: Scope) -> bool:
    path: str = scope["path"]
    return path.startswith(_PREFIX)


async def _thrown_away(receive: Receive) -> None:
    """Let a client send what is refused: most listen only then. What takes too long is cut off."""
    got, more = 0, True
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while more and got < _THROWN_AWAY:
                message = await receive()
                got, more = got + len(message.get("body", b"")), message.get("more_body", False)
