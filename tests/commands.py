"""Commands in processes of their own, without the seconds that each would spend on imports.

A process that has imported everything is kept for the whole session (multiprocessing's fork server); each command runs
in a fork of it, as `python SCRIPT ARGUMENTS` would. A few tests start a real interpreter, to see that this is the same.
"""

import multiprocessing
import os
import runpy
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired

from genre.paths import PROJECT_ROOT

_BEGINNING = str(Path(__file__).with_name("command_process.py"))

_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload(["tests.warm"])


class Command:
    """A command under way; the part of `subprocess.Popen` that tests use.

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
        folder = Path(tempfile.mkdtemp(prefix="command-"))
        self._files = folder / "stdout", folder / "stderr"
        task = {"arguments": self.args, "environment": dict(environment), "folder": str(cwd), "warning": warnings}
        task["files"] = [str(file) for file in self._files]
        self._process = _server.Process(target=runpy.run_path, args=(_BEGINNING, {"task": task}))
        self._process.start()

    @property
    def pid(self) -> int:
        """Of the process, which leads a group of its own."""
        assert self._process.pid
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """None while it runs; -N when signal N ended it."""
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """As a person or the system does."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def communicate(self, timeout: float = 300) -> tuple[str, str]:
        """What it printed, once it has ended.

        Raises:
            TimeoutExpired: when it has not.
        """
        self._process.join(timeout)
        if self._process.is_alive():
            self.kill()
            raise TimeoutExpired(self.args, timeout)
        stdout, stderr = (file.read_text(encoding="utf-8", errors="replace") for file in self._files)
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
