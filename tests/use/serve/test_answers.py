"""What the page shows of answers and of validation films, as HTML."""

import json
import re
from collections.abc import Iterator
from html import unescape

import pandas as pd
import pytest
import torch

import genre
from genre.calibration import Calibration
from genre.runs import RunFolder
from genre.use.serve.limits import RefusedError, Turns
from genre.use.serve.page import shown, weighed
from genre.use.serve.served import Served
from genre.use.serve.validation import SHIFTS, moved, read_validation, require_shift
from genre.use.serve.view import answer, answers_html, form_html, refusal_html
from genre.use.serve.words import words_of
from tests.use.serve.conftest import settings

TEXT = "A sheriff comes out of retirement."
EVIL = "<img src=x onerror=alert(1)>\"'&"


@pytest.fixture(scope="module")
def model(baseline_run: RunFolder) -> Iterator[Served]:
    turns = Turns(8)
    yield Served(baseline_run.path, settings(baseline_run.path, "characters=1000"), turns)
    turns.close()


@pytest.fixture(scope="module")
def network(finished_run: RunFolder) -> Iterator[Served]:
    turns = Turns(8)
    yield Served(finished_run.path, settings(finished_run.path), turns)
    turns.close()


def bars(html: str) -> list[tuple[str, bool, float, float]]:
    """Label, whether it is marked as given, probability and threshold of each bar."""
    found = []
    for classes, label, inner in re.findall(
        r'<li class="([^"]*)"[^>]*data-label="([^"]*)">(.*?)</li>', html, re.DOTALL
    ):
        given = "given" in classes.split()
        assert ("✓" in inner) == given  # not by colour alone
        assert ("is predicted" in inner) == given
        width, left = (float(value) for value in re.findall(r"(?:width|left): ([\d.]+)%", inner))
        probability, threshold = (float(value) for value in re.findall(r">(?:≥</span>)?\s*(\d\.\d\d)<", inner))
        assert width == pytest.approx(100 * probability, abs=0.6)
        assert left == pytest.approx(100 * threshold, abs=0.6)
        found.append((unescape(label), given, probability, threshold))
    return found


def test_every_genre_has_a_bar_with_its_own_threshold(model: Served) -> None:
    html = shown([model], TEXT, "Noon", 0)
    table = pd.DataFrame({"title": ["Noon"], "description": [TEXT]})
    expected = model.model.probabilities(table).iloc[0].sort_values(ascending=False)
    found = bars(html)
    assert [label for label, *_ in found] == expected.index.tolist()
    assert {label for label, given, *_ in found if given} == set(model.model.predict(table)[0])
    for label, _, probability, threshold in found:
        assert probability == pytest.approx(expected[label], abs=0.006)
        assert threshold == pytest.approx(model.model.thresholds[label], abs=0.006)


def test_moved_thresholds_give_more_genres_or_fewer(model: Served) -> None:
    given = [sum(given for _, given, *_ in bars(shown([model], TEXT, None, shift))) for shift in (-3, 0, 3)]
    assert given[0] > given[1] >= given[2] == 1
    assert "No genre reaches its threshold" in shown([model], TEXT, None, 3)


def test_two_models_stand_side_by_side_in_one_order(model: Served, network: Served) -> None:
    html = shown([model, network], TEXT, None, 0)
    first, second = html.split("</section>")[:2]
    assert [label for label, *_ in bars(first)] == [label for label, *_ in bars(second)]
    assert {label: given for label, given, *_ in bars(second)} == {
        label: label in network.model.predict([TEXT])[0] for label in network.model.labels
    }
    differing = {label for label, given, *_ in bars(first) if given} ^ {
        label for label, given, *_ in bars(second) if given
    }
    assert f"The two differ in: {', '.join(sorted(differing))}." in html


def test_what_comes_from_anywhere_is_text(model: Served) -> None:
    odd = pd.Series({EVIL: 0.9, "War": 0.2})
    labels = Served.__new__(Served)
    labels.name, labels.model = (
        EVIL,
        genre.Model(
            model.model.folder,
            model.model.scorer,
            {EVIL: 0.5, "War": 0.5},
            "probability",
            ["text"],
            Calibration.none(2),
        ),
    )
    for html in (
        answers_html([answer(labels, odd, 0)]),
        refusal_html(EVIL),
        form_html([".csv"], 1, 1, EVIL),
        shown([model], EVIL, EVIL, 0, explained=True),
    ):
        assert "<img" not in html
    assert [label for label, *_ in bars(answers_html([answer(labels, odd, 0)]))] == [EVIL, "War"]


