"""What the plots of the report show, where a picture tells too little."""

import pandas as pd
from matplotlib.colors import to_rgb

from genre.report.colours import THEME, contrast
from genre.report.explore.plots import KNOWN_COLOURS, known
from genre.report.figures import style


def test_numbers_are_read_on_their_bars_on_a_dark_screen_too() -> None:
    shares = pd.DataFrame({"genre": ["Sport", "War"], "with it": [10.0, 20.0], "unknown": [40.0, 1.0]})
    with style():
        (axes,) = known(shares, title="").axes
    seen, hidden = axes.texts
    assert (seen.get_text(), seen.get_visible(), hidden.get_visible()) == ("40 %", True, False)
    swapped = {to_rgb(light): to_rgb(dark) for light, dark in THEME.values()}
    ink = to_rgb(seen.get_color())
    assert contrast(swapped.get(ink, ink), to_rgb(KNOWN_COLOURS["unknown"])) >= 4.5
