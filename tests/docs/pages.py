"""Code blocks of README.md and docs/, and a session that follows a page as a reader would."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt

from genre.paths import PROJECT_ROOT
from tests.commands import Command, script

DOCS = PROJECT_ROOT / "docs"
PAGES = [PROJECT_ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
SAMPLE = PROJECT_ROOT / "data" / "sample"

# why a block may stay undone
REASONS = {"network", "cluster", "hours"}
# what is appended to a training, so that it takes seconds; a page that wants whole trainings says so
_SHORT = {
    "trainer.limit_batches": "3",
    "trainer.max_epochs": "2",
    "report.plots": "false",
    "report.resamples": "40",
    "hydra.sweeper.trials": "2",
    "trainer.progress_bar": "false",
}
_FILE = re.compile(r"# (\w[\w/.]*\.(?:py|yaml))\n")


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        page: it stands on.
        line: where it begins.
        language: such as `console`.
        text: of it.
        note: the comment above it, such as `not run: network`; empty if there is none.
    """

    page: Path
    line: int
    language: str
    text: str
    note: str

    @property
    def reason(self) -> str:
        """Why it is not run; empty if it is."""
        return self.note.removeprefix("not run: ") if self.note.startswith("not run: ") else ""

    @property
    def commands(self) -> list[tuple[str, list[str]]]:
        """Of a console block: each command, and the lines that it is said to print."""
        found: list[tuple[str, list[str]]] = []
        for line in self.text.splitlines():
            if line.startswith("$ "):
                found.append((line.removeprefix("$ "), []))
            else:
                found[-1][1].append(line)
        return found


@cache
def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found, note = [], ""
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type == "html_block":
            note = token.content.strip().removeprefix("<!--").removesuffix("-->").strip()
        elif token.type == "fence":
            assert token.map
            found.append(Block(page, token.map[0] + 1, token.info, token.content, note))
            note = ""
        elif token.type == "heading_open":
            note = ""
    return found


def edits(diff: str) -> list[tuple[Path, str, str]]:
    """What a diff without line numbers changes: file, the lines that stand there, the lines that take their place."""
    found = []
    for part in diff.split("--- a/")[1:]:
        name, _, hunks = part.partition("\n")
        for hunk in hunks.split("@@\n")[1:]:
            lines = hunk.splitlines(keepends=True)
            old = "".join(line[1:] for line in lines if line[0] in " -")
            new = "".join(line[1:] for line in lines if line[0] in " +")
            found.append((Path(name), old, new))
    return found


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
        self.runs: list[str] = []

    def follow(self, block: Block) -> None:
        """Do what a block says."""
        place = f"{block.page.relative_to(PROJECT_ROOT)}:{block.line}"
        file = _FILE.match(block.text)
        if block.language in ("python", "yaml") and file:
            target = self.folder / file[1]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            done = subprocess.run([sys.executable, "-c", block.text], cwd=self.folder, env=self._environment(), check=False)
            assert done.returncode == 0, place
        elif block.language == "diff":
            self._edit(block.text)
        elif block.language == "console":
            for command, printed in block.commands:
                code, output = self.run(command)
                wrong = block.note == "fails"
                assert code == (2 if wrong else 0), f"{place}: {command}\n{output}"
                self._compare(printed, output, place)
        else:
            assert block.language in ("text", "{toctree}", "{eval-rst}"), f"{place}: what is to be done with it?"

    def run(self, command: str) -> tuple[int, str]:
        """Run a command line; its exit code and all that it printed."""
        words = shlex.split(self._filled_in(command))
        if words[0] != "python":
            done = subprocess.run(words, cwd=self.folder, capture_output=True, text=True, check=False)
            return done.returncode, done.stdout + done.stderr
        name, settings = Path(words[1]).stem, [*words[2:], *self._further(Path(words[1]).stem, words[2:])]
        if self.clone == PROJECT_ROOT:
            done = Command(script(name), settings, self._environment(), cwd=self.folder).finish()
        else:  # other code than what is imported here
            call = [sys.executable, str(self.clone / "scripts" / f"{name}.py"), *settings]
            done = subprocess.run(call, cwd=self.folder, env=self._environment(), capture_output=True, text=True, check=False)
        found = self.folder / "outputs" / "runs"
        new = sorted(set(os.listdir(found)) - set(self.runs), key=lambda run: (found / run).stat().st_mtime) if found.exists() else []
        self.runs += new
        return done.returncode, done.stdout + done.stderr

    def _environment(self) -> dict[str, str]:
        return os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (self.folder, self.clone)))}

    def _filled_in(self, command: str) -> str:
        """With this session's runs and folders in the place of a page's."""
        sweeps = self.folder / "outputs" / "sweeps"
        if sweeps.exists():
            newest = max(sweeps.iterdir(), key=lambda sweep: sweep.stat().st_mtime).name
            command = re.sub(r"outputs/sweeps/[\w.-]+", f"outputs/sweeps/{newest}", command)
        for placeholder, run in zip(("NAME", "OTHER"), reversed(self.runs), strict=False):
            command = re.sub(rf"\b{placeholder}\b", run, command)
        if "EMPTY" in command:
            (self.folder / "EMPTY").mkdir(exist_ok=True)
        return re.sub(r"\bFOLDER\b", str(SAMPLE / "raw"), command)

    def _further(self, name: str, settings: list[str]) -> list[str]:
        """Settings that a reader does not need: where results go, and what shortens a training."""
        given = {setting.partition("=")[0] for setting in settings}
        wanted = {}
        if name not in ("predict", "evaluate"):
            wanted["paths.outputs"] = str(self.folder / "outputs")
        if name in ("train", "baseline", "prepare", "explore") and "data=table" not in settings and "data=movies" not in settings:
            wanted["data.dir"] = str(self.data)
            if "data=imdb" in settings:
                wanted |= {"data.raw": str(SAMPLE / "raw"), "data.dir": str(self.data.with_name("imdb"))}
        if not self.whole:
            known = {"train": ("trainer", "report"), "baseline": ("report",), "compare": ("report",), "evaluate": ("report",)}
            groups = known.get(name, ())
            wanted |= {key: value for key, value in _SHORT.items() if key.partition(".")[0] in groups}
            if "sweep=optuna" in settings or "hydra/sweeper=optuna" in settings:
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
    line = re.sub(r"\S*outputs/", "outputs/", line)
    line = re.sub(r"\d+", "0", re.sub(r"_[0-9a-f]{10}\b", "", line))
    return " ".join(re.sub(r"[−+-](?=0)", "", line).split())
