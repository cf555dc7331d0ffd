"""The parts of the page."""

import numpy as np
import pandas as pd

from genre.metrics import bootstrap, film_metrics, per_label_metrics
from genre.metrics.bootstrap import Resampled
from genre.metrics.names import METRICS
from genre.metrics.significance import paired_test
from genre.report.document import Section, listed
from genre.report.explore.words import distinctive_words, split_words
from genre.report.shift.answers import Answers, Shift

_TOLD = ("jaccard", "f1_samples", "f1_macro_supported", "mean_average_precision", "calibration_error", "log_loss")
_WORDS = 30


def scores(shift: Shift, resamples: int) -> Section:
    """What the model is worth there and here, and what adapting brings."""
    ways = {
        "the run's test films": shift.own,
        "these texts": shift.here,
        "these texts, adapted": shift.adapted,
        "these texts, thresholds fitted to them": shift.fitted,
    }
    resampled = [bootstrap(*answers.asked, resamples=resamples) for answers in ways.values()]
    rows = zip(ways, map(_scores, ways.values(), resampled), strict=True)
    table = pd.DataFrame([{"on": name, **row} for name, row in rows])
    _, as_it_is, adapted, _ = resampled
    gain, metric = paired_test(as_it_is.values, adapted.values), as_it_is.names.index("jaccard")  # the same texts drawn
    own, here, there, best = table["jaccard"]
    finding = (
        f"Jaccard {own:.3f} on the run's test films, {here:.3f} here; adapted to the shares of labels here "
        f"{there - here:+.3f} ({gain.low[metric]:+.3f} to {gain.high[metric]:+.3f})"
    )
    text = (
        f"Of the {len(shift.labels)} labels that both know, on known cells; in brackets 95 % intervals by bootstrap "
        "over the texts. Adapted: the share of each label among these texts is found by what the model says of them, "
        "without their labels (Saerens et al. 2002), and probabilities follow it under the same thresholds. Thresholds "
        f"fitted to these very texts would give {best:.3f}, which is more than can be had without their labels."
    )
    before, after = table["log_loss"][1:3]
    if after > before:
        text += (
            " Adapting is right where labels alone have become more or less frequent. Here it makes probabilities "
            f"worse (log loss {before:.3f} before, {after:.3f} after): texts with a label look otherwise than the "
            "run's."
        )
    heads = {name: METRICS[name] for name in _TOLD}
    return Section("scores", "Scores", table, text, finding, heads=heads)


def _scores(answers: Answers, resampled: Resampled) -> dict[str, float]:
    """The metrics that are told, with the intervals of those that have one."""
    metrics, ends = film_metrics(*answers.asked), resampled.intervals()
    row = {}
    for name in _TOLD:
        row[name] = metrics[name]
        if name in ends:
            row[f"{name}_low"], row[f"{name}_high"] = ends[name]
    return row


def labels(shift: Shift) -> Section:
    """How frequent each label is, there and here, and how well it is found."""

    def of(answers: Answers) -> pd.DataFrame:
        return per_label_metrics(answers.predicted, answers.targets, shift.labels, answers.probabilities, answers.known)

    own, here, adapted = of(shift.own), of(shift.here), of(shift.adapted)
    table = pd.DataFrame(
        {
            "label": shift.labels,
            "texts": here["support"],
            "share, run": shift.before.numpy(),
            "share, here": shift.here.shares.numpy(),
            "share, found": shift.found.numpy(),
            "F1, run": own["f1"],
            "F1, here": here["f1"],
            "F1, adapted": adapted["f1"],
            "average precision, run": own["average_precision"],
            "average precision, here": here["average_precision"],
            "calibration error, run": own["calibration_error"],
            "calibration error, here": here["calibration_error"],
            "calibration error, adapted": adapted["calibration_error"],
        }
    )
    moved = (shift.here.shares - shift.before).abs()
    apart, closer = moved.nanmean(), (shift.here.shares - shift.found).abs().nanmean()
    most = int(moved.nan_to_num().argmax())
    finding = (
        f"{shift.labels[most]} differs most: {shift.before[most]:.3f} of the run's films and "
        f"{shift.here.shares[most]:.3f} of these texts have it. Shares are {apart:.3f} apart on average, those found "
        f"and those here {closer:.3f}"
    )
    text = "Shares are of the run's validation films and of these texts, as far as it is known which label they have."
    if shift.missing:
        text += f" Not asked about, since these texts do not know them: {listed(shift.missing, 'label', 8)}."
    if shift.unheard:
        text += f" The run does not know {listed(shift.unheard, 'label', 8)}."
    return Section("labels", "Labels", table, text, finding)


def words(own: pd.Series, here: pd.Series) -> Section:
    """Words of the run's films and of the texts that tell them apart.

    Args:
        own: texts of films that the run was not trained on.
        here: the other texts.
    """
    sides = ["the run's films", "these texts"]
    inside = np.repeat(np.eye(2, dtype=np.uint8), [len(own), len(here)], axis=0)  # (B, 2)
    both = pd.concat([own, here], ignore_index=True)
    table = distinctive_words(split_words(both), inside, sides, top=_WORDS)
    table = table.rename(columns={"genre": "of", "films": "texts"})
    text = (
        "z is the log-odds ratio of a word in these texts against the run's validation and test films, or the other "
        "way about, in standard errors, with an informative Dirichlet prior (Monroe, Colaresi, Quinn 2008); each text "
        "counts once."
    )
    first = [" ".join(table.loc[table["of"] == side, "word"].head(5)) or "none" for side in sides]
    finding = f"Words that tell them apart: {first[0]} (the run's films); {first[1]} (these texts)"
    return Section("words", "Words", table, text, finding)
