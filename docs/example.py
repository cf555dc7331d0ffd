"""Keeps a comparison's page as docs/examples/comparison.html: it leads nowhere, for its runs stay where they were made.

Run by `make example`; a test says when the code would write another kind of page.
"""

import re
import sys
from pathlib import Path

PAGE = Path(__file__).parent / "examples" / "comparison.html"


def alone(page: str) -> str:
    """A page without links to pages of runs and without places of the machine it was made on."""
    page = re.sub(r'<a href="(?!#|https?:)[^"]*"[^>]*>(.*?)</a>', r"\1", page, flags=re.DOTALL)
    return page.replace(f"{Path.cwd()}/", "")


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(alone(Path(sys.argv[1]).read_text(encoding="utf-8")), encoding="utf-8")
