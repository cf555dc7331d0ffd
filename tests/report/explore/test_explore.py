"""The whole data report of small tables."""

import html.parser
import json
from pathlib import Path

import pandas as pd
import pytest

from genre.config import compose
from genre.errors import UserError
from genre.report.explore import explore

pytestmark = pytest.mark.usefixtures("only_laid_out")

HEADER = "movie_id,movie_name,year,genre,description\n"


class Page(html.parser.HTMLParser):
    """What a page says."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.said = ""
        self.feed(file.read_text())

    def handle_data(self, data):
        self.said += data


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of data with one film, whose text would be markup, and no record of how it was made."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "clean_data.csv").write_text(
        "movie_id,title,year,description,genres,source\nt1,A,,A <b>bold</b> & daring film.,War,kaggle\n"
    )
    return folder


def report(data: Path, *overrides: str) -> Path:
    """The page of a report on `data`, in the folder `report` beside it."""
    fixed = [f"data.raw={data / 'none'}", f"data.dir={data}", f"output={data.parent / 'report'}"]
    return explore(compose("explore", [*fixed, *overrides]))


def test_one_film_without_a_year_and_no_record_of_cleaning(data: Path) -> None:
    said = Page(report(data)).said
    for told in (
        "What cleaning took is not known",
        "No film has a year",
        "No word tells a genre",
        "No two films share",
    ):
        assert told in said


def test_texts_of_films_are_no_markup_and_lemmas_and_the_record_are_taken(data: Path) -> None:
    with (data / "clean_data.csv").open("a") as table:
        table.write("t2,B,1950,A <B>Bold</B>  & daring film.,Drama,kaggle\n")
    record = {"films": 5, "repaired": {"html": 1}, "crawled": {"omdb": 2}, "dropped": {"cut_text": 3}, "clean": 2}
    (data / "cleaning_report.json").write_text(json.dumps(record))
    pd.DataFrame({"movie_id": ["t2", "t1"], "lemmas": [["bold"], ["daring"]]}).to_parquet(data / "lemmas.parquet")
    page = report(data)
    assert "<b>" not in page.read_text()
    said = Page(page).said
    assert "a <b>bold</b> & daring film." in said
    assert "lemmas of the descriptions" in said
    assert "Films repaired first: html 1. Descriptions crawled: omdb 2." in said
    assert pd.read_csv(page.parent / "tables" / "funnel.csv").to_numpy().tolist() == [["cut_text", 3, 2]]


def test_a_record_of_another_table_is_none(data: Path) -> None:
    (data / "cleaning_report.json").write_text('{"films": 9, "dropped": {"cut_text": 3}, "clean": 6}')
    assert "What cleaning took is not known" in Page(report(data)).said


def test_films_before_cleaning(data: Path) -> None:
    raw = data / "raw"
    raw.mkdir()
    (raw / "war.csv").write_text(HEADER + 't1,A,1950,"Drama, War",Two brothers part.\nt2,B,,War,Add a Plot\n')
    (raw / "drama.csv").write_text(HEADER + 't1,A,1950,"Drama, War",Two brothers part.\n')
    page = report(data, "which=raw", f"data.raw={raw}")
    assert "3 rows are 2 films, 1 of them in several files" in page.read_text()
    gaps = pd.read_csv(page.parent / "tables" / "gaps_by_genre.csv").set_index("genre")
    assert gaps["placeholder"].to_dict() == {"War": 50, "Drama": 0}
    assert pd.read_csv(page.parent / "tables" / "files.csv").to_numpy().tolist() == [["War", 2], ["Drama", 1]]


ONE = 't1,A,1950,"Drama, History, Romance",A king walks to the sea alone.\n'
TWO = 't2,B,1950,"Action, Drama, Sport",Two boxers share a room and one bed.\n'
THREE = "t3,C,,Drama,The last ferry leaves and nobody sees it.\n"
RAW = {"sports": ONE + TWO, "drama": ONE + TWO + THREE, "history": ONE}  # the cell of t1 has no room for Sport


@pytest.fixture
def raw(data: Path) -> Path:
    folder = data / "raw"
    folder.mkdir()
    for name, lines in RAW.items():
        (folder / f"{name}.csv").write_text(HEADER + lines)
    (data / "clean_data.csv").unlink()
    return folder


def test_what_raw_cells_leave_open(data: Path, raw: Path) -> None:
    page = report(data, "which=raw", f"data.raw={raw}")
    said = Page(page).said
    for told in (
        "83 % of the cells are full, 100 % of these in alphabetical order",
        "1 full cell (20.0 %) without the genre of the file",
        "The rule finds 100.0 % of what cells lack",
        "unknown zeros",
    ):
        assert told in said
    assert "Cells out of order" not in said
    tables = {path.stem: pd.read_csv(path) for path in (page.parent / "tables").iterdir()}
    assert tables["cells"]["rows"].tolist() == [1, 5]
    unsaid = tables["cells_rule"].set_index("after the name")["zeros called unknown"]
    # Sci-Fi, Thriller, War and Western of t1, which has Sport by its file; the last three of t2
    assert unsaid["last in the alphabet"] == 7
    unknown = tables["unknown"].set_index("genre")
    assert unknown.loc["Sport", ["films", "from its file alone", "unknown"]].tolist() == [2, 1, 0]
    assert unknown["unknown"].round().to_dict() == {
        **dict.fromkeys(unknown.index, 0),
        **dict.fromkeys(["Thriller", "War", "Western"], 67),
        "Sci-Fi": 33,
    }


def test_what_is_unknown_of_clean_films(data: Path, raw: Path) -> None:
    page = report(data, f"data.raw={raw}")
    unknown = pd.read_csv(page.parent / "tables" / "unknown.csv").set_index("genre")
    assert unknown.loc["War", ["films", "with it", "unknown"]].tolist() == [0, 0, pytest.approx(66.6667)]
    assert "What is not known" in Page(page).said
    assert not (page.parent / "tables" / "cells.csv").exists()


@pytest.mark.parametrize("which", ["raw", "clean"])
def test_where_cells_have_room_for_all_nothing_is_unknown(data: Path, raw: Path, which: str) -> None:
    page = report(data, f"which={which}", f"data.raw={raw}", "data.cell_size=null")
    said = Page(page).said
    assert "What is not known" not in said
    assert "unknown zeros" not in said
    assert "What the cells say" not in said


def test_what_whole_files_tell_is_known(data: Path, raw: Path) -> None:
    for file in raw.iterdir():
        file.unlink()
    (raw / "war.csv").write_text(HEADER + 't1,A,1950,"Romance, Thriller, War",A king walks.\n')
    (raw / "western.csv").write_text(HEADER + "t2,B,1950,Western,A sheriff rides.\n")
    page = report(data, "which=raw", f"data.raw={raw}", "data.whole_files=[western]")
    said = Page(page).said
    assert "unknown zeros" not in said
    assert "All is known: whole files tell what full cells leave open" in page.read_text()
    unknown = pd.read_csv(page.parent / "tables" / "unknown.csv")
    assert unknown.iloc[0].tolist() == ["Western", 1, 50, 0, 50]


def test_a_folder_with_other_files_is_not_replaced(data: Path) -> None:
    thesis = data.parent / "report" / "thesis.odt"
    thesis.parent.mkdir()
    thesis.write_text("years of work")
    with pytest.raises(UserError, match=r"holds thesis\.odt"):
        report(data)
    assert thesis.read_text() == "years of work"


def test_a_report_takes_the_place_of_the_old_one_only_when_it_is_whole(data: Path) -> None:
    page = report(data)
    before = page.read_bytes()
    table = data / "clean_data.csv"
    table.write_text(table.read_text().replace("War", "Drama"))
    assert report(data).read_bytes() != before
    before = page.read_bytes()
    table.write_text("movie_id,title\n")
    with pytest.raises(UserError, match="lacks the column"):
        report(data)
    assert page.read_bytes() == before
    assert sorted(path.name for path in data.parent.iterdir()) == ["data", "report"]
