"""What commands print, taken apart: tables of Markdown, of the console and of pages, and their cells."""

import html
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pandas as pd

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
WIDE = {"COLUMNS": "400"}  # so that no cell of the console's tables is broken


class Cell(NamedTuple):
    """A number as it is printed: `0.512 (0.498–0.527)`, `≤ 0.002`, `–`.

    Attributes:
        value: itself; nan for `–`.
        low: lower end of its interval; nan without one.
        high: upper end.
        bound: whether it is said to be at most that.
        rounded: half a unit of its last digit, and a little.
    """

    value: float
    low: float
    high: float
    bound: bool
    rounded: float


_CELL = re.compile(r"(≤ )?([-+]?[\d,]+(?:\.(\d+))?)(?: \(([-+]?[\d,.]+)(?:–| to )([-+]?[\d,.]+)\))?$")


def cell(text: str) -> Cell:
    """A number of a table.

    Raises:
        ValueError: when it is none.
    """
    nothing = float("nan")
    if text == "–":
        return Cell(nothing, nothing, nothing, False, 0)
    found = _CELL.match(text.strip())
    if not found:
        raise ValueError(text)
    low, high = (float(end.replace(",", "")) if end else nothing for end in found.group(4, 5))
    return Cell(float(found[2].replace(",", "")), low, high, bool(found[1]), 0.51 * 10.0 ** -len(found[3] or ""))


def markdown_table(text: str, heading: str) -> pd.DataFrame:
    """The first table below a heading, as text; empty where there is no such heading."""
    _, there, rest = text.partition(f"\n## {heading}\n")
    lines = [line for line in rest.partition("\n## ")[0].splitlines() if line.startswith("| ")]
    rows = [[part.strip().replace("\\|", "|") for part in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return pd.DataFrame(rows[2:], columns=rows[0]) if there and rows else pd.DataFrame()


def console_table(text: str, title: str) -> pd.DataFrame:
    """A table of the console by its title, as text: columns stand two blanks apart; empty where there is none."""
    lines = [line.rstrip() for line in text.splitlines()]
    places = [number for number, line in enumerate(lines) if line.strip().startswith(title)]
    if not places:
        return pd.DataFrame()
    head, rule = lines[places[0] + 1], lines[places[0] + 2]
    assert set(rule.strip()) == {"─"}, rule
    rows = []
    for line in lines[places[0] + 3 :]:
        if not line.strip() or not re.search(r"\S\s{2,}\S", line):
            break
        rows.append(re.split(r"\s{2,}", line.strip()))
    return pd.DataFrame(rows, columns=re.split(r"\s{2,}", head.strip()))


def page_table(page: str, name: str) -> pd.DataFrame:
    """A table of a page by the name of its section, as text; empty where there is none."""
    found = re.search(rf'<table id="table-{name}".*?</table>', page, re.DOTALL)
    if not found:
        return pd.DataFrame()
    rows = re.findall(r"<tr\b.*?</tr>", found[0], re.DOTALL)
    head, *body = [[plain(part) for part in re.findall(r"<t[dh]\b.*?</t[dh]>", row, re.DOTALL)] for row in rows]
    return pd.DataFrame(body, columns=head)


def plain(markup: str) -> str:
    """The text of a piece of a page."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup)).strip()


def run_command(script: str, overrides: list[str], **environment: str) -> str:
    """What it prints; its errors too where it fails.

    Raises:
        RuntimeError: when it fails.
    """
    command = [sys.executable, str(SCRIPTS / f"{script}.py"), *overrides]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | WIDE | environment)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
    return done.stdout
