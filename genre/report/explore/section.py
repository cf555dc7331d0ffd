"""What every part of the report consists of."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure


@dataclass(frozen=True)
class Section:
    """A part of the report.

    Attributes:
        name: of its files, plots/NAME.png, plots/NAME.svg and tables/NAME.csv.
        heading: what it is about.
        finding: its title, in one line.
        text: how to read it.
        table: its numbers.
        figure: its plot, None where there is nothing to draw.
    """

    name: str
    heading: str
    finding: str
    text: str
    table: pd.DataFrame
    figure: Figure | None


def years_as_names(table: pd.DataFrame) -> pd.DataFrame:
    """A year is a name, not an amount: it has no thousands."""
    return table.assign(year=table["year"].astype(str))
