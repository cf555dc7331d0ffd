"""The pages that people read, and their code blocks."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt

from genre.paths import PROJECT_ROOT

DOCS = PROJECT_ROOT / "docs"
PAGES = [PROJECT_ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
# why a block may stay undone
REASONS = {"network", "cluster", "GPUs", "hours", "server"}


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
