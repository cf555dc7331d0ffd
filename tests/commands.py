"""Commands in processes of their own, without the seconds that each would spend on imports.

One process that has imported everything serves the whole suite, see `tests.server`; each command runs in a fork of it,
as `python SCRIPT ARGUMENTS` would. A few tests start a real interpreter, to see that this is the same.
"""

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired

from genre.paths import PROJECT_ROOT

_ADDRESS = "GENRE_TESTS_SERVER"  # the variable that tells all processes of the suite where it listens


def serve(*, at_once: bool) -> Callable[[], None]:
    """Start the server.

    Args:
        at_once: whether it imports everything now; else when the first command comes.

    Returns:
        What ends it, and waits for that, so that its time is counted as time of the suite.
    """
    folder = tempfile.mkdtemp(prefix="commands-")
    os.environ[_ADDRESS] = f"{folder}/socket"
    command = [sys.executable, "-m", "tests.server", os.environ[_ADDRESS], *(["now"] if at_once else [])]
    server = subprocess.Popen(command, cwd=PROJECT_ROOT, stdin=subprocess.PIPE)

    def end() -> None:
        server.communicate()
        shutil.rmtree(folder)

    return end


class Command:
    """A command under way; the part of `subprocess.Popen` that tests use.

    Attributes:
        pid: of the process, which leads a group of its own.
        files: what it prints goes to; its descendants have them open too.

    Args:
        script: its file.
        arguments: of the command line.
        environment: variables.
        cwd: where it runs.
        warnings: what `python -W` takes.
    """

    def __init__(
        self,
        script: Path,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        *,
        cwd: Path = PROJECT_ROOT,
        warnings: str | None = None,
    ) -> None:
        self.args = [str(script), *arguments]
        folder = Path(tempfile.mkdtemp(prefix="command-", dir=Path(os.environ[_ADDRESS]).parent))
        self.files = folder / "stdout", folder / "stderr"
        for file in self.files:
            file.touch()  # a process that is killed at once opens none
        task = {"arguments": self.args, "environment": dict(environment), "folder": str(cwd), "warning": warnings}
        task["files"] = [str(file) for file in self.files]
        self._server = socket.socket(socket.AF_UNIX)
        self._server.connect(os.environ[_ADDRESS])
        self._server.sendall(f"{json.dumps(task)}\n".encode())
        self._told = self._server.makefile("r")
        self._code: int | None = None
        self.pid = int(self._told.readline())

    @property
    def returncode(self) -> int | None:
        """None while it runs; -N when signal N ended it."""
        self._wait(0)
        return self._code

    def _wait(self, timeout: float) -> None:
        if self._code is None and select.select([self._server], [], [], timeout)[0]:
            self._code = int(self._told.readline())
            self._told.close()
            self._server.close()

    def send_signal(self, number: int) -> None:
        """As a person or the system does; one that has ended hears nothing."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float = 300) -> tuple[str, str]:
        """What it printed, once it has ended.

        Raises:
            TimeoutExpired: when it has not.
        """
        self._wait(timeout)
        if self._code is None:
            self.kill()
            raise TimeoutExpired(self.args, timeout)
        stdout, stderr = (file.read_text(encoding="utf-8", errors="replace") for file in self.files)
        return stdout, stderr

    def finish(self) -> "CompletedProcess[str]":
        """Wait for its end."""
        stdout, stderr = self.communicate()
        assert self.returncode is not None
        return CompletedProcess(self.args, self.returncode, stdout, stderr)


def call(name: str, *arguments: str, warnings: str | None = None, **environment: str) -> "CompletedProcess[str]":
    """Run a command of the project to its end, with variables beside those of this process."""
    return Command(script(name), arguments, os.environ | environment, warnings=warnings).finish()


def script(name: str) -> Path:
    """A command of the project."""
    return PROJECT_ROOT / "scripts" / f"{name}.py"
