"""What a process of `tests.commands` does: it becomes the command. Run by path, with its `task` given."""

import gc
import multiprocessing
import os
import runpy
import signal
import sys
import warnings
from typing import Any

import genre.sweep.local
import genre.training.team

task: dict[str, Any] = globals()["task"]

gc.freeze()  # a search through all that is imported would take longer than most commands
os.setpgid(0, 0)
os.chdir(task["folder"])
os.environ.clear()
os.environ.update(task["environment"])
if os.environ.get("PYTHONPATH"):
    sys.path[:0] = os.environ["PYTHONPATH"].split(os.pathsep)
signal.signal(signal.SIGINT, signal.default_int_handler)
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
for number, file in enumerate(task["files"], 1):
    os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
encoding = os.environ.get("PYTHONIOENCODING", "utf-8")
sys.stdin = open(0, closefd=False)  # noqa: SIM115
sys.stdout, sys.stderr = (open(number, "w", 1, encoding, closefd=False) for number in (1, 2))  # noqa: SIM115
warnings.resetwarnings()
warnings.simplefilter(task["warning"] or "default")
# a job is forked from its sweep, and one of several processes from the first: these have everything imported here
for module in (genre.sweep.local, genre.training.team):
    module.process_context = lambda _: multiprocessing.get_context("fork")  # type: ignore[attr-defined]
sys.argv = task["arguments"]
code: Any = 1
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
    code = 0
except SystemExit as end:
    code = end.code
finally:
    sys.stdout.flush()
    sys.stderr.flush()
sys.exit(code)
