"""The plots of a comparison: which there are, and that they show the numbers of the runs."""

import json
import sys

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from genre.report.compare.plots import draw
from genre.report.compare.plots.grid import grid_of
from genre.report.compare.plots.ranking import MOST
from genre.report.figures import style
from genre.runs import RunFolder
from genre.runs.history import read_history

FEW = "data.genres=[Drama,Comedy,War]"
SMALLEST = 9  # points; a README shows figures at about 100 dots to an inch


def plots(comparison) -> dict[str, Figure]:
    with style():
        drawn = {name: figure for name, _, figure in draw(comparison)}
        for figure in drawn.values():
            figure.draw_without_rendering()
            texts = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_text()]
            assert min(text.get_fontsize() for text in texts) >= SMALLEST
            assert not any("nan" in text.get_text() for text in texts)
    return drawn


def set_score(run: RunFolder, value: float, margin: float = 0.01, val: float | None = None) -> None:
    """As if the run had this test Jaccard, and the same of validation films or `val`."""
    scores = {"test/jaccard": value, "val/jaccard": value if val is None else val}
    run.metrics_file.write_text(json.dumps(run.metrics() | scores))
    run.intervals_file.write_text(json.dumps({"test/jaccard": [value - margin, value + margin]}))


def set_history(run: RunFolder, *versions: list[tuple[int, float | None]]) -> None:
    for number, rows in enumerate(versions):
        folder = run.history / f"version_{number}"
        folder.mkdir(parents=True)
        pd.DataFrame(rows, columns=["epoch", "val/jaccard"]).to_csv(folder / "metrics.csv", index=False)


def test_one_run_has_only_the_plots_that_it_gives(make_run, compared) -> None:
    assert set(plots(compared(make_run("a_0123456789", FEW)))) == {"genres"}


def test_a_grid_of_alpha_and_gamma(make_run, compared) -> None:
    runs, value = [], {}
    for place, (alpha, gamma, seed) in enumerate(
        [("0.25", 1, 1), ("0.25", 1, 2), ("0.5", 1, 1), ("null", 2, 1), ("balanced", 2, 1), ("0.25", 2, 1)]
    ):
        settings = ("loss=focal", f"loss.alpha={alpha}", f"loss.gamma={gamma}", f"seed={seed}", FEW)
        runs.append(make_run(f"{place}_0123456789", *settings))
        value[alpha, gamma, seed] = 0.4 + 0.02 * place
        # validation films prefer what test films do not: alpha 0.5
        set_score(runs[-1], value[alpha, gamma, seed], val=0.9 if alpha == "0.5" else 0.4)
    runs.append(make_run("other_0123456789", "loss=bce", FEW))
    set_score(runs[-1], 0.1)
    comparison = compared(*runs)
    drawn = plots(comparison)
    assert set(drawn) == {"ranking", "losses", "grid", "genres"}
    axes = drawn["grid"].axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["0.25", "0.5", "balanced", "none"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "2"]
    # mean over the seeds 0.40 and 0.42; cells without a run are empty
    assert [text.get_text() for text in axes.texts] == [
        "0.410\nmean of 2 runs",
        *(f"{value:.3f}\n{value - 0.01:.3f}–{value + 0.01:.3f}" for value in (0.5, 0.44, 0.48, 0.46)),
    ]
    chosen = "focal: best by val/jaccard at alpha 0.5, gamma 1: jaccard 0.440 (0.430–0.450)"
    assert drawn["grid"].get_label() == chosen
    focal = [run for run in comparison.runs if "loss.alpha" in run.settings]
    assert grid_of(comparison, focal)[0].loc["0.25"].tolist() == pytest.approx([0.41, 0.5])

    losses = drawn["losses"]
    best = "focal, alpha 0.5, gamma 1, jaccard 0.440"
    assert losses.get_label() == f"Best by val/jaccard: {best}; last: bce, 0.100"
    rows = {
        label.get_text(): line
        for label, line in zip(losses.axes[0].get_yticklabels(), losses.axes[0].lines[::2], strict=True)
    }
    # one row for each alpha and gamma: only seeds are averaged
    assert len(rows) == 6
    assert rows["focal, alpha 0.25, gamma 1 (2)"].get_xdata().tolist() == pytest.approx([0.4, 0.42])
    assert losses.axes[0].lines[1].get_xdata()[0] == pytest.approx(0.44)


