"""An explanation on a terminal."""

from rich.color import Color
from rich.console import Console
from rich.style import Style
from rich.text import Text

from genre.errors import one_line
from genre.report.colours import THEME, rgb
from genre.report.explain.words import Part, note, readings
from genre.use.explain import Explanation

_SHADES = 5


def print_explanation(explanation: Explanation) -> None:
    """Print it, with colours where the terminal has them and NO_COLOR does not forbid them."""
    console = Console()
    coloured = console.color_system is not None and not console.no_color
    console.print(explained_text(explanation, coloured=coloured), soft_wrap=not coloured)


def explained_text(explanation: Explanation, *, coloured: bool) -> Text:
    """The strongest words for and against each label with their weights, and the text with its words tinted.

    Args:
        explanation: of a text.
        coloured: whether the terminal shows colours; else the tinted text is left out.
    """
    told = Text(note(explanation))
    for reading in readings(explanation):
        told.append(f"\n\n{one_line(reading.label)}", "bold" if coloured else "")
        told.append(
            f" {reading.probability:.2f}, with nothing {reading.baseline:.2f}; completeness error {reading.error:.2g}"
        )
        if coloured:
            told.append("\n")
            for part in reading.parts:
                told.append(_printable(part.text), _tint(part))
        for side in reading.sides:
            words = ", ".join(f"{one_line(word)} {weight:+.3f}" for word, weight in side.words)
            told.append(f"\n  {side.name:<8} {words or '-'}")
    return told


def _printable(text: str) -> str:
    """On one line, white space at the ends kept: it stands between words."""
    return one_line(f"|{text}|")[1:-1]


def _tint(part: Part) -> Style:
    """Black on blue for, black on orange against, the stronger the deeper; nothing for next to nothing."""
    if part.shade == 0:
        return Style()
    tint = rgb(THEME["for" if part.shade > 0 else "against"][0])
    share = abs(part.shade) / _SHADES
    red, green, blue = (255 * (1 - share + share * value) for value in tint)
    return Style(color="black", bgcolor=Color.from_rgb(red, green, blue), underline=part.shade < 0)
