"""What a misspelt name was probably meant to be."""

import difflib
from collections.abc import Iterable


def suggestion(name: str, known: Iterable[str]) -> str:
    """Name the known word nearest to `name`, and all that there are.

    Example:
        >>> suggestion("gama", ["alpha", "gamma"])
        "did you mean 'gamma'? (there are: alpha, gamma)"
    """
    visible = sorted(word for word in known if not word.startswith("_"))
    near = difflib.get_close_matches(name, visible, n=1, cutoff=0.5)
    listed = f"there are: {', '.join(visible)}" if visible else "it has no settings"
    return f"did you mean '{near[0]}'? ({listed})" if near else listed
