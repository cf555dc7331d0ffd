"""How a run got there: each epoch of a network, each setting that a classical model tried."""

from collections.abc import Iterator
from typing import Any

from matplotlib.figure import Figure

from genre.report.figures import BLUE, GREEN, INK, ORANGE, blank, finish, legend_above, single, whole_numbers
from genre.report.run.learning import RATE, TRAINING_LOSS, VALIDATION_LOSS, Epochs, epochs_of
from genre.runs import RunFolder
from genre.runs.history import Choice, read_choice


def draw_learning(run: RunFolder) -> Iterator[tuple[str, Figure]]:
    """The plots that the run gives, by name."""
    if epochs := epochs_of(run):
        yield "learning_curves", learning_curves(epochs)
    if choice := read_choice(run):
        yield "choice", choice_curve(choice)


def learning_curves(epochs: Epochs) -> Figure:
    """Losses, the metric that chose the epoch and, where it was recorded, the learning rate, one above the other."""
    table, metric, best = epochs
    losses, rates = table[VALIDATION_LOSS], RATE in table
    figure = blank(
        f"Best epoch {best} of {table.index[-1]}: {metric} {table[metric][best]:.3f}; "
        f"the validation loss is lowest in epoch {losses.idxmin()}, {losses.min():.4f}",
        height=6.2 if rates else 4.8,
    )
    ratios = (3, 3, 2) if rates else (3, 3)
    panels = figure.subplots(len(ratios), 1, sharex=True, height_ratios=ratios)
    line: dict[str, Any] = {"marker": "o", "markersize": 5}
    panels[0].plot(table.index, table[TRAINING_LOSS], color=BLUE, label="training", **line)
    panels[0].plot(table.index, losses, color=ORANGE, label="validation", **line | {"marker": "s"})
    panels[0].set_ylabel("loss")
    panels[1].plot(table.index, table[metric], color=GREEN, **line)
    panels[1].set_ylabel(metric)
    if rates:
        panels[2].plot(table.index, table[RATE], color=BLUE, **line)
        panels[2].set(ylabel="learning rate", ylim=(0, None))
        panels[2].ticklabel_format(axis="y", style="sci", scilimits=(-2, 2))
    for axes in panels:
        axes.axvline(best, color=INK, linestyle="--", linewidth=1, label="best epoch")
        finish(axes, grid="y")
    legend_above(panels[0], columns=3)
    panels[-1].set_xlabel("epoch")
    whole_numbers(panels[-1].xaxis)
    return figure


def choice_curve(choice: Choice) -> Figure:
    """The validation metric of each setting that was tried, and the one that was taken."""
    settings, scores, taken = list(choice.scores), list(choice.scores.values()), choice.setting
    best = choice.scores[taken]
    finding = f"{choice.name} {taken:g} taken of {len(scores)} tried: {choice.metric} {best:.3f}"
    figure, axes = single(finding, height=3.4)
    axes.plot(settings, scores, color=BLUE, marker="o", label="tried")
    axes.plot(taken, best, color=ORANGE, marker="s", markersize=9, linestyle="none", label="taken")
    axes.set(xscale="log", xlabel=choice.name, ylabel=choice.metric)
    axes.set_xticks(settings, [f"{value:g}" for value in settings])
    axes.minorticks_off()
    legend_above(axes, columns=2)
    finish(axes, grid="both")
    return figure
