"""A reader who follows a page: who writes its files, types its commands, and looks whether they do what it says."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from genre.paths import PROJECT_ROOT
from tests.commands import Command
from tests.docs.pages import Block, edits
from tests.layouts import goemotions, kaggle, tmdb

SAMPLE = PROJECT_ROOT / "data" / "sample"

# what is added to a training or report, so that it takes seconds
_SHORT = {
    "trainer.limit_batches": "3",
    "trainer.max_epochs": "2",
    "trainer.progress_bar": "false",
    "report.plots": "false",
    "report.resamples": "40",
}
_LONGEST = 3_600  # seconds, of a command
_TAKES = {
    "train": ("trainer", "report"),
    **dict.fromkeys(("baseline", "compare", "ensemble", "evaluate"), ("report",)),
}
_FILE = re.compile(r"(?:#.*\n)*?# (\w[\w/.]*\.(?:py|yaml))\n")


class Session:
    """A reader with a clone, an environment and an empty folder.

    Args:
        folder: empty.
        data: where what is made from the sample is kept for all sessions.
        whole: whether trainings are as long as the page says.
    """

    def __init__(self, folder: Path, data: Path, *, whole: bool = False) -> None:
        self.folder, self.data, self.whole = folder, data, whole
        self.clone = PROJECT_ROOT
        (folder / "EMPTY").mkdir()
        for layout in (kaggle, goemotions, tmdb):
            layout(folder)
        for name in ("movies.csv", "new.csv"):
            shutil.copy(folder / "tmdb_5000_movies.csv", folder / name)
        shutil.copy(folder / "clean.csv", folder / "films.csv")
        (folder / "corrections.csv").write_text("movie_id,genre,value\ntt99000001,Drama,0\n", encoding="utf-8")

    def follow(self, block: Block) -> None:
        """Do what a block says."""
        place = f"{block.page.relative_to(PROJECT_ROOT)}:{block.line}"
        if block.note.startswith("before: "):
            self._run(block.note.removeprefix("before: "), place)
        file = _FILE.match(block.text)
        if block.language in ("python", "yaml") and file:
            target = self.folder / file[1]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            done = subprocess.run(
                [sys.executable, "-c", block.text], cwd=self.folder, env=self._environment(), check=False
            )
            assert done.returncode == 0, place
        elif block.language == "diff":
            self._edit(block.text)
        elif block.language == "console":
            for command, printed in block.commands:
                output = self._run(command, place, code=2 if block.note == "fails" else 0)
                self._compare(printed, output, place)
        else:
            assert block.language in ("text", "latex", "{toctree}", "{eval-rst}"), (
                f"{place}: what is to be done with it?"
            )

    def _run(self, command: str, place: str, *, code: int = 0) -> str:
        """Run a command line, which must end with this exit code; all that it printed."""
        words = shlex.split(self._filled_in(command))
        if words[0] == "python":
            words += self._further(Path(words[1]).stem, words[2:])
        # launchers keep processes of their own, which only an interpreter of its own ends with
        own = self.clone != PROJECT_ROOT or any(word.startswith("hydra/launcher=") for word in words)
        if words[0] == "python" and not own:
            process = Command(PROJECT_ROOT / words[1], words[2:], self._environment(), cwd=self.folder)
            output, ended = "".join(process.communicate(_LONGEST)), process.returncode
        else:
            if words[0] == "python":
                words[:2] = [sys.executable, str(self.clone / words[1])]
            done = subprocess.run(
                words, cwd=self.folder, env=self._environment(), capture_output=True, text=True, check=False
            )
            output, ended = done.stdout + done.stderr, done.returncode
        assert ended == code, f"{place}: {command}\n{output}"
        return output.replace(f"{self.folder}/", "")

    def _newest(self, kind: str) -> list[str]:
        """Names of this session's runs or sweeps, the last one first."""
        found = (self.folder / "outputs" / kind).glob("[!.]*")
        return [path.name for path in sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)]

    def _environment(self) -> dict[str, str]:
        return os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (self.folder, self.clone)))}

    def _filled_in(self, command: str) -> str:
        """With this session's runs and folders in the place of a page's."""
        for sweep in self._newest("sweeps")[:1]:
            command = re.sub(r"outputs/sweeps/[\w.-]+", f"outputs/sweeps/{sweep}", command)
        for placeholder, run in zip(("NAME", "OTHER"), self._newest("runs"), strict=False):
            command = re.sub(rf"\b{placeholder}\b", run, command)
        command = command.replace("outputs/data/sample/", f"{self.data}/")
        return re.sub(r"\bFOLDER\b", str(SAMPLE / "raw"), command)

    def _further(self, name: str, settings: list[str]) -> list[str]:
        """Settings that a reader does not need: where results go, and what shortens a training."""
        given = {setting.partition("=")[0] for setting in settings}
        wanted = {}
        if name != "evaluate":
            wanted["paths.outputs"] = str(self.folder / "outputs")
        if "data=imdb" in settings or any(setting.startswith("experiment=best") for setting in settings):
            wanted |= {"data.raw": str(SAMPLE / "raw"), "data.dir": str(self.data.with_name("imdb"))}
        elif name in ("train", "baseline", "prepare", "explore") and not {"data=table", "data=movies"} & set(settings):
            wanted["data.dir"] = str(self.data)
        if not self.whole:
            groups = _TAKES.get(name, ())
            wanted |= {key: value for key, value in _SHORT.items() if key.partition(".")[0] in groups}
        if {"sweep=optuna", "hydra/sweeper=optuna"} & set(settings):
            wanted["hydra.sweeper.trials"] = "2"
            given.discard("hydra.sweeper.trials")
        return [f"{key}={value}" for key, value in wanted.items() if key not in given]

    def _edit(self, diff: str) -> None:
        """Change a copy of the project, with which the session goes on."""
        self.clone = self.folder / "clone"
        for name in ("conf", "genre", "scripts", "data/sample"):
            shutil.copytree(PROJECT_ROOT / name, self.clone / name)
        for file, old, new in edits(diff):
            text = (self.clone / file).read_text(encoding="utf-8")
            assert text.count(old) == 1, f"{file}: {old}"
            (self.clone / file).write_text(text.replace(old, new), encoding="utf-8")

    def _compare(self, printed: list[str], output: str, place: str) -> None:
        """Each line that a page shows is printed, but for figures, names and white space."""
        said = {_alike(line) for line in output.splitlines()}
        for line in printed:
            assert line == "..." or _alike(line) in said, f"{place}: {line}\n{output}"


def _alike(line: str) -> str:
    """A line without what differs from machine to machine: figures, signs, lengths of time, hashes, where outputs lie."""
    line = re.sub(r"\S*outputs/", "outputs/", line)
    line = re.sub(r"\d+", "0", re.sub(r"_[0-9a-f]{10}\b", "", line))
    line = re.sub(r"[−+-](?=0)", "", re.sub(r"(0 h )?0 min( 0 s)?", "0 s", line))
    return " ".join(line.split())