def test_words_are_those_of_the_text_and_weigh_what_an_explanation_says(model: Served) -> None:
    from genre.use.explain import explain

    html = shown([model], f"{TEXT}  <b>Twice</b>", "Noon", 0, explained=True)
    ((weights, inner),) = re.findall(r'<p class="words" data-weights="([^"]*)">(.*?)</p>', html, re.DOTALL)
    assert unescape(re.sub(r"<[^>]*>", "", inner)).split() == f"Noon {TEXT}  <b>Twice</b>".split()
    told = json.loads(unescape(weights))
    assert set(told) == set(model.model.labels)  # a linear model is quick
    table = pd.DataFrame({"title": ["Noon"], "description": [f"{TEXT}  <b>Twice</b>"]})
    found = explain(model.model, table, ["Western"])
    assert told["Western"] == pytest.approx(found.weights[:, 0], abs=1e-5)
    assert len(re.findall("data-word=", inner)) == len(found.words)


def test_a_network_is_asked_for_the_words_of_six_labels(network: Served) -> None:
    words = words_of(network, TEXT, None, network.model.labels)
    assert list(words.weights) == list(network.model.labels[:6])


@pytest.mark.parametrize("text", ["", None, " \n", "\x00", "12 - 7", "half \ud83e", "war " * 300])
@pytest.mark.parametrize("explained", [False, True])
def test_a_text_that_cannot_be_read_is_refused_on_the_page(text: str | None, explained: bool, model: Served) -> None:
    html = shown([model], text, None, 0, explained=explained)
    assert 'role="alert"' in html
    assert not bars(html)
    html.encode()  # a browser can be sent it


@pytest.mark.parametrize("shift", [None, float("nan"), float("inf"), -3.5, 10**400, "1", [1], {}])
def test_thresholds_are_not_moved_by_what_is_no_such_number(shift: object, model: Served) -> None:
    with pytest.raises(RefusedError, match="by a number from -3 to 3"):
        require_shift(shift)
    for html in (shown([model], TEXT, None, shift), weighed([model], shift)):  # type: ignore[arg-type]
        assert 'role="alert"' in html


def test_moved_thresholds_stay_apart_and_in_their_order() -> None:
    thresholds = {"A": 0.01, "B": 0.3, "C": 0.99}
    for shift in SHIFTS:
        values = list(moved(thresholds, shift).values())
        assert 0 < values[0] < values[1] < values[2] < 1
        odds = [value / (1 - value) for value in values]
        before = [value / (1 - value) for value in thresholds.values()]
        assert odds == pytest.approx([torch.tensor(shift).exp().item() * value for value in before], rel=1e-5)
    assert moved(thresholds, 0) == thresholds


@pytest.mark.parametrize("run", ["baseline_run", "finished_run"])
def test_thresholds_as_chosen_score_what_the_run_recorded(run: str, request: pytest.FixtureRequest) -> None:
    folder: RunFolder = request.getfixturevalue(run)
    record = read_validation(folder.path)
    assert record is not None
    part = folder.config().metric.partition("/")[0]  # such as val_known
    metrics = folder.metrics()
    part = part if f"{part}/precision_micro" in metrics else "val"
    scores = record.scores(0)
    for name in ("precision", "recall", "f1"):
        assert scores[name] == pytest.approx(metrics[f"{part}/{name}_micro"], abs=1e-6)
    assert record.curve.loc[0.0].to_dict() == scores
    assert record.curve["labels a film"].is_monotonic_decreasing
    assert record.curve["recall"].iloc[0] > record.curve["recall"].iloc[-1]
    table = record.of_labels(0)
    assert (table["threshold"] == list(record.thresholds.values())).all()


def test_where_there_are_no_validation_films_a_sentence_says_so(model: Served) -> None:
    assert f"{len(model.validation.probabilities)} validation films" in weighed([model], 0)
    bare = Served.__new__(Served)
    bare.name, bare.validation = "films-model", None
    assert "this one has none" in weighed([bare], 1)
