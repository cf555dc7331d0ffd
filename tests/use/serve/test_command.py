"""The command where it cannot serve."""

import socket
import sys
from pathlib import Path

import pytest

from genre.errors import UserError
from genre.report.colours import THEME
from genre.runs import RunFolder
from tests.commands import call
from tests.use.serve.conftest import settings


def refused(*arguments: str) -> str:
    done = call("serve", *arguments)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


def test_a_port_that_is_taken(baseline_run: RunFolder) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = refused(f"run={baseline_run.path}", f"port={port}")
    told = "address already in use; name another port, or port=0 for any that is free"
    assert line == f"error: host=127.0.0.1 port={port}: {told}"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["port=70000"], "port=70000: must be between 0 and 65535"),
        (["rows=0"], "rows=0: must be between 1 and 1000000"),
        (["host=203.0.113.7", "port=0"], "host=203.0.113.7 port=0: "),
        (["run=/nowhere", "port=0"], "run=/nowhere: no run folder"),
        (["beside=/nowhere", "port=0"], "beside=/nowhere: no run folder"),
    ],
)
def test_what_cannot_be_served(arguments: list[str], told: str, baseline_run: RunFolder) -> None:
    run = [] if arguments[0].startswith("run=") else [f"run={baseline_run.path}"]
    assert told in refused(*run, *arguments)


def test_no_finished_run(tmp_path: Path) -> None:
    assert "there is no finished run" in refused(f"paths.outputs={tmp_path}", "port=0")


@pytest.mark.parametrize("package", ["uvicorn", "gradio"])
def test_without_the_extra(package: str, baseline_run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    from genre.use.serve import serve

    monkeypatch.setitem(sys.modules, package, None)
    for module in ("api", "page"):
        monkeypatch.delitem(sys.modules, f"genre.use.serve.{module}", raising=False)
    monkeypatch.setenv("GRADIO_TEMP_DIR", "")  # which it sets
    line = f"^serve.py: the package {package} is not installed; run: pip install 'genre\\[serve\\]'$"
    with pytest.raises(UserError, match=line):
        serve(settings(baseline_run.path), THEME)
