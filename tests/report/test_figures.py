"""Figures as files: their finding is no part of the picture, and a browser that prefers dark shows them so."""

import base64
import re
from pathlib import Path

import pandas as pd
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from PIL import Image

from genre.report.colours import THEME
from genre.report.figures import blank, panel_title, picture, save, single, style
from genre.report.heatmap import heat_map

FINDING = "Drama <b>0.7</b>, War 0.1: " + "long " * 40


def drawn(folder: Path) -> tuple[Figure, str]:
    with style():
        figure, axes = single(FINDING, height=2)
        values = pd.DataFrame({"F1": [0.1, 0.9, None]}, index=["War", "Drama", "News"])
        texts = values.map("{:.1f}".format)
        unsure = pd.DataFrame({"F1": [False, True, False]}, index=values.index)
        heat_map(axes, values, norm=Normalize(0, 1), texts=texts, unsure=unsure)
        shown = picture(figure, folder, "genres", "Genres")
    assert shown.finding == FINDING
    svg = base64.b64decode(shown.svg).decode()
    assert svg == (folder / "genres.svg").read_text()
    return figure, svg


def colours_of_texts(svg: str) -> dict[str, str]:
    found = re.findall(r'<text style="([^"]*)"[^>]*>([^<]*)</text>', svg)
    return {text: (re.findall(r"fill: (#\w{6})", look) or ["#000000"])[0] for look, text in found}


def test_the_finding_stands_beside_the_picture(tmp_path: Path) -> None:
    _, svg = drawn(tmp_path)
    assert "Drama &lt;b&gt;0.7" in svg.partition("</title>")[0].partition("<metadata>")[0]  # the title of the file
    assert not any("0.7" in text for text in colours_of_texts(svg))
    with Image.open(tmp_path / "genres.png") as image:
        assert image.info["Title"] == FINDING


def test_numbers_keep_their_colour_in_the_dark_and_names_do_not(tmp_path: Path) -> None:
    _, svg = drawn(tmp_path)
    colours = colours_of_texts(svg)
    ink, paper = THEME["text"], THEME["page"]
    assert (colours["0.1"], colours["0.9"]) == ("#ffffff", "#000000")
    assert colours["War"] == colours["F1"] == ink[0]
    assert "nan" not in colours
    (rules,) = re.findall(r"@media \(prefers-color-scheme: dark\) \{(.*?)</style>", svg)
    assert f'[style*="fill: {ink[0]}"] {{fill: {ink[1]} !important}}' in rules
    assert f'[style*="fill: {paper[0]}"]:not(text) {{fill: {paper[1]} !important}}' in rules


def test_cells_that_say_little_are_grey(tmp_path: Path) -> None:
    figure, _ = drawn(tmp_path)
    (patch,) = figure.axes[0].patches
    red, green, blue, _ = patch.get_facecolor()
    assert red == green == blue > 0.5
    assert patch.get_xy() == (0, 1)


def test_names_as_long_as_sentences_leave_a_plot_its_room(tmp_path: Path) -> None:
    name = "Strongly correlated electrons, superconductivity and mesoscopic systems in strong magnetic fields"
    with style():
        figure, axes = single("Bars", height=2)
        axes.barh([f"{name} (155)", "War (7)"], [0.4, 0.3])
        axes.set_xlabel(f"cosine to {name}")
        save(figure, tmp_path / "bars")
        maps = blank("Maps", height=3)
        for one in maps.subplots(1, 2):
            values = pd.DataFrame([[0.1, 0.2], [0.3, 0.4]], index=[name, "War"], columns=[name, "War"])
            heat_map(one, values, norm=Normalize(0, 1))
            panel_title(one, name, fontsize=9)
        save(maps, tmp_path / "maps")
    long, short = (label.get_text() for label in axes.get_yticklabels())
    assert short == "War (7)"
    assert long.startswith("Strongly correlated")
    assert long.endswith("fields (155)")  # counts stay
    assert len(long) < 45
    assert axes.get_position().width > 0.4
    right = maps.axes[1]
    for labels in (right.get_yticklabels(), right.get_xticklabels()):
        long, short = (label.get_text() for label in labels)
        assert (long[:8], short) == ("Strongly", "War")
        assert len(long) <= 20
    assert right.get_position().width > 0.2
    assert len(right.get_title()) < 45
    assert right.title.get_fontsize() == 9
