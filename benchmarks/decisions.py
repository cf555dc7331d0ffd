"""What tuned thresholds are worth on finished runs: every decision fitted on their validation films, scored on test.

python benchmarks/decisions.py RUN_FOLDER...

Prints, per run and decision, Jaccard, samples F1 and macro F1 with 95 % bootstrap intervals, how often the at-least-one
rule fires, and by how much Jaccard differs from that of the fixed threshold 0.5 (paired bootstrap); then what conformal
sets promise, and keep: the share of true genres found, over all and in the genre where it is lowest, the share of films
with all found, and genres a film. Then how long each fit takes for 30,000 films and 21 genres.
"""

import sys
import time

import torch

from genre.decision import (
    ConformalThresholds,
    Decision,
    FixedThreshold,
    GlobalThreshold,
    PerLabelThresholds,
    decide,
    fallback_share,
)
from genre.metrics import bootstrap, multilabel_metrics, paired_bootstrap
from genre.metrics.sets import label_scores
from genre.runs import RunFolder
from genre.runs.predictions import read_predictions

OBJECTIVES = ("jaccard", "f1_samples", "f1_macro", "balanced")
METRICS = ("jaccard", "f1_samples", "f1_macro")
DECISIONS: dict[str, Decision] = {
    "fixed 0.5": FixedThreshold(0.5, "probability"),
    **{f"global {objective}": GlobalThreshold(objective, "probability") for objective in OBJECTIVES},
    **{f"per_label {objective}": PerLabelThresholds(objective, 10, 50.0, "probability") for objective in OBJECTIVES},
    "per_label balanced, ratio": PerLabelThresholds("balanced", 10, 50.0, "ratio"),
    "per_label balanced, no guard": PerLabelThresholds("balanced", 1, 0.0, "probability"),
}


def compare(folder: str) -> None:
    """Print the decisions of one run as a Markdown table."""
    run = RunFolder.existing(folder)
    films = read_predictions(run)
    val, test = films.val, films.test
    tuned, asked = (part.truth.scoring_of(films.metric) for part in (val, test))
    plain = decide(test.probabilities, torch.full((len(films.genres),), 0.5))
    print(
        f"\n{run.path.name}\n\n| decision | {' | '.join(METRICS)} | fallback | Jaccard against 0.5 |"
        "\n|---|---|---|---|---|---|"
    )
    for name, decision in DECISIONS.items():
        thresholds = decision.fit(val.probabilities, tuned.targets, tuned.known)
        predicted = decide(test.probabilities, thresholds, decision.fallback)
        resampled = bootstrap(test.probabilities, predicted, asked.targets, asked.known)
        points, intervals = dict(zip(resampled.names, resampled.points, strict=True)), resampled.intervals()
        cells = [f"{points[metric]:.3f} ({intervals[metric][0]:.3f}–{intervals[metric][1]:.3f})" for metric in METRICS]
        systems = (test.probabilities, plain), (test.probabilities, predicted)
        against = paired_bootstrap(*systems, asked.targets, asked.known)
        row = against.set_index("metric").loc["jaccard"]
        difference = f"{row['difference']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f})"
        print(f"| {name} | {' | '.join(cells)} | {fallback_share(test.probabilities, thresholds):.3f} | {difference} |")


def promises(folder: str) -> None:
    """Print what conformal sets of one run promise and keep on its test films, as a Markdown table."""
    films = read_predictions(RunFolder.existing(folder))
    tuned, asked = (part.truth.scoring_of(films.metric) for part in (films.val, films.test))
    print("\n| decision | true genres found | in the worst genre | films with all found | genres a film |")
    print("|---|---|---|---|---|")
    for promise in ("label", "film"):
        for alpha in (0.2, 0.1, 0.05):
            decision = ConformalThresholds(alpha, promise, "probability")
            thresholds = decision.fit(films.val.probabilities, tuned.targets, tuned.known)
            predicted = decide(films.test.probabilities, thresholds)
            found = multilabel_metrics(predicted, asked.targets, asked.known)
            recalls = label_scores(predicted, asked.targets, asked.known)["recall"]
            numbers = (found["recall_micro"], float(recalls.min()), found["all_found"])
            cells = " | ".join(f"{number:.1%}" for number in numbers)
            print(f"| {promise}, alpha {alpha} | {cells} | {found['cardinality_predicted']:.2f} |")


def time_fits(films: int = 30_000, labels: int = 21) -> None:
    """Print the seconds of every fit on random probabilities."""
    random = torch.Generator().manual_seed(0)
    probabilities = torch.rand(films, labels, generator=random) ** 3
    targets = (torch.rand(films, labels, generator=random) < probabilities).int()
    print(f"\nSeconds to fit {films:,} films x {labels} genres:")
    for name, decision in DECISIONS.items():
        start = time.perf_counter()
        decision.fit(probabilities, targets)
        print(f"  {name}: {time.perf_counter() - start:.2f}")


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        compare(argument)
        promises(argument)
    time_fits()
