"""What the benchmarks of whole commands share."""

import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"


def tree_memory(pid: int) -> int:
    """Resident memory of a process and its children, in bytes; shared pages counted once for each."""
    total = 0
    for process in [str(pid), *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]:
        total += int(Path(f"/proc/{process}/statm").read_text().split()[1]) * 4096
    return total


def measure(script: str, overrides: Sequence[str], log: int | None = None) -> tuple[float, int]:
    """Seconds that a command takes, and the peak memory of all its processes in bytes; a failed one ends this one too.

    Args:
        script: its name in scripts/.
        overrides: its settings.
        log: where its output goes, as `subprocess.Popen` takes it.
    """
    peak = 0
    started = time.monotonic()
    process = subprocess.Popen([sys.executable, str(SCRIPTS / f"{script}.py"), *overrides], stdout=log, stderr=log)

    def watch() -> None:
        nonlocal peak
        while process.poll() is None:
            try:
                peak = max(peak, tree_memory(process.pid))
            except OSError:  # it has just ended
                return
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    process.wait()
    watcher.join()
    if process.returncode:
        sys.exit(process.returncode)
    return time.monotonic() - started, peak
