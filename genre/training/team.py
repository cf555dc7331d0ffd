"""Several processes on this machine that train one run together."""

import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from lightning_fabric.plugins.environments.lightning import find_free_network_port
from torch import distributed

from genre.processes import die_with_parent, process_context

log = logging.getLogger(__name__)

_IMPORTED = ["genre.training"]


@dataclass(frozen=True)
class Team:
    """Which of the processes this is.

    Attributes:
        process: from 0; the first one keeps the records.
        processes: how many there are.
        port: of this machine, where they meet.
    """

    process: int = 0
    processes: int = 1
    port: int = 0


@contextmanager
def team(processes: int, member: Callable[[Team], None]) -> Iterator[Team]:
    """Start the others for as long as the block lasts, in which this process does its part, the first.

    The threads of this process are shared out among them. Others that have not ended when the block fails are killed,
    and they die with this process.

    Args:
        processes: how many in all; with 1 nothing is started.
        member: what another one does; sent to it, so that it must be one that can be imported.
    """
    if processes == 1:
        yield Team()
        return
    port, threads = find_free_network_port(), torch.get_num_threads()
    share = max(1, threads // processes)
    context = process_context(_IMPORTED)
    others = [
        context.Process(target=_work, args=(member, Team(process, processes, port), share))
        for process in range(1, processes)
    ]
    log.info("Processes: %d, each with %d thread%s", processes, share, "s" * (share > 1))
    try:
        torch.set_num_threads(share)
        for other in others:
            other.start()
        yield Team(0, processes, port)
        distributed.destroy_process_group()  # before the others are waited for, which do it too
        for other in others:
            other.join()
    finally:
        torch.set_num_threads(threads)
        for other in (other for other in others if other.pid is not None):
            other.kill()
            other.join()
        if distributed.is_initialized():
            distributed.destroy_process_group()


def _work(member: Callable[[Team], None], team: Team, threads: int) -> None:
    """In another process, which the first one alone tells to end."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    logging.disable(logging.WARNING)  # the first one has said it
    die_with_parent()
    torch.set_num_threads(threads)
    member(team)
    distributed.destroy_process_group()
