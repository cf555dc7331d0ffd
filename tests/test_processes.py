"""How processes that share work are started."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.sweep.test_failures import until

PROGRAM = """
from genre.processes import process_context

if __name__ == "__main__":
    try:
        process = process_context(["slow"]).Process(target=print, args=("done",))
        process.start()
        process.join()
    except KeyboardInterrupt:
        print("interrupted")
"""
SLOW = """
import pathlib, time

place = pathlib.Path(__file__).parent
(place / "importing").touch()
while not (place / "go").exists():
    time.sleep(0.01)
"""


def test_ctrl_c_while_modules_are_imported_is_told_once(tmp_path: Path) -> None:
    """It reaches all processes of a terminal; the one that imports what jobs need has nothing to say of it."""
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "slow.py").write_text(SLOW)
    process = subprocess.Popen(
        [sys.executable, tmp_path / "program.py"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until((tmp_path / "importing").exists)
    os.killpg(process.pid, signal.SIGINT)
    (tmp_path / "go").touch()
    stdout, stderr = process.communicate(timeout=120)
    assert (stdout, stderr) == ("interrupted\n", "")
