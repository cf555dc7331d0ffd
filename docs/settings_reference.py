"""Writes reference/settings.md: every setting with its type, its default and its meaning.

Run by `make reference`; a test says when the page is not what this would write.
"""

from pathlib import Path

from genre.config.reference import Reference, Setting

PAGE = Path(__file__).parent / "reference" / "settings.md"

_HEAD = """\
# Settings

Every setting with its type, its default and its meaning. Written by `make reference` from `genre/config/schema/` and
`conf/`: change it there.

An option of a group is chosen by `group=option`, a value by its full name: `python scripts/train.py loss=focal
loss.gamma=1.5`. `???` is no default: such a setting must be given. "or null" means that it may be left empty, as in
`data.size=null`. Lists are written in brackets: `data.text=[title,description]`.
"""
_COMMANDS = (
    *("train", "baseline", "evaluate", "ensemble", "predict", "explain", "export", "serve", "compare", "results"),
    *("prepare", "download", "explore", "doctor", "shift", "dashboard"),
)
_RECIPES = ("experiment", "sweep")  # sets of overrides of other groups


def page(reference: Reference) -> str:
    """The page as Markdown."""
    parts = [_HEAD, "## Commands\n"]
    for name in _COMMANDS:
        contents = reference.commands[name]
        parts += [f"### {name}.py\n", _table(reference.settings(contents))]
        if contents.groups:
            parts.append(f"Groups: {', '.join(f'`{one}`' for one in contents.groups)}.\n")
    parts.append("## Groups\n")
    for group, options in reference.groups.items():
        parts.append(f"### {group}\n")
        if group in _RECIPES:
            parts.append("".join(f"- `{group}={option.name}`: {option.purpose}\n" for option in options))
            continue
        for option in options:
            parts.append(f"#### {group}={option.name}\n")
            parts.append(option.purpose + (f" As `{group}={option.base}`, but:" if option.base else "") + "\n")
            parts.append(_table(reference.settings(option, group)))
    return "\n".join(part for part in parts if part)


def _table(settings: list[Setting]) -> str:
    if not settings:
        return ""
    lines = ["| setting | type | default | meaning |", "|---|---|---|---|"]
    for one in settings:
        cells = [f"`{one.name}`", one.kind, f"`{one.default}`", one.meaning]
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    PAGE.write_text(page(Reference()), encoding="utf-8")
