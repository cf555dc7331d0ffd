"""Raw files to the clean table."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from genre.config import DataConfig, compose
from genre.data.clean import clean, enrich
from genre.data.descriptions import is_cut, is_placeholder, tidy
from genre.data.merge import merge_films
from genre.data.prepare import clean_file, read_clean
from genre.data.raw import read_raw
from genre.errors import UserError

HEADER = "movie_id,movie_name,year,genre,description\n"


def rows(*films: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(films, columns=["movie_id", "movie_name", "year", "genre", "description", "file"])


def test_rows_of_one_film_are_united() -> None:
    merged = merge_films(
        rows(
            ("t2", "B", "II", "Drama", "Short.", "Drama"),
            ("t1", "A", "", "Drama, War", "Add a Plot", "War"),
            ("t1", "A", "1950", "Action, Drama", "A text.", "Action"),
            (
                "t1",
                "A",
                "1949",
                "Drama",
                "A longer one that is cut ...                See full summary\xa0»",
                "History",
            ),
        ),
        file_genre=False,
    )
    assert merged.to_dict("records") == [
        {"movie_id": "t1", "title": "A", "year": "1949", "description": "A text.", "genres": "Action|Drama|War"},
        {"movie_id": "t2", "title": "B", "year": "", "description": "Short.", "genres": "Drama"},
    ]


def test_the_genre_of_the_file_counts_when_asked_for() -> None:
    film = rows(("t1", "A", "", "Drama", "A text.", "History"), ("t2", "B", "", "Drama", "A text.", ""))
    assert merge_films(film, file_genre=True)["genres"].tolist() == ["Drama|History", "Drama"]


def test_an_unknown_genre_is_named() -> None:
    with pytest.raises(UserError, match="genre cell 'Drama, Dance'"):
        merge_films(rows(("t1", "A", "", "Drama, Dance", "x", "")), file_genre=False)


film_rows = st.lists(
    st.tuples(
        st.sampled_from(["t1", "t2", "t3"]),
        st.sampled_from(["A", "B"]),
        st.sampled_from(["", "I", "1950", "1951"]),
        st.sampled_from(["Drama", "Action, Drama", "News", ""]),
        st.sampled_from(["Add a Plot", "One.", "Two.", "Longer one.", "x ... See full summary\xa0»", ""]),
        st.sampled_from(["Drama", "War", ""]),
    ),
    min_size=1,
    max_size=8,
)


@given(film_rows, st.randoms(use_true_random=False))
def test_merging_does_not_depend_on_the_order_of_rows(films: list[tuple[str, ...]], random) -> None:
    shuffled = list(films)
    random.shuffle(shuffled)
    first, second = (merge_films(rows(*order), file_genre=True) for order in (films, shuffled))
    pd.testing.assert_frame_equal(first, second)
    assert first["movie_id"].is_unique


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "Add a Plot",
        "ADD A PLOT",
        "Plot unknown.",
        "Plot under wraps",
        "The plot is unknown at this time.",
        "N/A",
        "TBA",
        "Plot details are being kept under wraps.",
        "Undisclosed.",
        "The plot is being kept confidential.",
        "Coming soon.",
    ],
)
def test_placeholders_are_known(text: str) -> None:
    assert is_placeholder(pd.Series([text])).all()


@pytest.mark.parametrize(
    "text",
    [
        "A secret.",
        "The plot to kill the king is revealed.",
        "Plot unknown. Sequel to a heist film.",
        "A man of no known address.",
        "The story of a secret society.",
        "Football is life... everything else is mere detail.",
    ],
)
def test_descriptions_are_no_placeholders(text: str) -> None:
    assert not is_placeholder(pd.Series([text])).any()


def test_cut_texts_are_known() -> None:
    texts = pd.Series(
        ["He goes ...                See full summary\xa0»", "On ... See full synopsis »", "See full moon ..."]
    )
    assert is_cut(texts).tolist() == [True, True, False]


def test_tidying() -> None:
    assert tidy(pd.Series(["\n A\xa0man \t walks. "])).tolist() == ["A man walks."]


def test_crawled_texts_fill_gaps_only() -> None:
    films = merge_films(
        rows(
            ("t1", "A", "", "Drama", "Add a Plot", ""),
            ("t2", "B", "", "Drama", "Its own.", ""),
            ("t3", "C", "", "", "x y", ""),
        ),
        file_genre=False,
    )
    crawled = pd.DataFrame({"movie_id": ["t1", "t2"], "description": ["Found.", "Other."], "source": ["omdb", "omdb"]})
    table, counts = clean(enrich(films, crawled))
    assert table[["movie_id", "description", "source"]].to_numpy().tolist() == [
        ["t1", "Found.", "omdb"],
        ["t2", "Its own.", "kaggle"],
    ]
    assert counts == {"films": 3, "placeholder": 0, "cut_text": 0, "no_genre": 1, "clean": 2}


@pytest.fixture
def data(tmp_path: Path) -> DataConfig:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "drama.csv").write_text(HEADER + "t1,A,1950,Drama,A text.\nt2,B,1951,War,Another.\n")
    cfg = compose("train", ["data.crawl=null"]).data
    return replace(cfg, raw=str(tmp_path / "raw"), dir=str(tmp_path / "out"))


def test_the_clean_table_is_made_once(data: DataConfig) -> None:
    file = clean_file(data)
    first = file.stat().st_mtime_ns
    assert clean_file(data) == file
    assert file.stat().st_mtime_ns == first
    raw = Path(data.raw) / "drama.csv"
    raw.write_text(raw.read_text() + "t3,C,1952,Crime,A third.\n")
    assert len(read_clean(clean_file(data))) == 3
    file.write_text("broken")
    assert len(read_clean(clean_file(data))) == 3
    assert json.loads((file.parent / "manifest.json").read_text())["counts"]["clean"] == 3
    assert not list(file.parent.glob(".*"))  # no temporary file is left


def test_a_table_put_there_by_hand_is_taken(data: DataConfig, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "clean_data.csv").write_text(
        "movie_id,title,year,description,genres,source\nt1,A,,x,Drama,kaggle\n"
    )
    assert len(read_clean(clean_file(replace(data, raw=str(tmp_path / "none"))))) == 1


def test_no_data_at_all_says_where_to_get_them(data: DataConfig, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no CSV files there; put the unpacked files of https://www.kaggle.com"):
        clean_file(replace(data, raw=str(tmp_path / "none")))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no readable CSV file"),
        (b"movie_id;movie_name\n1;2\n", "lacks the column 'movie_id'"),
        (b"movie_id,movie_name,year,genre\n1,2,3,Drama\n", "lacks the column 'description'"),
        (HEADER.encode() + b't1,A,1950,Drama,"open\n', "no readable CSV file"),
        (HEADER.encode() + b"t1,A,1950,Drama,\xff\xfe\n", "no readable CSV file"),
        (HEADER.encode("utf-16"), "no readable CSV file"),
    ],
)
def test_a_broken_file_is_named_and_products_stay(data: DataConfig, content: bytes, message: str) -> None:
    before = clean_file(data).read_bytes()
    (Path(data.raw) / "war.csv").write_bytes(content)
    with pytest.raises(UserError, match=message) as caught:
        clean_file(data)
    assert "war.csv" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert (Path(data.dir) / "clean_data.csv").read_bytes() == before


def test_a_byte_order_mark_does_no_harm(data: DataConfig) -> None:
    (Path(data.raw) / "war.csv").write_text("\ufeff" + HEADER + "t9,Z,1960,War,Z.\n")
    assert "t9" in set(read_clean(clean_file(data))["movie_id"])


def test_a_film_in_two_rows_of_the_clean_table_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "clean_data.csv"
    line = "t1,A,,x,Drama,kaggle\n"
    file.write_text("movie_id,title,year,description,genres,source\n" + line + line)
    with pytest.raises(UserError, match="the film t1 stands in two rows"):
        read_clean(file)
    file.write_text("movie_id,title,year,description,genres,source\n")
    with pytest.raises(UserError, match="holds no film"):
        read_clean(file)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(["a", "b", "c"]))
def test_the_order_of_files_changes_nothing(tmp_path: Path, names: list[str]) -> None:
    for name, line in zip(
        names, ["t1,A,1950,Drama,One.\n", "t1,A,1950,War,Two!.\n", "t2,B,,War,Three.\n"], strict=True
    ):
        (tmp_path / f"{name}.csv").write_text(HEADER + line)
    files = sorted(tmp_path.glob("*.csv"), key=os.fspath)
    merged = merge_films(read_raw(files), file_genre=False)
    assert merged["genres"].tolist() == ["Drama|War", "War"]
    assert merged["description"].tolist() == ["Two!.", "Three."]
