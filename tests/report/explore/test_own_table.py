"""The report of a table of one's own."""

from pathlib import Path

import pandas as pd
import pytest

from genre.config import compose
from genre.report.document import MOST_SHOWN
from genre.report.explore import explore, film_sections
from genre.report.explore.films import films_of
from tests.layouts import LABELS, labels, tmdb

pytestmark = pytest.mark.usefixtures("only_laid_out")


def test_a_table_without_years(tmp_path: Path) -> None:
    output = tmp_path / "report"
    page = explore(compose("explore", ["data=table", *tmdb(tmp_path), f"output={output}"]))
    assert set(pd.read_csv(output / "tables" / "genres.csv")["genre"]) == set(LABELS)
    assert not (output / "tables" / "funnel.csv").exists()
    assert "No film has a year" in page.read_text()
    assert "unknown" not in page.read_text()


def test_what_a_table_marks_as_unknown(tmp_path: Path) -> None:
    rows = pd.DataFrame({"text": ["One film.", "Another.", "A third."], "genres": ["Drama|?War", "War|?", "Drama|War"]})
    rows.to_csv(tmp_path / "own.csv", index=False)
    settings = [f"data.file={tmp_path}/own.csv", "data.text=[text]", "data.labels_from=genres", "data.unknown_mark='?'"]
    page = explore(compose("explore", ["data=table", *settings, f"output={tmp_path}/report"]))
    unknown = pd.read_csv(tmp_path / "report" / "tables" / "unknown.csv").round(1)
    assert unknown.to_numpy().tolist() == [["Drama", 2, 66.7, 33.3], ["War", 2, 66.7, 33.3]]
    assert "100 % of the zeros are unknown" in page.read_text()


def test_plots_show_the_most_frequent_labels() -> None:
    names = [f"label {number:02}" for number in range(60)]
    table = pd.DataFrame({"description": [f"Text {row}" for row in range(60)], "year": ""})
    labels = pd.DataFrame([[int(label >= row) for label in range(60)] for row in range(60)]).to_numpy(dtype="uint8")
    films = films_of(table, names, labels)  # the last label is the most frequent one
    assert films.frequent.genres == names[-MOST_SHOWN:]
    assert films.frequent.labels.tolist() == labels[:, -MOST_SHOWN:].tolist()


def test_of_equal_genres_and_pairs_none_is_told_alone() -> None:
    rows = [[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 1], [1, 0, 0, 0]]
    films = films_of(
        pd.DataFrame({"description": ["Text"] * 4, "year": ["1990", "2000", "2010", ""]}),
        ["Drama", "Music", "Sport", "War"],
        pd.DataFrame(rows).to_numpy(dtype="uint8"),
    )
    told = film_sections.genres(films).finding
    assert told == "Drama is the most frequent genre (100.0 %), Music, Sport and War the rarest (25.0 %)"
    told = film_sections.cooccurrence(films)[0].finding
    assert told == "Most often together: Drama and Music, 1 film; as often Drama and Sport, Drama and War"


def test_from_when_on_half_of_the_films_are_that_have_a_year() -> None:
    table = pd.DataFrame({"description": ["Text"] * 4, "year": ["1990", "2000", "2010", ""]})
    labels = pd.DataFrame({"War": [1] * 4}).to_numpy(dtype="uint8")
    told = film_sections.films_per_year(films_of(table, ["War"], labels)).finding
    assert told == "Half of the films with a year are from 2000 or later, three quarters from 1990 or later"
    told = film_sections.films_per_year(films_of(table[:3], ["War"], labels[:3])).finding
    assert told.startswith("Half of the films are from 2000 or later")


def test_corrections_are_heeded(tmp_path: Path) -> None:
    cells = "".join(f"0,{label},0\n" for label in LABELS) + "1,Drama,1\n1,Drama,1\n"
    (tmp_path / "corrections.csv").write_text(f"movie_id,genre,value\n{cells}")
    settings = ["data=table", *tmdb(tmp_path), f"data.corrections={tmp_path}/corrections.csv"]
    explore(compose("explore", [*settings, f"output={tmp_path}/report"]))
    counts = pd.read_csv(tmp_path / "report" / "tables" / "genres.csv").set_index("genre")["films"]
    expected = {label: sum(label in labels(row) for row in range(1, 40)) for label in LABELS}
    assert counts.to_dict() == expected | {"Drama": expected["Drama"] + ("Drama" not in labels(1))}