def test_runs_that_differ_in_something_else_are_no_part_of_a_mean(make_run, compared) -> None:
    pairs = [(alpha, gamma) for alpha in ("0.25", "0.5") for gamma in (1, 2)]
    for model, base in (("tiny", 0.4), ("probe", 0.6)):
        for number, (alpha, gamma) in enumerate(pairs):
            settings = (f"model={model}", "loss=focal", f"loss.alpha={alpha}", f"loss.gamma={gamma}", FEW)
            set_score(make_run(f"{model}-{number}_0123456789", *settings), base + 0.01 * number)
        set_score(make_run(f"{model}-bce_0123456789", f"model={model}", "loss=bce", FEW), base - 0.1)
    small = make_run("small_0123456789", "loss=zlpr", "data.size=5", FEW)  # alike in nothing: in no picture
    set_score(small, 0.9)
    drawn = plots(compared(*(RunFolder(path) for path in small.path.parent.iterdir())))
    titles = {name: drawn[name].get_label() for name in drawn if name.startswith(("losses", "grid"))}
    assert len(titles) == 4
    assert sorted(title for name, title in titles.items() if name.startswith("losses")) == [
        f"Best by val/jaccard: focal, alpha 0.5, gamma 2, jaccard {base + 0.03:.3f}; last: {last}"
        for base, last in ((0.4, "bce, 0.300"), (0.6, "bce, 0.500"))
    ]
    assert {drawn[name].axes[0].texts[-1].get_text()[:5] for name in ("grid", "grid_2")} == {"0.430", "0.630"}


def test_a_learning_curve_says_what_twice_the_data_would_bring(make_run, compared) -> None:
    runs = []
    for size in (100, 200, 400, 800):
        runs.append(make_run(f"{size}_0123456789", f"data.size={size}", FEW))
        set_score(runs[-1], 0.5 - 10 / size, margin=1e-5)
    drawn = plots(compared(*runs))
    figure = drawn["learning_curve"]
    assert figure.get_label() == "Twice the data: jaccard 0.49 (0.49–0.49)"
    axes = figure.axes[0]
    assert axes.get_xscale() == "log"
    assert max(axes.lines[-1].get_xdata()) == pytest.approx(1600)
    assert axes.lines[-1].get_ydata()[-1] == pytest.approx(0.5 - 10 / 1600, abs=1e-4)
    few = plots(compared(*runs[:3]))["learning_curve"]
    assert "fewer than 4 sizes" in few.get_label()
    assert not few.axes[0].collections[1:]  # points with their intervals alone


def test_curves_of_several_losses_and_a_law_that_does_not_fit(make_run, compared) -> None:
    runs = []
    for loss, scores in (("bce", (0.1, 0.11, 0.12, 0.5)), ("focal", (0.3, 0.4, 0.45, 0.475))):
        for size, score in zip((100, 200, 400, 800), scores, strict=True):
            runs.append(make_run(f"{loss}-{size}_0123456789", f"loss={loss}", f"data.size={size}", FEW))
            set_score(runs[-1], score)
    title = plots(compared(*runs))["learning_curve"].get_label()
    assert "focal: 0.49 (" in title
    (line,) = (line for line in title.splitlines() if line.startswith("bce"))
    assert line.endswith("but the power law misses the last points")


def test_runs_on_all_the_data_are_no_learning_curve(make_run, compared) -> None:
    drawn = plots(compared(make_run("a_0123456789", FEW), make_run("b_0123456789", "seed=2", FEW)))
    assert set(drawn) == {"ranking", "genres"}


def test_a_restarted_run_has_one_history(make_run, compared) -> None:
    run = make_run("a_0123456789", FEW)
    # as many versions as make 10 come before 2 in the order of letters
    set_history(run, [(0, None), (0, 0.1), (1, 0.2)], [(1, 0.25), (2, None), (2, 0.3)], *[[(3, 0.4)]] * 8, [(3, 0.5)])
    history = read_history(run, "val/jaccard")
    assert history.to_dict() == {1: 0.1, 2: 0.25, 3: 0.3, 4: 0.5}
    assert read_history(run, "val/nothing").empty
    figure = plots(compared(run))["validation"]
    assert figure.get_label().startswith("val/jaccard 0.500 in epoch 4: ")
    assert figure.axes[0].lines[0].get_ydata().tolist() == [0.1, 0.25, 0.3, 0.5]


def test_genres_against_the_baseline(make_run, compared) -> None:
    base = make_run("base_0123456789", films=200, thresholds=(0.01,))
    comparison = compared(base, make_run("good_0123456789", "seed=2", films=200), baseline="base")
    drawn = plots(comparison)
    assert set(drawn) == {"ranking", "genres", "genre_differences"}
    assert "better than the baseline on" in drawn["genre_differences"].get_label()
    stars = [text.get_text() for text in drawn["ranking"].axes[0].texts]
    assert stars == [
        f"{comparison.value(run):.3f}{star}" for run, star in zip(comparison.runs, (" *", ""), strict=True)
    ]
    f1 = [100 * run.scores.per_genre["f1"] for run in comparison.runs]
    shown = [text.get_text() for text in drawn["genres"].axes[0].texts]
    assert shown == [f"{value:.0f}" for value in np.concatenate(f1)]


def test_of_many_runs_the_best_are_drawn(make_run, compared, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST == 30
    monkeypatch.setattr(sys.modules["genre.report.compare.plots.ranking"], "MOST", 3)
    runs = [make_run(f"{seed}_0123456789", f"seed={seed}", FEW, seed=seed) for seed in range(5)]
    comparison = compared(*runs)
    drawn = plots(comparison)
    for name in ("ranking", "genres"):
        assert "(the best 3 of 5)" in drawn[name].get_label()
        assert [label.get_text() for label in drawn[name].axes[0].get_yticklabels()] == comparison.labels[:3]
