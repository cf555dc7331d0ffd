"""What raw cells say and leave open, against rows worked by hand."""

import numpy as np
import pandas as pd
import pytest

from genre.imdb.genres import GENRES
from genre.report.explore import cells
from genre.report.explore.cells import RULE, RULES

FULL = "Drama, History, Romance"  # leaves Sci-Fi, Sport, Thriller, War and Western open


def raw_rows(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["movie_id", "file", "genre"], dtype=str)


@pytest.fixture
def rows() -> pd.DataFrame:
    return raw_rows(
        ("t1", "Sport", FULL),  # what it lacks comes after all that it names
        ("t2", "Sport", FULL),
        ("t3", "Sport", "Drama, Sport"),
        ("t4", "Sport", "Animation, Action, Sport"),  # not in order
        ("t5", "Drama", "Animation, Comedy, Crime"),
        ("t6", "Drama", "Western, Action, Comedy"),  # lacks Drama, which comes after the last written name alone
        ("t7", "Action", "Comedy, Drama, Romance"),  # lacks what should be first
        ("t7", "", "sci fi, Short"),  # no genre's file
        ("t8", "War", "Drama"),  # has room, and does not name its file's genre
    )


@pytest.fixture
def distinct(rows: pd.DataFrame) -> pd.DataFrame:
    return cells.distinct_cells(rows, 3)


def test_equal_cells_of_a_file_are_looked_at_once(distinct: pd.DataFrame) -> None:
    assert len(distinct) == 8
    told = distinct.set_index(["file", "genre"])
    assert told.loc[("Sport", FULL)].to_dict() == {
        "rows": 2,
        "names": 3,
        "first": "Drama",
        "ordered": True,
        "full": True,
        "lacking": True,
        "unsaid": True,
    }
    assert told.loc[("", "sci fi, Short"), ["first", "full", "lacking"]].tolist() == ["Sci-Fi", False, False]


def test_cells_by_how_many_names_they_hold(distinct: pd.DataFrame) -> None:
    table = cells.cell_sizes(distinct).round(1)
    assert table.columns.tolist() == ["names", "rows", "percent", "in order", "lack file's genre"]
    assert table.to_numpy().tolist() == [
        [1, 1, 11.1, 100.0, 100.0],
        [2, 2, 22.2, 100.0, 0.0],  # of one row: the other's file is no genre's
        [3, 6, 66.7, 66.7, 83.3],
    ]


def test_a_size_that_no_genres_file_has_is_not_measured() -> None:
    table = cells.cell_sizes(cells.distinct_cells(raw_rows(("t1", "", "Drama"), ("t2", "", "")), 3))
    assert table["names"].tolist() == [0, 1]
    assert table["lack file's genre"].isna().all()


def test_what_stands_first_in_cells_out_of_order(distinct: pd.DataFrame) -> None:
    assert cells.first_names(distinct).to_numpy().tolist() == [["Animation", 1, 50.0], ["Western", 1, 50.0]]
    ordered = cells.distinct_cells(raw_rows(("t1", "War", "Drama, War")), 3)
    assert cells.first_names(ordered).empty


def test_files_and_the_cells_in_them(distinct: pd.DataFrame) -> None:
    table = cells.cells_by_file(distinct, {"Sport": 1.0, "Drama": 0.25}, ["Sport"]).set_index("file")
    # those whose cells lack most on top; a file without full cells last, and rows of no genre's file nowhere
    assert table.index.tolist() == ["Action", "Drama", "Sport", "War"]
    assert table.loc["Sport"].tolist() == [4, 3, 2, pytest.approx(200 / 3), 2, 100, "yes"]
    assert table.loc["Drama"].tolist() == [2, 2, 2, 100, 1, 25, "no"]
    assert table.loc["Action", ["lack its genre", "after last name", "whole"]].tolist() == [1, 0, "no"]
    assert table.loc["War", ["full cells", "lack its genre"]].tolist() == [0, 0]
    assert np.isnan(table.loc["War", "measured"])


def test_each_rule_is_tried_on_what_files_tell(distinct: pd.DataFrame) -> None:
    errors = cells.rule_errors(distinct, 3).set_index("after the name")
    assert errors.columns.tolist() == ["in order", "not in order"]
    # of cells in order, Sport (twice), Drama, Action and War are lacking; of others, one Drama
    assert errors.loc[RULE].tolist() == [60, 0]
    assert errors.loc["last written"].tolist() == [60, 100]
    assert errors.loc["first written"].tolist() == [60, 0]
    alone = distinct[distinct["ordered"]]
    assert np.isnan(cells.rule_errors(alone, 3)["not in order"]).all()


@pytest.mark.parametrize(
    ("rule", "unsaid"),
    [
        (RULE, []),
        ("last written", ["Mystery", "Sci-Fi", "Sport", "Thriller", "War"]),
        ("first written", ["Sci-Fi", "Sport", "Thriller", "War"]),
    ],
)
def test_rules_differ_where_a_cell_is_not_in_order(rule: str, unsaid: list[str]) -> None:
    assert RULES[rule]("Romance, Western, Musical", 3) == unsaid
    assert RULES[rule]("Romance, Western", 3) == []
    assert RULES[rule]("", 3) == []


def test_a_genre_is_unsaid_of_a_film_if_it_is_in_all_of_its_rows() -> None:
    rows = raw_rows(
        ("t2", "Sport", "Drama, Romance, Thriller"),  # Sci-Fi and Sport would stand before Thriller
        ("t1", "Drama", FULL),
        ("t2", "Drama", FULL),
        ("t3", "Drama", FULL),
        ("t3", "Drama", "Drama"),  # has room
    )
    unsaid = cells.unsaid_of_films(rows, pd.Series(["t1", "t2", "t3"]), RULES[RULE], 3)
    assert unsaid.shape == (3, 21)
    told = [[genre for genre, there in zip(GENRES, film, strict=True) if there] for film in unsaid]
    assert told == [["Sci-Fi", "Sport", "Thriller", "War", "Western"], ["War", "Western"], []]
