import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genre.config import compose
from genre.data.duplicates import folded, near_groups
from genre.data.split import Split, cached_split, completed_split, enlarged_split, stratified_split, training_subset
from genre.errors import UserError
from genre.imdb.genres import genre_matrix
from genre.imdb.prepare import clean_table
from genre.imdb.source import read_clean
from genre.paths import PROJECT_ROOT
from tests.corpora import corpus_of

SHARES = np.linspace(0.5, 0.01, 21)


def labels(films: int, seed: int = 0) -> np.ndarray:
    return (np.random.default_rng(seed).random((films, 21)) < SHARES).astype(np.uint8)


@settings(max_examples=25)
@given(st.integers(10, 400), st.integers(0, 5))
def test_the_parts_are_disjoint_and_complete(films: int, seed: int) -> None:
    split = stratified_split(labels(films, seed), np.arange(films), val_share=0.1, test_share=0.1, seed=seed)
    assert sorted(np.concatenate(split)) == list(range(films))


def test_every_label_is_shared_out_in_proportion() -> None:
    table = labels(5000)
    split = stratified_split(table, np.arange(5000), val_share=0.1, test_share=0.1, seed=0)
    for part, share in zip(split, (0.8, 0.1, 0.1), strict=True):
        assert len(part) == pytest.approx(share * 5000, abs=50)
        expected = table.sum(axis=0) * share
        assert np.abs(table[part].sum(axis=0) - expected).max() <= 2 + 0.08 * expected.max()


def test_the_split_depends_on_its_seed_alone() -> None:
    table = labels(300)
    groups = np.arange(300)
    first, again, other = (
        stratified_split(table, groups, val_share=0.1, test_share=0.1, seed=seed) for seed in (0, 0, 1)
    )
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first.test, other.test)


def test_too_few_films() -> None:
    with pytest.raises(UserError, match="9 films are too few"):
        stratified_split(labels(9), np.arange(9), val_share=0.1, test_share=0.1, seed=0)
    with pytest.raises(UserError, match="2 films are too few"):  # the many under two descriptions count as two
        stratified_split(labels(50), np.arange(50) % 2, val_share=0.1, test_share=0.1, seed=0)


@settings(max_examples=25)
@given(st.integers(60, 300), st.integers(12, 50), st.integers(0, 5))
def test_no_group_stands_in_two_parts(films: int, groups: int, seed: int) -> None:
    group = np.random.default_rng(seed).integers(groups, size=films)
    split = stratified_split(labels(films, seed), group, val_share=0.2, test_share=0.2, seed=seed)
    assert sorted(np.concatenate(split)) == list(range(films))
    inside = [set(group[part]) for part in split]
    assert not inside[0] & inside[1]
    assert not inside[0] & inside[2]
    assert not inside[1] & inside[2]


def test_films_under_one_text_or_nearly_one_stay_together(tmp_path: Path) -> None:
    words = np.random.default_rng(0).integers(10_000, size=(100, 20)).astype(str)
    texts = [" ".join(row) for row in words]
    remakes = [text.upper() + "!" for text in texts[:20]]  # the same but for case and punctuation
    releases = [f"{text} restored" for text in texts[20:40]]
    short = ["Rain."] * 10
    table = pd.DataFrame({"description": [*texts, *remakes, *releases, *short]})
    groups = near_groups(folded(table["description"]))
    assert (groups[100:140] == groups[:40]).all()
    assert len(set(groups[:100])) == 100
    assert len(set(groups[140:])) == 1
    assert groups[140] not in groups[:140]
    split = cached_split(table, labels(150), tmp_path, "any", None, val_share=0.2, test_share=0.2, seed=0)
    part_of = np.zeros(150, dtype=int)
    for number, rows in enumerate(split):
        part_of[rows] = number
    assert (part_of[100:140] == part_of[:40]).all()
    assert len(set(part_of[140:])) == 1
    assert len(set(part_of[:40])) == 3  # or nothing was shown


@given(st.integers(2, 300), st.floats(0.01, 1), st.floats(0.01, 1))
def test_a_smaller_subset_is_part_of_a_larger_one(films: int, one: float, other: float) -> None:
    table = labels(films)
    sizes = sorted(max(size, 1 / films) for size in (one, other))
    small, large = (training_subset(table, size, seed=3) for size in sizes)
    assert set(small) <= set(large)
    assert len(large) == round(sizes[1] * films)


@pytest.mark.parametrize("wanted", [50, 500, 1000])
def test_a_subset_keeps_the_shares_of_labels(wanted: int) -> None:
    table = labels(5000)
    expected = table.sum(axis=0) * wanted / 5000

    def error(rows: np.ndarray) -> float:
        return np.abs(table[rows].sum(axis=0) - expected).sum()

    at_random = np.median([error(np.random.default_rng(seed).permutation(5000)[:wanted]) for seed in range(50)])
    chosen = np.median([error(training_subset(table, wanted, seed=seed)) for seed in range(50)])
    assert len(training_subset(table, wanted, seed=0)) == wanted
    assert chosen < 0.85 * at_random


