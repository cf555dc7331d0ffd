"""Confident learning: worked by hand, against a loop over the cells, and on errors that were planted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.data.truth import Truth
from genre.report.doctor.confident import Confident, confident_learning
from genre.report.doctor.suggestions import Examined, suggestions_and_genres

# of one label: probability, label, known
FILMS = [
    (0.9, 1, 1),
    (0.7, 1, 1),
    (0.2, 1, 1),  # likely wrong
    (0.1, 0, 1),
    (0.2, 0, 1),
    (0.3, 0, 1),
    (0.8, 0, 1),  # likely missing
    (0.6, 0, 0),  # at the threshold
    (0.5, 0, 0),  # neither here nor there
    (0.1, 0, 0),
]


def found_in(films: list[tuple[float, int, int]]) -> Confident:
    probabilities, labels, known = (np.array(column)[:, None] for column in zip(*films, strict=True))
    return confident_learning(probabilities.astype(float), labels.astype(np.uint8), known.astype(bool))


def test_a_label_worked_by_hand() -> None:
    found = found_in(FILMS)
    assert found.positive == pytest.approx([(0.9 + 0.7 + 0.2) / 3])  # 0.6
    assert found.negative == pytest.approx([(0.9 + 0.8 + 0.7 + 0.2) / 4])  # 0.65: up to 0.35
    assert np.flatnonzero(found.missing).tolist() == [6, 7]
    assert np.flatnonzero(found.wrong).tolist() == [2]
    assert found.joint[:, :, 0].tolist() == [[3, 1], [1, 2], [1, 1]]
    assert found.said[:, 0].tolist() == [4, 3, 3]
    assert found.estimate[:, :, 0] == pytest.approx(np.array([[3, 1], [1, 2], [1.5, 1.5]]))


def test_where_both_thresholds_are_reached_the_likelier_counts() -> None:
    """A model that is worse than none: thresholds of 0.3 with the label and 0.4 without it."""
    found = found_in([(0.3, 1, 1), (0.6, 0, 1), (0.55, 1, 0), (0.45, 0, 0), (0.5, 0, 0)])
    assert found.positive == pytest.approx([0.3])
    assert found.negative == pytest.approx([0.4])
    assert np.flatnonzero(found.missing).tolist() == [1, 2, 4]
    assert np.flatnonzero(found.wrong).tolist() == [0]
    assert found.joint[:, :, 0].tolist() == [[0, 1], [1, 0], [1, 2]]


def test_a_label_that_all_films_have_or_none_or_of_which_nothing_is_known() -> None:
    nothing_there = found_in([(0.9, 0, 1), (0.1, 0, 1), (0.9, 0, 0)])
    assert np.isnan(nothing_there.positive).all()
    assert not nothing_there.missing.any()
    assert nothing_there.estimate[:, :, 0].tolist() == [[2, 0], [0, 0], [1, 0]]
    all_there = found_in([(0.9, 1, 1), (0.1, 1, 1)])
    assert np.isnan(all_there.negative).all()
    assert not (all_there.wrong.any())
    assert not (all_there.missing.any())
    assert all_there.estimate[:, :, 0].tolist() == [[0, 0], [0, 2], [0, 0]]
    unknown = found_in([(0.9, 0, 0), (0.1, 0, 0)])
    assert not (unknown.missing.any())
    assert not (unknown.wrong.any())
    assert unknown.estimate.sum() == 2


@given(st.data())
def test_against_a_loop_over_the_cells(data: st.DataObject) -> None:
    films, labels = data.draw(st.integers(1, 12)), data.draw(st.integers(1, 3))
    random = np.random.default_rng(data.draw(st.integers(0, 10_000)))
    p = random.integers(0, 17, size=(films, labels)) / 16  # sums of which are exact
    known = random.random((films, labels)) < 0.7
    y = ((random.random((films, labels)) < 0.4) & known).astype(np.uint8)
    found = confident_learning(p, y, known)
    for label in range(labels):
        has = [row for row in range(films) if known[row, label] and y[row, label]]
        has_not = [row for row in range(films) if known[row, label] and not y[row, label]]
        joint = np.zeros((3, 2))
        for row in range(films):
            reached = []
            if has and p[row, label] >= sum(p[other, label] for other in has) / len(has):
                reached.append((p[row, label], 1))
            if has_not and 1 - p[row, label] >= sum(1 - p[other, label] for other in has_not) / len(has_not):
                reached.append((1 - p[row, label], 0))
            confident = max(reached)[1] if reached else None
            said = 2 if not known[row, label] else int(y[row, label])
            assert found.missing[row, label] == (confident == 1 and said != 1)
            assert found.wrong[row, label] == (confident == 0 and said == 1)
            if confident is not None:
                joint[said, confident] += 1
        assert found.joint[:, :, label].tolist() == joint.tolist()
        for said, number in enumerate((len(has_not), len(has), films - len(has) - len(has_not))):
            assert found.estimate[said, :, label].sum() == pytest.approx(number)
            if joint[said].sum():
                assert found.estimate[said, :, label] == pytest.approx(joint[said] / joint[said].sum() * number)


def planted(seed: int) -> tuple[Examined, np.ndarray, np.ndarray]:
    """Films with two labels, of a model that errs now and then; errors that were put into them, and what was hidden."""
    random = np.random.default_rng(seed)
    true = random.random((4000, 2)) < [0.3, 0.1]
    probabilities = 1 / (1 + np.exp(-random.normal(np.where(true, 3.5, -3.5), 1.2)))
    flipped = random.random(true.shape) < np.where(true, 0.15, 0.02)
    known = random.random(true.shape) < 0.9
    labels = ((true ^ flipped) & known).astype(np.uint8)
    known |= labels == 1
    truth = Truth(labels, known, labels, np.zeros(2, dtype=bool))
    films = Examined(
        [f"t{row}" for row in range(4000)], ("Drama", "War"), probabilities, truth, np.zeros_like(known), []
    )
    return films, flipped & known, true & ~known


@pytest.mark.parametrize("seed", range(3))
def test_planted_errors_are_found(seed: int) -> None:
    films, flipped, hidden = planted(seed)
    table, genres = suggestions_and_genres(films)
    rows = table["movie_id"].str[1:].astype(int)
    columns = table["genre"].map({"Drama": 0, "War": 1})
    right = np.where(table["state"] == "known", flipped[rows, columns], hidden[rows, columns])
    for kind in ("missing", "wrong"):
        best = table["kind"].eq(kind) & (table["rank"] <= 50)
        assert right[best].mean() > 0.9, kind
    said = films.truth.labels
    for place, estimate in enumerate(genres["estimated_missing"]):
        assert estimate == pytest.approx((flipped & (said == 0))[:, place].sum(), rel=0.4)
    for place, estimate in enumerate(genres["estimated_wrong"]):
        assert estimate == pytest.approx((flipped & (said == 1))[:, place].sum(), rel=0.4)
    for place, estimate in enumerate(genres["estimated_missing_unknown"]):
        assert estimate == pytest.approx(hidden[:, place].sum(), rel=0.4)


def test_the_order_and_the_numbers_of_suggestions() -> None:
    films, _, _ = planted(0)
    table, genres = suggestions_and_genres(films)
    assert table["kind"].tolist()[:4] == ["missing", "wrong", "missing", "wrong"]
    for kind, rows in table.groupby("kind"):
        assert rows["rank"].tolist() == list(range(1, len(rows) + 1))
        assert rows["margin"].is_monotonic_decreasing
        other = 1 - rows["probability"]
        expected = rows["probability"] - other if kind == "missing" else other - rows["probability"]
        assert rows["margin"].to_numpy() == pytest.approx(expected.to_numpy())
    counts = genres[["suggested_missing", "suggested_missing_unknown", "suggested_wrong"]].to_numpy()
    assert counts.sum() == len(table)
    assert set(table.loc[table["kind"] == "wrong", "state"]) == {"known"}
    assert genres["films"].tolist() == films.truth.labels.sum(axis=0).tolist()
    assert genres["unknown"].tolist() == (~films.truth.known).sum(axis=0).tolist()


def test_of_what_a_person_has_decided_nothing_is_suggested() -> None:
    films, _, _ = planted(0)
    before, _ = suggestions_and_genres(films)
    first = before.iloc[0]
    films.settled[int(first["movie_id"][1:]), films.label_names.index(first["genre"])] = True
    after, _ = suggestions_and_genres(films)
    assert len(after) == len(before) - 1
    assert not ((after["movie_id"] == first["movie_id"]) & (after["genre"] == first["genre"])).any()
