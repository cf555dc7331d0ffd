"""A process that has imported everything once; a fork of it becomes each command of `tests.commands`.

Run with the path of its socket, and `now` to import before the first command comes. It ends with its standard input,
and with it what still runs.
"""

import importlib
import json
import multiprocessing
import runpy
import signal
import socket
import sys
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path

_BEGINNING = str(Path(__file__).with_name("command_process.py"))


def main(address: str, *now: str) -> None:
    """Tell each client the id of its command's process, and how that ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the suite, and that this
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen()
    if now:
        importlib.import_module("tests.warm")
    running: dict[int, tuple[BaseProcess, socket.socket]] = {}  # by what tells of the end of the process
    while True:
        ready = wait([listener, sys.stdin.fileno(), *running])
        for sentinel in running.keys() & set(ready):
            process, client = running.pop(sentinel)
            process.join()  # with which its time counts as this process's
            with client:
                client.sendall(f"{process.exitcode}\n".encode())
        if sys.stdin.fileno() in ready:
            for process, _ in running.values():
                process.kill()
            return
        if listener in ready:
            client, _ = listener.accept()
            process = _begun(client)
            running[process.sentinel] = process, client


def _begun(client: socket.socket) -> BaseProcess:
    importlib.import_module("tests.warm")
    task = json.loads(client.makefile("rb").readline())
    process = multiprocessing.get_context("fork").Process(target=runpy.run_path, args=(_BEGINNING, {"task": task}))
    process.start()
    client.sendall(f"{process.pid}\n".encode())
    return process


if __name__ == "__main__":
    main(*sys.argv[1:])
