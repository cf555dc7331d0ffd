"""The page of films: which films it chooses, and that their texts are no markup."""

import html.parser

import numpy as np
import pandas as pd
import torch

from genre.config import ReportConfig
from genre.data.truth import Truth
from genre.decision import decide
from genre.report.run.films import SHOWN, best, film_page, surprising, worst
from genre.report.run.report import write_report
from genre.runs.predictions import PartPredictions, Predictions

TABLES = ReportConfig(plots=False, resamples=50, reference_genre=None)

GENRES = ("Drama", "War", "Western")
# probabilities and true labels of five films
FILMS = [
    ([0.9, 0.1, 0.1], [1, 0, 0]),  # right
    ([0.99, 0.02, 0.02], [1, 0, 0]),  # right and surer
    ([0.9, 0.1, 0.1], [1, 0, 1]),  # half right
    ([0.8, 0.1, 0.1], [0, 1, 0]),  # wrong
    ([0.9, 0.001, 0.1], [0, 1, 0]),  # wrong and surer
]


def part(films: list[tuple[list[float], list[int]]]) -> PartPredictions:
    probabilities = torch.tensor([film[0] for film in films])
    truth = Truth.complete(np.array([film[1] for film in films], dtype=np.uint8))
    return PartPredictions(
        [f"t{row}" for row in range(len(films))], probabilities, truth, decide(probabilities, torch.full((3,), 0.5))
    )


def predictions(films: PartPredictions) -> Predictions:
    return Predictions(GENRES, torch.tensor([0.5, 0.4, 0.3]), "val/jaccard", films, films)


def table(texts: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"title": [f"Film {row}" for row in range(len(texts))], "year": "1950", "description": texts})


class Page(html.parser.HTMLParser):
    """What a page says, its elements and what it loads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said = ""
        self.tags: set[str] = set()
        self.links: list[str | None] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.links += [value for name, value in attributes if name in ("src", "href")]

    def handle_data(self, data):
        self.said += data


def test_the_choice_worked_by_hand() -> None:
    films = part(FILMS)
    assert films.jaccard.tolist() == [1, 1, 0.5, 0, 0]
    assert best(films).tolist() == [1, 0, 2]
    assert worst(films).tolist() == [4, 3]
    # -log(0.1 * 0.001 * 0.9), then -log(0.2 * 0.1 * 0.9), -log(0.9 * 0.9 * 0.1), -log(0.9 ** 3), -log(0.99 * 0.98 ** 2)
    assert surprising(films).tolist() == [4, 3, 2, 0, 1]


def test_films_of_equal_rank_keep_their_order_and_sure_mistakes_are_finite() -> None:
    films = part([([1.0, 0.0, 0.0], [0, 1, 0])] * 3)
    assert best(films).tolist() == []
    assert worst(films).tolist() == surprising(films).tolist() == [0, 1, 2]


def test_a_film_is_shown_with_what_was_hit_missed_and_wrong() -> None:
    films = part([([0.9, 0.7, 0.2], [1, 0, 1])])
    page = Page(film_page("loss-bce", predictions(films), table(["A text."]), GENRES, [], lambda *_: []))
    words = " ".join(page.said.split())
    assert "Film 0 1950, Jaccard 0.33 A text. True: ✓ Drama ○ Western Predicted: ✓ Drama ✗ War" in words
    assert "Drama 0.90 ≥ 0.50 · War 0.70 ≥ 0.40 · Western 0.20 < 0.30" in words
    assert "There is none." in words.partition("No genre right, and yet")[2]


def test_texts_are_no_markup_and_nothing_is_loaded() -> None:
    films = table(['A <script>alert("1")</script> & more']).assign(title="<b>Bold</b>", year="")
    page = Page(
        film_page("a<i>b", predictions(part(FILMS[:1])), films, GENRES, [("Command", "<b>x</b>")], lambda *_: [])
    )
    assert not page.tags & {"i", "link", "img"}
    assert "<b>x</b>" in page.said
    assert '<b>Bold</b> Jaccard 1.00\nA <script>alert("1")</script> & more' in page.said
    assert "Films of a<i>b" in page.said
    assert all(str(link).startswith(("#", "report.html")) for link in page.links)


def test_as_many_films_of_each_kind_as_are_shown() -> None:
    page = film_page("loss-bce", predictions(part(FILMS * 30)), table([""] * 150), [], [], lambda *_: [])
    assert page.count("<article") == 3 * SHOWN


def test_a_run_has_its_page(make_run) -> None:
    run = make_run("loss-bce_0123456789", films=60)
    write_report(run, TABLES)
    page = Page((run.path / "report" / "errors.html").read_text())
    assert page.said.split().count("True:") > SHOWN
    assert f"{run.metrics()['test/jaccard']:.3f}" in page.said
