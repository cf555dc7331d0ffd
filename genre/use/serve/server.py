"""From settings to a server that answers until it is stopped."""

import logging
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from genre.config import ServeConfig
from genre.errors import UserError
from genre.extras import extra
from genre.runs.folder import RunFolder
from genre.use.exported import is_exported
from genre.use.loading import newest_run

_log = logging.getLogger(__name__)

_GRACE = 3  # seconds that answers under way have when the server is stopped


def serve(cfg: ServeConfig, theme: Mapping[str, tuple[str, str]]) -> None:
    """Answer until Ctrl-C.

    Args:
        cfg: settings.
        theme: colours of the page by name, light and dark.

    Raises:
        UserError: when there is no model, nothing may listen there, or Gradio is not installed.
    """
    # before Gradio is imported: it would tell its makers
    os.environ |= {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    with extra("serve", "serve.py"):
        import uvicorn

        from genre.use.serve.api import application
    from genre.use.serve.limits import Turns
    from genre.use.serve.served import Served

    with _listening(cfg.host, cfg.port) as listener, TemporaryDirectory(prefix="genre-serve-") as scratch:
        os.environ["GRADIO_TEMP_DIR"] = scratch
        folder = cfg.run or newest_run(Path(cfg.paths.outputs))
        if cfg.beside is not None and not is_exported(Path(cfg.beside).expanduser()):
            RunFolder.existing(cfg.beside, "beside")  # or the error would name run=
        turns = Turns(cfg.waiting)
        models = [Served(one, cfg, turns) for one in (folder, cfg.beside) if one is not None]
        with extra("serve", "serve.py"):
            from genre.use.serve.page import mount  # five seconds, after all that can be wrong
        app = application(models[0], cfg)
        mount(app, models, theme)
        settings = uvicorn.Config(
            app,
            access_log=False,  # addresses hold names of files
            log_level="error",
            server_header=False,
            timeout_graceful_shutdown=_GRACE,
            ws="none",
        )
        listener.listen(settings.backlog)
        place = f"http://{_written(cfg.host)}:{listener.getsockname()[1]}"
        _log.info("%s: %s (Ctrl-C ends it)", " beside ".join(served.name for served in models), place)
        # or temporary files would stay where they are
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        uvicorn.Server(settings).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    """A socket at an address.

    Raises:
        UserError: when there cannot be one.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise UserError(f"host={host}: is no address of this machine; leave it out for 127.0.0.1") from error
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError as error:
        listener.close()
        what = (error.strerror or "refused").lower()
        raise UserError(
            f"host={host} port={port}: {what}; name another port, or port=0 for any that is free"
        ) from error
    return listener


def _written(host: str) -> str:
    return f"[{host}]" if ":" in host else host