@pytest.mark.parametrize("many", [70, 300])
def test_many_labels(many: int) -> None:
    """More than fit into one integer."""
    random = np.random.default_rng(0)
    table = (random.random((2000, many)) < 1.5 / many).astype(np.uint8)
    table[table.sum(axis=1) == 0, 0] = 1
    shares = {"val_share": 0.1, "test_share": 0.1}
    split = stratified_split(table, np.arange(2000), **shares, seed=0)
    assert sorted(np.concatenate(split)) == list(range(2000))
    small, large = (training_subset(table, size, seed=0) for size in (100, 1000))
    assert set(small) < set(large)

    def error(rows: np.ndarray) -> float:
        return np.abs(table[rows].sum(axis=0) - table.sum(axis=0) / 2).sum()

    at_random = np.median([error(np.random.default_rng(seed).permutation(2000)[:1000]) for seed in range(20)])
    assert error(large) < 0.9 * at_random


def test_a_given_split_is_taken_as_it_is() -> None:
    parts = ["test", "train", "train", "val"] * 5
    split = completed_split(parts, labels(20), np.arange(20), val_share=0.1, test_share=0.1, seed=0)
    assert split.val.tolist() == [3, 7, 11, 15, 19]
    assert split.test.tolist() == [0, 4, 8, 12, 16]
    assert sorted(np.concatenate(split)) == list(range(20))


@pytest.mark.parametrize("given", ["val", "test"])
def test_the_part_that_is_not_given_is_cut_from_training_films(given: str) -> None:
    parts = [given, *["train"] * 4] * 40
    split = completed_split(parts, labels(200), np.arange(200) // 2, val_share=0.25, test_share=0.25, seed=0)
    other = "test" if given == "val" else "val"
    assert getattr(split, given).tolist() == list(range(0, 200, 5))
    assert len(getattr(split, other)) == pytest.approx(40, abs=8)
    assert sorted(np.concatenate(split)) == list(range(200))
    groups = {part: {row // 2 for row in rows if row % 5} for part, rows in split._asdict().items()}
    assert not groups["train"] & groups[other]


def test_films_for_training_alone_leave_the_split_of_the_others() -> None:
    drawn, shares = labels(300), {"val_share": 0.2, "test_share": 0.2, "seed": 3}
    extra = np.arange(300) % 3 == 0
    table = pd.DataFrame({"description": [f"Film {row} of a king and his {row} sons." for row in range(300)]})
    own = stratified_split(drawn[~extra], np.arange(200), **shares)
    rows = np.flatnonzero(~extra)
    first_tested = rows[own.test[0]]
    table.loc[0, "description"] = table["description"][first_tested]  # an extra film that is nearly one held out
    split = enlarged_split(table, drawn, extra, **shares)
    assert (split.val.tolist(), split.test.tolist()) == (rows[own.val].tolist(), rows[own.test].tolist())
    assert split.train.tolist() == sorted({*rows[own.train], *np.flatnonzero(extra)} - {0})


def test_a_given_split_without_training_films() -> None:
    with pytest.raises(UserError, match="no row is for training"):
        completed_split(["val", "test"], labels(2), np.arange(2), val_share=0.1, test_share=0.1, seed=0)


def test_sizes_of_subsets() -> None:
    table = labels(50)
    assert len(training_subset(table, None, seed=0)) == 50
    assert len(training_subset(table, 1.0, seed=0)) == 50
    assert len(training_subset(table, 7, seed=0)) == 7
    with pytest.raises(UserError, match="data.size=51: there are 50 training films"):
        training_subset(table, 51, seed=0)
    with pytest.raises(UserError, match=r"data.size=0.001"):
        training_subset(table, 0.001, seed=0)


RAW = Path(os.environ.get("GENRE_RAW", PROJECT_ROOT / "data" / "imdb" / "raw"))


@pytest.mark.skipif(not RAW.is_dir(), reason="needs the Kaggle files: GENRE_RAW=FOLDER")
def test_real_films_under_one_text_stay_together(tmp_path: Path) -> None:
    """With the rules of cleaning against repeated descriptions off; a split film by film would tear them apart."""
    rules = ["data.rules.duplicate=false", "data.rules.near_duplicate=false", "data.rules.placeholder=false"]
    cfg = compose("prepare", ["data=imdb", f"data.raw={RAW}", f"data.dir={tmp_path}", *rules]).data
    table = read_clean(clean_table(cfg).file)
    matrix = genre_matrix(table["genres"])
    text = table["description"].str.casefold().str.findall(r"\w+").str.join(" ")
    shares = {"val_share": 0.1, "test_share": 0.1, "seed": 0}

    def torn(split: Split) -> int:
        """How many texts stand in more than one part."""
        parts = [set(text.iloc[rows]) for rows in split]
        return len((parts[0] & parts[1]) | (parts[0] & parts[2]) | (parts[1] & parts[2]))

    assert torn(stratified_split(matrix, np.arange(len(table)), **shares)) > 0
    assert torn(cached_split(table, matrix, tmp_path, "any", None, **shares)) == 0


@pytest.mark.skipif(not RAW.is_dir(), reason="needs the Kaggle files: GENRE_RAW=FOLDER")
def test_real_films_whose_texts_were_cut_move_no_other_film(tmp_path: Path) -> None:
    dropped, enlarged = (
        compose(
            "prepare", ["data=imdb", f"data.raw={RAW}", f"data.dir={tmp_path}/{kind}", f"data.truncated={kind}"]
        ).data
        for kind in ("drop", "train")
    )
    own, more = (corpus_of(cfg) for cfg in (dropped, enlarged))
    for part in ("val", "test"):
        assert own.films(part)["movie_id"].tolist() == more.films(part)["movie_id"].tolist()
        assert np.array_equal(own.part_truth(part).labels, more.part_truth(part).labels)
    assert set(own.films("train")["movie_id"]) < set(more.films("train")["movie_id"])
