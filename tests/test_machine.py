"""Memory, cores and threads of a process."""

import os
import platform
import subprocess
import sys

import pytest
import torch

from genre.machine import cores, jobs_at_once

PAGES = """
import resource
import torch
from genre.machine import keep_freed_memory

def new_pages():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(40):
        torch.zeros(12_000_000)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

before = new_pages()
keep_freed_memory()
print(new_pages() / before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="no GNU C library here")
def test_large_blocks_are_kept_once_that_is_asked_for() -> None:
    done = subprocess.run([sys.executable, "-c", PAGES], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 0.6  # some are new: the GNU library does not always find room for an aligned block


@pytest.mark.parametrize(
    ("cores_there", "memory", "jobs"), [(1, 64, 1), (2, 24, 2), (16, 128, 16), (16, 24, 8), (4, 2, 1)]
)
def test_trainings_at_once_need_a_core_and_three_gigabytes_each(
    monkeypatch: pytest.MonkeyPatch, cores_there: int, memory: int, jobs: int
) -> None:
    monkeypatch.setattr("genre.machine.cores", lambda: cores_there)
    sizes = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": memory * 2**30 // 4096}
    monkeypatch.setattr(os, "sysconf", sizes.__getitem__, raising=False)
    assert jobs_at_once("cpu") == jobs
    monkeypatch.delattr(os, "sysconf")  # as on Windows
    assert jobs_at_once("cpu") == cores_there


def test_one_training_at_once_where_a_gpu_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genre.machine.cores", lambda: 16)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert jobs_at_once("auto") == jobs_at_once("gpu") == 1
    assert jobs_at_once("cpu") > 1


CORES = """
import os
from genre.machine import cores

os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
print(cores())
"""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="cores cannot be taken away here")
def test_cores_that_a_process_may_not_use_do_not_count() -> None:
    assert subprocess.run([sys.executable, "-c", CORES], capture_output=True, check=True).stdout.strip() == b"1"
    assert cores() == len(os.sched_getaffinity(0))


THREADS = """
import numpy, torch
from threadpoolctl import threadpool_info
from genre.machine import limit_threads

limit_threads(1)
import sklearn.linear_model
print({pool["num_threads"] for pool in threadpool_info()}, torch.get_num_threads())
"""


def test_threads_are_limited_in_every_library() -> None:
    done = subprocess.run([sys.executable, "-c", THREADS], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{1} 1"
