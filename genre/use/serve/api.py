"""The JSON endpoint: what programs ask, and what they are told."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import pandas as pd
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.middleware.trustedhost import TrustedHostMiddleware

import genre
from genre.config import ServeConfig
from genre.errors import UserError
from genre.use.serve.guard import Guard
from genre.use.serve.limits import BUSY, PATIENCE, UNREADABLE, RefusedError
from genre.use.serve.served import Served
from genre.use.serve.table import FORMATS, Tables

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_ROUTES = {"/api/predict": "POST", "/api/table": "POST", "/api/model": "GET"}


def application(served: Served, limits: ServeConfig) -> FastAPI:
    """What answers requests, without a page.

    Args:
        served: the model.
        limits: settings of the command.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        served.turns.close()

    # its own pages of documentation would come from the network
    app = FastAPI(title="genre", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    table_bytes = limits.megabytes * 1_000_000
    text_bytes = 12 * limits.characters + 10_000  # a character is a pair of \uXXXX at most
    app.add_middleware(Guard, largest={"/api/table": table_bytes}, otherwise=text_bytes)
    if limits.host in _LOOPBACK:  # or a page of somebody else could ask under a name of its own
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*_LOOPBACK, "[::1]"])
    tables = Tables(served)

    @app.exception_handler(UserError)
    async def refused(_: Request, error: UserError) -> JSONResponse:
        status = error.status if isinstance(error, RefusedError) else UNREADABLE
        return JSONResponse({"error": str(error)}, status, {"Retry-After": "1"} if status == BUSY else None)

    @app.get("/api/model")
    async def described() -> JSONResponse:
        return JSONResponse(description(served))

    @app.post("/api/predict")
    async def predicted(request: Request) -> JSONResponse:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise RefusedError(415, "Content-Type: must be application/json")
        text, title = asked(await _body(request))
        if title is not None and not served.reads_titles:
            raise RefusedError(UNREADABLE, "title: this model reads none; leave it out")
        return JSONResponse(told(served, await asyncio.wrap_future(served.ask(text, title))))

    @app.post("/api/table")
    async def table(request: Request) -> Response:
        given = request.query_params.get("probabilities", "false")
        if given not in ("true", "false"):
            raise RefusedError(UNREADABLE, "probabilities: must be true or false")
        stopped = threading.Event()
        name, content = request.query_params.get("name", ""), await _body(request)
        work = asyncio.ensure_future(
            asyncio.to_thread(tables.answer, name, content, probabilities=given == "true", stopped=stopped)
        )
        try:
            while not (await asyncio.wait({work}, timeout=1))[0]:
                if await request.is_disconnected():
                    stopped.set()
            answer = work.result()
        finally:
            stopped.set()
        return Response(
            answer.content,
            media_type="application/octet-stream",
            headers={
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(answer.name, safe='', errors='replace')}",
                "X-Rows": str(answer.done.rows),
                "X-Rows-Unread": str(answer.done.unread),
            },
        )

    @app.api_route("/api/{rest:path}", methods=_METHODS)
    async def unknown(request: Request) -> JSONResponse:
        method = _ROUTES.get(request.url.path)
        if method:
            return JSONResponse({"error": f"{request.url.path}: is asked by {method}"}, 405, {"Allow": method})
        return JSONResponse({"error": f"there is no such address; there are: {', '.join(_ROUTES)}"}, 404)

    return app


def asked(body: bytes) -> tuple[str, str | None]:
    """Text and title of a request.

    Raises:
        RefusedError: for anything but an object with these.

    Example:
        >>> asked(b'{"text": "A sheriff comes out of retirement.", "title": "Noon"}')
        ('A sheriff comes out of retirement.', 'Noon')
    """
    try:
        content = json.loads(body.decode())
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise RefusedError(UNREADABLE, 'the request must be a JSON object such as {"text": "..."}, in UTF-8')
    unknown = sorted(content.keys() - {"text", "title"})
    if unknown:
        raise RefusedError(UNREADABLE, f"{unknown[0][:60]!a}: no such key; there are text and title")
    text, title = content.get("text"), content.get("title")
    if not isinstance(text, str):
        raise RefusedError(UNREADABLE, "text: must be a text")
    if not isinstance(title, str | None):
        raise RefusedError(UNREADABLE, "title: must be a text")
    return text, title


def told(served: Served, probabilities: pd.Series) -> dict[str, Any]:
    """An answer: labels, and of each label its probability and its threshold."""
    (labels,) = served.model.decide(probabilities.to_frame().T)
    rounded = {label: round(float(value), 6) for label, value in probabilities.items()}
    return {"labels": labels, "probabilities": rounded, "thresholds": served.model.thresholds}


def description(served: Served) -> dict[str, Any]:
    """What a model is, and what it can be asked."""
    limits = served.limits
    return {
        "name": served.name,
        "labels": list(served.model.labels),
        "thresholds": served.model.thresholds,
        "columns": list(served.model.columns),
        "limits": {name: getattr(limits, name) for name in ("characters", "megabytes", "rows", "waiting")},
        "tables": list(FORMATS),
        "version": genre.__version__,
    }


async def _body(request: Request) -> bytes:
    try:
        async with asyncio.timeout(PATIENCE):
            return await request.body()
    except TimeoutError:
        raise RefusedError(408, f"the request did not arrive within {PATIENCE} seconds") from None
