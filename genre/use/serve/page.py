"""The page, made with Gradio: what is typed goes to the models, what they say is shown."""

from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError
from functools import partial

import gradio as gr
from fastapi import FastAPI

from genre.errors import UserError
from genre.use.serve.served import Served
from genre.use.serve.table import FORMATS
from genre.use.serve.validation import SHIFTS, require_shift
from genre.use.serve.view import (
    about_html,
    answer,
    answers_html,
    form_html,
    refusal_html,
    script,
    style,
    validation_html,
)
from genre.use.serve.words import words_of

Theme = Mapping[str, tuple[str, str]]

_html = partial(gr.HTML, apply_default_css=False)  # which has rules of its own for every list and table

_EXAMPLES = [
    (
        "The Long Road",
        "A sheriff comes out of retirement to bring three brothers to trial across two hundred miles of desert.",
    ),
    ("Harbour Lights", "Two friends who cannot stand each other's partners are made to plan one wedding."),
    ("Cellar", "In an empty house by the moor a family hears steps below the floor every night at three."),
]


def shown(
    models: Sequence[Served], text: str | None, title: str | None, shift: float, *, explained: bool = False
) -> str:
    """The answers to a text as HTML, or why there are none.

    Args:
        models: that are asked.
        text: to read.
        title: of the film, for models that read it.
        shift: of the thresholds.
        explained: tell the words that speak for the labels too, which takes a network seconds.
    """
    try:
        require_shift(shift)
        asked = [served.ask(text or "", title) for served in models]
        told = [one.result() for one in asked]
        first = answer(models[0], told[0], shift)
        order = [bar.label for bar in first.bars]
        rest = [answer(served, one, shift, order) for served, one in zip(models[1:], told[1:], strict=True)]
        answers = [first, *rest]
        if not explained:
            return answers_html(answers)
        firsts = [sorted(one.bars, key=lambda bar: (not bar.given, -bar.probability)) for one in answers]
        words = [
            words_of(served, text or "", title, [bar.label for bar in bars])
            for served, bars in zip(models, firsts, strict=True)
        ]
        return answers_html(answers, words)
    except UserError as error:
        return refusal_html(str(error))
    except CancelledError:
        return refusal_html("the server is ending")


def weighed(models: Sequence[Served], shift: float) -> str:
    """What moved thresholds do to validation films as HTML, or why that is not told.

    Args:
        models: whose runs are asked.
        shift: of the thresholds.
    """
    try:
        require_shift(shift)
    except UserError as error:
        return refusal_html(str(error))
    return validation_html(models, shift)


def mount(app: FastAPI, models: Sequence[Served], theme: Theme) -> None:
    """Put the page at the root of an application.

    Args:
        app: see `genre.use.serve.api`.
        models: one or two.
        theme: colours by name, light and dark.
    """
    limits = models[0].limits

    def predict(text: str | None, title: str | None, shift: float) -> str:
        return shown(models, text, title, shift)

    def explain(text: str | None, title: str | None, shift: float) -> str:
        return shown(models, text, title, shift, explained=True)

    def move(text: str | None, title: str | None, shift: float) -> tuple[str, str]:
        return (shown(models, text, title, shift) if text else ""), weighed(models, shift)

    with gr.Blocks(title="Genres of a description", analytics_enabled=False) as page:
        _html(about_html(models))
        title = gr.Textbox(label="Title", max_lines=1, visible=any(served.reads_titles for served in models))
        text = gr.Textbox(label="Description", lines=5, max_lines=20)
        with gr.Row():
            button = gr.Button("Predict", variant="primary", min_width=140)
            words = gr.Button("Show the words that count", min_width=140)
        with gr.Row(elem_classes="examples"):
            examples = [(gr.Button(name, size="sm", min_width=100), name, example) for name, example in _EXAMPLES]
        answers = _html()
        _html("<h2>Thresholds</h2>")
        shift = gr.Slider(
            SHIFTS[0],
            SHIFTS[-1],
            0,
            step=SHIFTS[1] - SHIFTS[0],
            label="All thresholds: lower to the left, higher to the right",
        )
        validation = _html(validation_html(models, 0))
        _html("<h2>A table</h2>")
        _html(form_html(FORMATS, limits.megabytes, limits.rows, models[0].name))
        inputs = [text, title, shift]
        asked = [button.click, text.submit, title.submit]
        gr.on(asked, predict, inputs, answers, show_progress="hidden", api_visibility="private")
        words.click(explain, inputs, answers, show_progress="minimal", api_visibility="private", concurrency_limit=1)
        for one, *values in examples:  # a table of Gradio's could not be used by keyboard
            filled = one.click(
                partial(list, values), None, [title, text], show_progress="hidden", api_visibility="private"
            )
            filled.then(predict, inputs, answers, show_progress="hidden", api_visibility="private")
        shift.change(
            move,
            inputs,
            [answers, validation],
            show_progress="hidden",
            trigger_mode="always_last",
            api_visibility="private",
        )
    page.queue(max_size=limits.waiting, default_concurrency_limit=8)
    look = _look(theme)
    # not as its `css`: Gradio would rewrite every selector
    head = f"<style>{style(theme)}</style><script>{script()}</script>"
    gr.mount_gradio_app(app, page, "/", footer_links=[], run_history=False, show_error=False, theme=look, head=head)


def _look(theme: Theme) -> gr.themes.Base:
    """Gradio's own parts in the colours of the page, with the fonts that the machine has."""
    look = gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])
    places = {
        "page": "body_background_fill block_background_fill input_background_fill button_primary_text_color "
        "button_secondary_background_fill block_label_background_fill block_title_background_fill "
        "background_fill_primary",
        "card": "background_fill_secondary button_secondary_background_fill_hover",
        "text": "body_text_color block_label_text_color block_title_text_color button_secondary_text_color "
        "table_text_color",
        "quiet": "body_text_color_subdued block_info_text_color input_placeholder_color button_secondary_border_color",
        "line": "block_border_color border_color_primary",
        "edge": "input_border_color button_secondary_border_color_hover",
        "hit": "button_primary_background_fill button_primary_background_fill_hover slider_color",
        "focus": "input_border_color_focus",
    }
    values = {
        name + ending: theme[colour][dark]
        for colour, names in places.items()
        for name in names.split()
        for dark, ending in enumerate(("", "_dark"))
    }
    return look.set(**values, input_border_width="1px", button_border_width="1px")
