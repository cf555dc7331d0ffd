"""One job after another, each in a process of its own that starts with everything imported."""

import gc
import logging
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, NoReturn

from hydra.core.utils import JobReturn, configure_log, filter_overrides, setup_globals
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig

from genre.errors import Outcome
from genre.processes import die_with_parent, process_context
from genre.sweep.task import Task, job_config, job_return, pack, run_packed

log = logging.getLogger(__name__)

# imported once, in a process that does nothing else; every job is forked from it
_IMPORTED = ["genre.training", "genre.report.console", "genre.report.run", "genre.report.run.plots", "wandb"]


class LocalLauncher(Launcher):
    """Runs jobs one by one on this machine.

    A job that is killed, or takes too much memory, leaves the sweep alive; what it held is given back when it ends.
    Jobs die with the sweep. Ctrl-C and a termination reach the job under way, which ends in order, and then the sweep.
    """

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Called by Hydra."""
        assert isinstance(task_function, Task)
        self.hydra_context, self.task, self.config = hydra_context, task_function, config
        self.processes = process_context(_IMPORTED)

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """Run jobs in their order; each return value is an `Outcome`."""
        setup_globals()
        configure_log(self.config.hydra.hydra_logging, self.config.hydra.verbose)
        results = []
        for number, overrides in enumerate(job_overrides, initial_job_idx):
            log.info("Job %d: %s", number, " ".join(filter_overrides(overrides)))
            results.append(self._run(number, overrides))
        return results

    def _run(self, number: int, overrides: Sequence[str]) -> JobReturn:
        config = job_config(self.hydra_context, self.config, number, overrides)
        receiver, sender = self.processes.Pipe(duplex=False)
        process = self.processes.Process(target=_work, args=(pack(self.hydra_context, self.task, config), sender))
        with _terminations():
            process.start()
            sender.close()
            try:
                outcome = _outcome(process, receiver)
            except (KeyboardInterrupt, SystemExit) as end:
                _end(process, signal.SIGINT if isinstance(end, KeyboardInterrupt) else signal.SIGTERM)
                raise
        self.task.note(outcome)
        return job_return(config, overrides, outcome)


def _outcome(process: BaseProcess, receiver: Connection) -> Outcome:
    """Wait for a job; without a word of its own, say how its process ended."""
    try:
        outcome: Outcome = receiver.recv()
    except EOFError:
        process.join()
        code = process.exitcode
        assert code is not None
        if code == 130:
            raise KeyboardInterrupt from None
        how = f"ended with exit code {code}"
        if code < 0:
            how = f"was killed by {signal.Signals(-code).name}"
            how += ", perhaps for want of memory" if how.endswith("SIGKILL") else ""
        outcome = {"exit_code": 1, "error": f"the job's process {how}"}
    process.join()
    return outcome


def _end(process: BaseProcess, how: signal.Signals) -> None:
    """Let a job end in order; a second Ctrl-C ends it at once."""
    if process.pid is None:
        return
    try:
        if process.is_alive():
            os.kill(process.pid, how)
        process.join()
    except KeyboardInterrupt:
        process.kill()
        process.join()


@contextmanager
def _terminations() -> Iterator[None]:
    """Raise SystemExit for a termination, so that the job under way is told."""

    def exit_in_order(*_: Any) -> NoReturn:
        raise SystemExit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, exit_in_order)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _work(job: bytes, sender: Connection) -> None:
    """In the job's process."""
    gc.freeze()  # what is imported is no garbage, and a search through it would copy the memory that all jobs share
    if sys.platform != "win32":
        os.setpgid(0, 0)  # Ctrl-C in a terminal reaches the sweep alone, which passes it on once
    die_with_parent()  # the next start of the sweep goes on from the last epoch
    try:
        outcome = run_packed(job)
    except KeyboardInterrupt:
        sys.exit(130)
    sender.send(outcome)
