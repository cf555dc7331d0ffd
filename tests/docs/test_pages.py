"""What README.md and docs/ say holds: links, tables and numbers here, commands as far as they compose; see test_sessions."""

import re
import shlex
from collections import Counter
from pathlib import Path

import pytest
import yaml
from hydra.core.override_parser.overrides_parser import OverridesParser

import genre
from genre.config import compose
from genre.config.overrides import taken_as_typed
from genre.paths import CONF_DIR, PROJECT_ROOT, SCRIPTS
from tests.docs.pages import DOCS, PAGES, REASONS, blocks, edits
from tests.test_layers import FLOORS

FRONT = PROJECT_ROOT / "README.md"
LINKED = [*PAGES, *(PROJECT_ROOT / name for name in ("CONTRIBUTING.md", "RESULTS.md", "CHANGELOG.md"))]
README, RESULTS = (file.read_text(encoding="utf-8") for file in (FRONT, PROJECT_ROOT / "RESULTS.md"))


def name(page: Path) -> str:
    return page.relative_to(PROJECT_ROOT).as_posix()


def options(group: str) -> set[str]:
    return {file.stem for file in (CONF_DIR / group).glob("*.yaml")}


def table(page: Path, heading: str) -> list[list[str]]:
    """The rows of the first table below a line."""
    lines = page.read_text(encoding="utf-8").split(f"{heading}\n", 1)[1].splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("|"))
    last = next((number for number, line in enumerate(lines[first:], first) if not line.startswith("|")), len(lines))
    return [line.strip("| ").split(" | ") for line in lines[first + 2 : last]]


def named(rows: list[list[str]]) -> set[str]:
    """What the first column has in backticks."""
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row[0])}


def edited(page: Path) -> bool:
    """Whether a page changes the code before its commands are run."""
    return any(block.language == "diff" for block in blocks(page))


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", LINKED, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("https://", "http://")):
            continue
        place, _, anchor = target.partition("#")
        file = (page.parent / place).resolve() if place else page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


def test_the_readme_is_a_screen_and_a_half() -> None:
    assert len(README.splitlines()) <= 150


def test_results_of_the_readme_are_those_of_the_document() -> None:
    rows = table(FRONT, "## Results")
    assert len(rows) == 5
    best = RESULTS.split("## The best of each model")[1].splitlines()
    theirs = [line for line in best if re.search(r"\d \(\d", line)][:5]
    for ours, line in zip(rows, theirs, strict=True):
        assert line.strip("| ").split(" | ")[2:5] == ours[1:]


def test_numbers_of_runs_and_films_are_those_of_the_document() -> None:
    systems, films = re.search(r"runs of (\d+) systems. All were tested on the same ([\d,]+) films", RESULTS).groups()
    assert f"on {films} test films" in README
    assert f"all {systems} systems" in README
    cells = next(line for line in RESULTS.split("## Against what")[1].splitlines() if "experiment=best" in line)
    assert f"`experiment=best` has {cells.split(' | ')[1][:5]} there" in README


@pytest.mark.parametrize(
    ("page", "heading", "there_is"),
    [
        (FRONT, "## Losses", options("loss")),
        (DOCS / "explanation/choosing-a-loss.md", "# Choosing a loss", options("loss")),
        (DOCS / "how-to/train.md", "## Choose a model", options("model")),
        (DOCS / "how-to/sweeps.md", "## A grid", options("sweep")),
        (DOCS / "how-to/oversample.md", "# Oversample rare genres", options("oversample") - {"none"}),
        (DOCS / "how-to/clusters.md", "## Many runs at once", options("hydra/launcher")),
        (DOCS / "explanation/thresholds.md", "# Thresholds and calibration", options("decision")),
        (DOCS / "explanation/thresholds.md", "## Calibration", options("calibration")),
        (
            DOCS / "explanation/performance.md",
            "## Measure it yourself",
            {file.name for file in (PROJECT_ROOT / "benchmarks").glob("*.py")},
        ),
        (DOCS / "reference/commands.md", "# Commands", {file.name for file in SCRIPTS.glob("*.py")}),
        (DOCS / "reference/layout.md", "The packages stand on floors", {name for floor in FLOORS for name in floor}),
    ],
    ids=lambda value: value.stem if isinstance(value, Path) else "",  # the same in every process
)
def test_tables_list_what_there_is(page: Path, heading: str, there_is: set[str]) -> None:
    heading = next(line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith(heading))
    rows = table(page, heading)
    if "layout" in page.name:
        rows = [row[1:] for row in rows]
    assert named(rows) == there_is


def test_packages_of_the_api_are_those_of_the_code() -> None:
    root = Path(genre.__file__).parent
    packages = {".".join(file.parent.relative_to(root.parent).parts) for file in root.rglob("__init__.py")}
    assert set(re.findall(r"^   (genre[\w.]*)$", (DOCS / "reference/api.md").read_text(), re.MULTILINE)) == packages, (
        "list it there"
    )


def test_who_cites_cites_this_version() -> None:
    assert yaml.safe_load((PROJECT_ROOT / "CITATION.cff").read_text())["version"] == genre.__version__


def test_each_block_is_run_or_says_why_not() -> None:
    every = [block for page in PAGES for block in blocks(page)]
    assert {block.reason for block in every} - {""} <= REASONS
    # what is only shown says so by its language
    known = {"console", "python", "yaml", "diff", "latex", "text", "{toctree}", "{eval-rst}", "{include} ../RESULTS.md"}
    assert {block.language for block in every} <= known
    assert Counter(block.language for block in every)["console"] > 30


def composed(command: str) -> None:
    """Compose a command's settings, of a sweep those of its first job."""
    words = shlex.split(re.sub(r"\bFOLDER\b", "data/sample/raw", command))
    script = Path(words[1]).stem
    _, overrides = taken_as_typed(words[2:], script)
    first = []
    for override in overrides:
        read = OverridesParser.create().parse_override(override)
        if not read.is_sweep_override():
            first.append(override)
        elif not read.is_interval_sweep():
            first.append(f"{read.key_or_group}={next(iter(read.sweep_string_iterator()))}")
    compose(script, [override for override in first if not override.startswith("hydra")])


FIRST = [FRONT, *(page for page in PAGES if "tutorials" in page.parts)]  # pages of which a rename would be seen at once


@pytest.mark.parametrize(
    "page", [*FIRST, *(pytest.param(page, marks=pytest.mark.slow) for page in PAGES if page not in FIRST)], ids=name
)
def test_commands_compose(page: Path) -> None:
    commands = [
        command
        for block in blocks(page)
        if block.language == "console" and block.note != "fails" and not edited(page)
        for command, _ in block.commands
        if command.startswith("python scripts/") and "--config-dir" not in command and "code=" not in command
    ]
    for command in commands:
        composed(command)


@pytest.mark.parametrize("page", [page for page in PAGES if edited(page)])
def test_edits_fit_the_code(page: Path) -> None:
    (block,) = (block for block in blocks(page) if block.language == "diff")
    for file, old, new in edits(block.text):
        assert (PROJECT_ROOT / file).read_text(encoding="utf-8").count(old) == 1, f"{file}: {old}"
        assert new != old
