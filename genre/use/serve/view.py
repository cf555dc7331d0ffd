"""What the page shows, as HTML that is filled in with text alone."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from genre.templates import templates
from genre.use.serve.served import Served
from genre.use.serve.validation import SHIFTS, moved
from genre.use.serve.words import Words

_FOLDER = Path(__file__).parent
_WIDTH, _HEIGHT = 320, 130  # of the plot of a curve, in its own units
_DASHES = {"precision": "", "recall": "7 4"}


class Bar(NamedTuple):
    """A label of an answer.

    Attributes:
        label: its name.
        probability: of it.
        threshold: from which on it is given.
        given: whether it is.
    """

    label: str
    probability: float
    threshold: float
    given: bool


class Answer(NamedTuple):
    """What a model says of a text.

    Attributes:
        name: of the model.
        bars: of its L labels, in the order of the page.
        fallback: whether no label reaches its threshold, and one is given nevertheless.
    """

    name: str
    bars: list[Bar]
    fallback: bool


def answer(served: Served, probabilities: pd.Series, shift: float, order: Sequence[str] = ()) -> Answer:
    """From probabilities (L,) to what is shown of them.

    Args:
        served: the model.
        probabilities: that it gives.
        shift: of its thresholds, see `moved`.
        order: of labels, as far as it knows them; the others follow, the likeliest first.
    """
    thresholds = moved(served.model.thresholds, shift)
    given = served.decided(probabilities, thresholds)
    likeliest = probabilities.sort_values(ascending=False, kind="stable").index
    labels = [*(label for label in order if label in thresholds), *(one for one in likeliest if one not in order)]
    bars = [Bar(label, float(probabilities[label]), thresholds[label], label in given) for label in labels]
    return Answer(served.name, bars, all(bar.probability < bar.threshold for bar in bars))


def answers_html(answers: Sequence[Answer], words: Sequence[Words] = ()) -> str:
    """The answers of one or two models.

    Args:
        answers: in their order.
        words: of the text, for each model; empty where nobody has asked for them.
    """
    sets = [{bar.label for bar in one.bars if bar.given} for one in answers]
    differing = sets[0] ^ sets[-1]
    return _filled("answers", answers=answers, words=words or [None] * len(answers), differing=differing)


def refusal_html(reason: str) -> str:
    """Why there is no answer."""
    return _filled("refusal", reason=reason)


def validation_html(models: Sequence[Served], shift: float) -> str:
    """What thresholds that are moved do to the validation films of each model's run."""
    shown: list[dict[str, Any]] = []
    for served in models:
        record = served.validation
        if record is None:
            shown.append({"name": served.name})
            continue
        lines = [(name, _line(record.curve[name]), _DASHES[name]) for name in ("precision", "recall")]
        shown.append(
            {
                "name": served.name,
                "films": len(record.probabilities),
                "chosen": record.scores(0),
                "now": record.scores(shift),
                "lines": lines,
                "at": _across(shift),
                "genres": record.of_labels(shift),
            }
        )
    example = moved({"": 0.5}, shift)[""]
    return _filled("validation", models=shown, shift=shift, example=example, size=(_WIDTH, _HEIGHT))


def form_html(formats: Sequence[str], megabytes: int, rows: int, name: str) -> str:
    """The form for a table."""
    return _filled("form", formats=formats, megabytes=megabytes, rows=rows, name=name)


def about_html(models: Sequence[Served]) -> str:
    """What is asked here, and where it goes."""
    return _filled("about", models=models)


def style(theme: Mapping[str, tuple[str, str]]) -> str:
    """The page's own rules of style.

    Args:
        theme: colours by name, light and dark.
    """
    variables = ["; ".join(f"--{name}: {shades[dark]}" for name, shades in theme.items()) for dark in (0, 1)]
    rules = (_FOLDER / "page.css").read_text(encoding="utf-8")
    return f":root {{ {variables[0]} }}\n.dark {{ {variables[1]} }}\n{rules}"


def script() -> str:
    """The page's own script."""
    return (_FOLDER / "page.js").read_text(encoding="utf-8")


def _line(values: pd.Series) -> str:
    """Points of a curve over `SHIFTS`, for SVG."""
    return " ".join(
        f"{_across(shift):.1f},{_HEIGHT * (1 - value):.1f}" for shift, value in zip(SHIFTS, values, strict=True)
    )


def _across(shift: float) -> float:
    return _WIDTH * (shift - SHIFTS[0]) / (SHIFTS[-1] - SHIFTS[0])


def _filled(block: str, **values: Any) -> str:
    template = templates(_FOLDER).get_template(f"{block}.html.jinja")
    return template.render(values)
