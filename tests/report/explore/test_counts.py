"""The numbers of the data report, against tables worked by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.data.truth import Truth
from genre.errors import UserError
from genre.imdb.genres import GENRES, genre_matrix
from genre.report.explore import counts
from genre.report.explore.films import Films, films_of

CUT = "A king dies ...                See full summary\xa0»"


def table(*films: tuple[str, str, str]) -> pd.DataFrame:
    rows = [(f"t{row}", f"Film {row}", *film) for row, film in enumerate(films)]
    return pd.DataFrame(rows, columns=["movie_id", "title", "year", "description", "genres"], dtype=str)


def films_with_genres(table: pd.DataFrame) -> Films:
    return films_of(table, GENRES, genre_matrix(table["genres"]))


@pytest.fixture
def films() -> Films:
    return films_with_genres(
        table(
            ("1950", "A duel at dawn.", "Drama|War"),
            ("1950", "Add a Plot", "Drama"),
            ("1953", CUT, "Drama|Western"),
            ("", "  ", "War"),
            ("", "a  DUEL at dawn. ", "Drama|War|Western"),
        )
    )


def test_only_genres_that_occur_are_kept_in_their_order(films: Films) -> None:
    assert films.genres == ["Drama", "War", "Western"]
    assert films.labels.tolist() == [[1, 1, 0], [1, 0, 0], [1, 0, 1], [0, 1, 0], [1, 1, 1]]


def test_films_without_any_genre_are_no_data() -> None:
    with pytest.raises(UserError, match="nothing to report"):
        films_with_genres(table(("1950", "A duel.", "")))


def test_what_films_lack(films: Films) -> None:
    gaps = {kind: np.flatnonzero(films.gaps[kind]).tolist() for kind in films.gaps}
    assert gaps == {"no description": [3], "placeholder": [1], "cut": [2], "no year": [3, 4]}
    assert films.whole.tolist() == [True, False, False, False, True]
    assert films.years.to_dict() == {0: 1950, 1: 1950, 2: 1953}


def test_genres_by_frequency(films: Films) -> None:
    assert counts.genre_counts(films.labels, films.genres).to_numpy().tolist() == [
        ["Drama", 4, 80.0],
        ["War", 3, 60.0],
        ["Western", 2, 40.0],
    ]


def test_genres_per_film(films: Films) -> None:
    assert counts.genres_per_film(films.labels).to_numpy().tolist() == [[1, 2, 40.0], [2, 2, 40.0], [3, 1, 20.0]]
    some = np.array([[0, 0], [1, 1]], dtype=np.uint8)
    assert counts.genres_per_film(some)["films"].tolist() == [1, 0, 1]


def test_genres_together(films: Films) -> None:
    pairs = counts.cooccurrence(films.labels, films.genres)
    assert pairs.to_numpy().tolist() == [[4, 2, 2], [2, 3, 1], [2, 1, 2]]
    assert counts.normalised_by_row(pairs).loc["War"].round(1).tolist() == [66.7, 100.0, 33.3]
    assert counts.normalised_by_column(pairs)["Western"].tolist() == [100.0, 50.0, 100.0]


label_matrices = st.integers(1, 6).flatmap(
    lambda genres: st.lists(st.lists(st.integers(0, 1), min_size=genres, max_size=genres), min_size=1, max_size=12)
)


@given(label_matrices)
def test_properties_of_genres_together(rows: list[list[int]]) -> None:
    labels = np.array(rows, dtype=np.uint8)
    labels = labels[:, labels.sum(axis=0) > 0]
    pairs = counts.cooccurrence(labels, [f"g{column}" for column in range(labels.shape[1])])
    by_row, by_column = counts.normalised_by_row(pairs), counts.normalised_by_column(pairs)
    assert (pairs.to_numpy() == pairs.to_numpy().T).all()
    np.testing.assert_allclose(by_row.to_numpy(), by_column.to_numpy().T)
    np.testing.assert_allclose(np.diag(by_row), 100)
    # a row's sum is the mean number of genres of its films
    for column, total in enumerate(by_row.sum(axis="columns")):
        assert total == pytest.approx(100 * labels[labels[:, column] == 1].sum(axis=1).mean())


def test_lengths() -> None:
    lengths = pd.DataFrame({"characters": range(1, 102), "words": [3] * 101})
    measured = counts.length_quantiles(lengths).set_index("measure")
    assert measured["characters"].to_dict() == {
        "shortest": 1,
        "1% up to": 2,
        "5% up to": 6,
        "25% up to": 26,
        "50% up to": 51,
        "75% up to": 76,
        "95% up to": 96,
        "99% up to": 100,
        "longest": 101,
        "mean": 51,
    }
    assert set(measured["words"]) == {3}


def test_gaps_by_genre(films: Films) -> None:
    rates = counts.gaps_by_genre(films.gaps, films.labels, films.genres).set_index("genre").round(1)
    assert rates.columns.tolist() == ["films", "no description", "placeholder", "cut", "no year"]
    assert rates.to_numpy().tolist() == [[4, 0, 25, 25, 25], [3, 33.3, 0, 0, 66.7], [2, 0, 0, 50, 50]]


def test_gaps_by_year(films: Films) -> None:
    rates = counts.gaps_by_year(films.gaps[["placeholder", "cut"]], films.years)
    assert rates.to_numpy().tolist() == [[1950, 2, 50, 0], [1953, 1, 0, 100]]


def test_films_per_year_names_years_without_films_too(films: Films) -> None:
    assert counts.films_per_year(films.years).to_numpy().tolist() == [[1950, 2], [1951, 0], [1952, 0], [1953, 1]]
    assert counts.films_per_year(films.years[:0]).empty


def test_shared_descriptions() -> None:
    texts = pd.Series(["A b", "a  B ", "other", "x", "X", "x\n", "alone"])
    shared = counts.duplicates(texts)
    assert shared.to_numpy().tolist() == [[3, "x"], [2, "a b"]]
    assert counts.duplicate_groups(shared).to_numpy().tolist() == [
        ["2", 1, 2],
        ["3", 1, 3],
        ["4", 0, 0],
        ["5 to 9", 0, 0],
        ["10 or more", 0, 0],
    ]
    assert counts.duplicates(texts[2:4]).empty


@pytest.mark.parametrize(
    ("films", "group"), [(4, "4"), (5, "5 to 9"), (9, "5 to 9"), (10, "10 or more"), (99, "10 or more")]
)
def test_a_group_is_counted_by_its_size(films: int, group: str) -> None:
    groups = counts.duplicate_groups(counts.duplicates(pd.Series(["same"] * films)))
    assert groups[groups["films"] > 0].to_numpy().tolist() == [[group, 1, films]]


def test_the_funnel_keeps_the_order_of_the_rules() -> None:
    steps = counts.funnel({"films": 100, "dropped": {"placeholder": 20, "cut_text": 0, "no_genre": 5}})
    assert steps.to_numpy().tolist() == [["placeholder", 20, 80], ["cut_text", 0, 80], ["no_genre", 5, 75]]


@pytest.fixture
def truth() -> Truth:
    """Of four films and three genres."""
    labels = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1], [0, 0, 0]], dtype=np.uint8)
    known = np.array([[1, 0, 0], [1, 1, 0], [1, 1, 1], [1, 1, 0]], dtype=bool)
    cells = labels.copy()
    cells[1, 1] = 0
    return Truth(labels, known, cells, np.array([True, False, False]))


def test_what_is_unknown_of_each_genre(truth: Truth) -> None:
    table = counts.unknown_by_genre(truth, ["Drama", "Sport", "War"])
    assert table.columns.tolist() == ["genre", "films", "from its file alone", "with it", "unknown"]
    assert table.to_numpy().tolist() == [["War", 1, 0, 25, 75], ["Sport", 1, 1, 25, 25], ["Drama", 2, 0, 50, 0]]
    assert counts.unknown_share(truth) == 50  # 4 of 8 zeros


def test_what_cells_leave_open_and_files_deny(truth: Truth) -> None:
    unsaid = ~truth.known
    assert "its file says no" not in counts.unknown_by_genre(truth, ["Drama", "Sport", "War"], unsaid)
    unsaid[3] = [True, False, True]
    table = counts.unknown_by_genre(truth, ["Drama", "Sport", "War"], unsaid)
    assert table["its file says no"].tolist() == [0, 0, 25]


def test_where_all_is_known_nothing_is_unknown() -> None:
    complete = Truth.complete(np.ones((2, 1), dtype=np.uint8))
    assert counts.unknown_share(complete) == 0
    assert counts.unknown_by_genre(complete, ["Drama"]).to_numpy().tolist() == [["Drama", 2, 100, 0]]
