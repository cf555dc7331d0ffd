"""How a run got there: the epochs of a network, or the settings that a classical model tried."""

from typing import NamedTuple

import pandas as pd

from genre.metrics.names import METRICS
from genre.report.document import Section
from genre.runs import RunFolder
from genre.runs.history import best_epoch, chosen_by, read_choice, read_epochs

TRAINING_LOSS, VALIDATION_LOSS, RATE = "train/loss_epoch", "val/loss", "train/learning_rate"
_TOLD = ("jaccard", "f1_samples", "f1_micro", "f1_macro")  # of an epoch, beside what chose it


class Epochs(NamedTuple):
    """Epochs that were validated.

    Attributes:
        table: what was recorded of each, counted from 1.
        metric: the column that chose one.
        best: which one.
    """

    table: pd.DataFrame
    metric: str
    best: int


def epochs_of(run: RunFolder) -> Epochs | None:
    """The epochs of a run, if it had any."""
    scores, best = chosen_by(run), best_epoch(run)
    return Epochs(read_epochs(run).loc[scores.index], str(scores.name), best) if best else None


def learning_sections(run: RunFolder) -> list[Section]:
    """What is known of them, as tables."""
    found = []
    if epochs := epochs_of(run):
        found.append(_epochs(epochs))
    if choice := read_choice(run):
        table = pd.DataFrame({choice.name: [f"{value:g}" for value in choice.scores]})
        table["taken"] = ["taken" if value == choice.setting else "" for value in choice.scores]
        table[choice.metric] = list(choice.scores.values())
        text = f"Tried in this order, up to the first that is worse than the one before it by {choice.metric}."
        found.append(Section("choice", f"The choice of {choice.name}", table, text, digits=4))
    return found


def _epochs(epochs: Epochs) -> Section:
    heads = {TRAINING_LOSS: "training loss", VALIDATION_LOSS: "validation loss", epochs.metric: epochs.metric}
    heads |= {f"val/{name}": METRICS[name] for name in _TOLD if f"val/{name}" != epochs.metric}
    table = epochs.table[[name for name in heads if name in epochs.table]].rename(columns=heads)
    if RATE in epochs.table:
        table["learning rate"] = epochs.table[RATE].map("{:.2e}".format)
    table.insert(0, "best", ["best" if epoch == epochs.best else "" for epoch in table.index])
    text = f"Validation films chose the epoch by {epochs.metric}; the weights of the best one were tested."
    return Section("epochs", "Epochs", table.rename_axis("epoch").reset_index(), text, digits=4)
