"""Jobs on this machine, each in a process of its own that starts with everything imported."""

import gc
import logging
import os
import signal
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple, NoReturn, cast

from hydra.core.utils import JobReturn, configure_log, filter_overrides, setup_globals
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, OmegaConf

from genre.config import EncoderConfig
from genre.errors import Outcome, UserError
from genre.processes import die_with_parent, process_context
from genre.sweep.labelled import labelled
from genre.sweep.task import Task, job_config, job_return, pack, run_packed

log = logging.getLogger(__name__)

# imported once, in a process that does nothing else; every job is forked from it
_IMPORTED = ["genre.training", "genre.report.console", "genre.report.run", "genre.report.run.plots", "wandb"]


class LocalLauncher(Launcher):
    """Runs jobs on this machine, each in a process of its own.

    A job that is killed, or takes too much memory, leaves the sweep alive; what it held is given back when it ends.
    Jobs die with the sweep. Ctrl-C and a termination reach the jobs under way, which end in order, and then the sweep.

    Args:
        n_jobs: at once, the cores shared out among them; `auto`: see `genre.machine.jobs_at_once`.

    Raises:
        UserError: when it is none of both.
    """

    def __init__(self, n_jobs: int | str) -> None:
        if n_jobs != "auto" and (type(n_jobs) is not int or n_jobs < 1):
            raise UserError(f"hydra.launcher.n_jobs={n_jobs}: must be auto or a number from 1")
        self.n_jobs = n_jobs

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Called by Hydra."""
        assert isinstance(task_function, Task)
        self.hydra_context, self.task, self.config = hydra_context, task_function, config
        self.processes = process_context(_IMPORTED)

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """Begin jobs in their order; each return value is an `Outcome`."""
        setup_globals()
        configure_log(self.config.hydra.hydra_logging, self.config.hydra.verbose)
        at_once, threads = self._shares(len(job_overrides))
        waiting = deque(enumerate(job_overrides, initial_job_idx))
        running: dict[Connection, _Running] = {}
        results: dict[int, JobReturn] = {}
        with _terminations():
            try:
                while waiting or running:
                    while waiting and len(running) < at_once:
                        self._start(*waiting.popleft(), threads, running)
                    for receiver in cast(list[Connection], wait([*running])):
                        job = running[receiver]
                        outcome = _outcome(job.process, receiver)
                        del running[receiver]
                        self.task.note(outcome)
                        results[job.number] = job_return(job.config, job.overrides, outcome)
            except (KeyboardInterrupt, SystemExit) as end:
                how = signal.SIGINT if isinstance(end, KeyboardInterrupt) else signal.SIGTERM
                _end([job.process for job in running.values()], how)
                raise
        return [results[number] for number in sorted(results)]

    def _shares(self, jobs: int) -> tuple[int, int | None]:
        """How many of the jobs run at once, and the threads of each; None: as many as it likes."""
        if self.n_jobs == 1:
            return 1, None
        from genre.machine import cores, jobs_at_once  # torch, which the first line need not wait for

        # classical baselines have no trainer, and compute on the processor unless an encoder reads the texts
        reads = OmegaConf.select(self.config, "features._target_") == EncoderConfig._target_
        accelerator = self.config.trainer.accelerator if "trainer" in self.config else "auto" if reads else "cpu"
        at_once = jobs_at_once(accelerator) if self.n_jobs == "auto" else cast(int, self.n_jobs)
        at_once = min(at_once, jobs)
        return (at_once, max(1, cores() // at_once)) if at_once > 1 else (1, None)

    def _start(
        self, number: int, overrides: Sequence[str], threads: int | None, running: "dict[Connection, _Running]"
    ) -> None:
        log.info("Job %d: %s", number, " ".join(filter_overrides(overrides)))
        config = job_config(self.hydra_context, self.config, number, overrides)
        receiver, sender = self.processes.Pipe(duplex=False)
        packed = pack(self.hydra_context, self.task, config)
        process = self.processes.Process(target=_work, args=(packed, sender, threads, f"job {number} | "))
        running[receiver] = _Running(number, overrides, config, process)  # before it starts: it may be interrupted
        process.start()
        sender.close()


class _Running(NamedTuple):
    """A job under way."""

    number: int
    overrides: Sequence[str]
    config: DictConfig
    process: BaseProcess


def _outcome(process: BaseProcess, receiver: Connection) -> Outcome:
    """How a job ended that has; without a word of its own, say how its process did."""
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


def _end(processes: Sequence[BaseProcess], how: signal.Signals) -> None:
    """Let jobs end in order; a second Ctrl-C ends them at once."""
    started = [process for process in processes if process.pid is not None]
    try:
        for process in started:
            if process.is_alive():
                os.kill(cast(int, process.pid), how)
        for process in started:
            process.join()
    except KeyboardInterrupt:
        for process in started:
            process.kill()
            process.join()


@contextmanager
def _terminations() -> Iterator[None]:
    """Raise SystemExit for a termination, so that the jobs under way are told."""

    def exit_in_order(*_: Any) -> NoReturn:
        raise SystemExit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, exit_in_order)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _work(job: bytes, sender: Connection, threads: int | None, label: str) -> None:
    """In the job's process; where others run beside it, it has its share of the threads, and its lines have a label."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # see `process_context`
    if threads:
        from genre.machine import limit_threads  # the process that this one is forked from has imported it

        limit_threads(threads)
    gc.freeze()  # what is imported is no garbage, and a search through it would copy the memory that all jobs share
    if sys.platform != "win32":
        os.setpgid(0, 0)  # Ctrl-C in a terminal reaches the sweep alone, which passes it on once
    die_with_parent()  # the next start of the sweep goes on from the last epoch
    try:
        with labelled(label) if threads else nullcontext():
            outcome = run_packed(job)
    except KeyboardInterrupt:
        sys.exit(130)
    sender.send(outcome)
