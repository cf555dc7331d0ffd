"""Everything that is read can be read: contrast, as WCAG 2.2 defines it, of text on what it stands on."""

import re
from pathlib import Path

import numpy as np
import pytest
from matplotlib import colormaps

from genre.report import document, heatmap
from genre.report.colours import THEME, contrast, grey_like, ink_on, luminance, rgb

ENOUGH = 4.5
INKS = {"black": "#000000", "white": "#ffffff"}
TEMPLATES = sorted(Path(document.__file__).parent.rglob("*.jinja"))


def test_contrast_by_hand() -> None:
    assert contrast(rgb("#000000"), rgb("#ffffff")) == pytest.approx(21)
    assert contrast(rgb("#ffffff"), rgb("#777777")) == pytest.approx(4.478, abs=1e-3)  # known to fail by a little
    assert luminance(rgb("#ff0000")) == pytest.approx(0.2126)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["page", "card", "marked"])
@pytest.mark.parametrize("text", ["text", "quiet", "hit", "missed", "wrong"])
def test_text_of_pages(text: str, ground: str, scheme: int) -> None:
    assert contrast(rgb(THEME[text][scheme]), rgb(THEME[ground][scheme])) >= ENOUGH


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["for", "against"])
def test_words_of_explanations(ground: str, scheme: int) -> None:
    assert contrast(rgb(THEME["text"][scheme]), rgb(THEME[ground][scheme])) >= ENOUGH


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_lines_that_say_something_are_seen(scheme: int) -> None:
    for line in ("edge", "focus"):
        assert contrast(rgb(THEME[line][scheme]), rgb(THEME["page"][scheme])) >= 2.9


@pytest.mark.parametrize("colours", ["cividis", "cividis_r", "vlag"])
def test_numbers_of_heat_maps(colours: str) -> None:
    assert heatmap.sns  # which knows vlag
    for red, green, blue, _ in colormaps[colours](np.linspace(0, 1, 200)):
        colour = red, green, blue
        ink = rgb(INKS[ink_on(colour)])
        assert contrast(ink, colour) >= ENOUGH
        grey = grey_like(colour)
        assert len(set(grey)) == 1
        assert luminance(grey) == pytest.approx(luminance(colour), abs=1e-6)
        assert contrast(ink, grey) >= ENOUGH


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_pages_have_no_colours_of_their_own(template: Path) -> None:
    style = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|href=\"[^\"]*\"", "", template.read_text(encoding="utf-8"))
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(|opacity", style)
