"""Writes docs/reference/licences.md: the licences of all packages in constraints.txt, as they tell them themselves."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PAGE = ROOT / "docs" / "reference" / "licences.md"
LONGEST = 60
SHORT = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "Python Software Foundation License": "PSF-2.0",
    "ISC License (ISCL)": "ISC",
}


def licence(package: Distribution) -> str:
    """What a package says of its licence: an expression, its classifiers, or a short text."""
    meta = package.metadata
    if meta.get("License-Expression"):
        return str(meta["License-Expression"])
    classes = [line.rpartition(" :: ")[2] for line in meta.get_all("Classifier") or [] if line.startswith("License")]
    classes = [name for name in classes if name != "OSI Approved"]
    if classes:
        return ", ".join(SHORT.get(name, name) for name in classes)
    text = str(meta.get("License") or "").strip().partition("\n")[0]
    return text if 0 < len(text) <= LONGEST else "see its files"


def pinned() -> list[str]:
    """Names in constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [canonicalize_name(line.partition("==")[0]) for line in lines if re.match(r"[A-Za-z]", line)]


def needed(name: str, extra: str = "") -> set[str]:
    """Packages that a package needs, directly or not."""
    found: set[str] = set()
    wanted = [(name, extra)]
    seen: set[tuple[str, str]] = set()
    while wanted:
        one = wanted.pop()
        if one in seen:
            continue
        seen.add(one)
        for further in _requirements(*one):
            found.add(canonicalize_name(further.name))
            wanted += [(canonicalize_name(further.name), each) for each in ("", *further.extras)]
    return found


def _requirements(name: str, extra: str) -> Iterator[Requirement]:
    if name == "genre":  # as it stands here, installed or not
        yield from map(Requirement, PROJECT["optional-dependencies"][extra] if extra else PROJECT["dependencies"])
        return
    try:
        texts = distribution(name).requires or []
    except PackageNotFoundError:  # of another platform
        return
    for requirement in map(Requirement, texts):
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield requirement


def page() -> str:
    """The page as Markdown."""
    always = needed("genre")
    extras = sorted(set(PROJECT["optional-dependencies"]) - {"dev"})
    of_extras = {extra: needed("genre", extra) - always for extra in extras}
    rows = []
    for name in pinned():
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue
        with_extras = ", ".join(f"`{extra}`" for extra in extras if name in of_extras[extra])
        rows.append(f"| {name} | {licence(package)} | {'always' if name in always else with_extras or 'tests'} |")
    head = (
        "# Licences of the dependencies\n\n"
        "`genre` is under Apache-2.0, its embedded sample under CC0. The packages that it stands on have licences of\n"
        "their own, as each tells it. None of them is copied into this repository.\n\n"
        "**gensim**, which `features=word2vec` takes, is under the LGPL: it is an extra of its own, imported only\n"
        "there, and may be replaced by another version of it.\n\n"
        "`python docs/licences.py` writes this page. *Always* is what every installation has; else the extra that\n"
        "asks for a package is named, or *tests*. `make audit` looks for known vulnerabilities.\n\n"
        "| package | licence | comes with |\n|---|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
