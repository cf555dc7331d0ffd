"""Tables for a paper: booktabs, the best of each metric in bold, small intervals, daggers for what is significant."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from genre.report.document import as_text

Best = Literal["high", "low"]

PREAMBLE = "% \\input this file; the preamble needs \\usepackage{booktabs,graphicx}\n"
_NO_WIDER_THAN_A_LINE = r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%"
_SPECIAL = {
    **{letter: f"\\{letter}" for letter in "&%$#_{}"},
    **{"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"},
    **{"<": r"\textless{}", ">": r"\textgreater{}", "–": "--", "×": r"$\times$", "≤": r"$\leq$", "−": "$-$"},
}
_INTERVAL = re.compile(r"^(?P<value>\S+) \((?P<ends>.+)\)$")
_MINUS = re.compile(r"(?<!\w)-(?=\d)")


def latex(
    table: pd.DataFrame,
    *,
    name: str,
    caption: str,
    best: Mapping[str, Best],
    daggers: Mapping[str, Collection[int]] | None = None,
    wrapped: Sequence[str] = (),
) -> str:
    """A table environment.

    Args:
        table: numbers and texts; X_low, X_high and X_bound go with X, as for `as_text`.
        name: of its label, `tab:NAME`.
        caption: plain text.
        best: columns whose best value is bold, and whether that is the highest or the lowest.
        daggers: by column, the rows (0 is the first) whose value has a dagger.
        wrapped: columns of long texts, three tenths of the line wide each; the first column is to the left too.
    """
    texts = as_text(table)
    shown = {str(column): [_cell(text) for text in texts[column]] for column in texts}
    for column, which in best.items():
        values = table[column]
        highest = values.max() if which == "high" else values.min()
        for row in np.flatnonzero(values == highest).tolist() if values.nunique() > 1 else ():
            shown[column][row] = re.sub(r"^\S+", r"\\textbf{\g<0>}", shown[column][row])
    for column, marked in (daggers or {}).items():
        for row in marked:
            shown[column][row] = re.sub(r"^\S+", r"\g<0>$^\\dagger$", shown[column][row])
    kinds = dict.fromkeys(shown, "r") | {str(texts.columns[0]): "l"}
    kinds |= dict.fromkeys(wrapped, r"p{0.3\linewidth}")
    head, *rows = [
        f"{' & '.join(cells)} \\\\"
        for cells in [list(map(escaped, shown)), *map(list, zip(*shown.values(), strict=True))]
    ]
    lines = [
        "\\begin{table}",
        "\\centering\\small",
        f"\\caption{{{escaped(caption)}}}",
        f"\\label{{tab:{name}}}",
        _NO_WIDER_THAN_A_LINE,
        f"\\begin{{tabular}}{{{''.join(kinds.values())}}}",
        *["\\toprule", head, "\\midrule", *rows, "\\bottomrule"],
        "\\end{tabular}}",
        "\\end{table}",
    ]
    return "\n".join([*lines, ""])


def escaped(text: str) -> str:
    r"""A text as LaTeX prints it.

    Example:
        >>> print(escaped("f1_macro, 95 %"))
        f1\_macro, 95 \%
    """
    return "".join(_SPECIAL.get(letter, letter) for letter in text)


def _cell(text: str) -> str:
    """A value, its interval small behind it."""
    text = _MINUS.sub("−", text)
    found = _INTERVAL.match(text)
    return f"{escaped(found['value'])} {{\\scriptsize({escaped(found['ends'])})}}" if found else escaped(text)
