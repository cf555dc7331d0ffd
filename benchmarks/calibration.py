"""What calibration is worth on finished runs: every calibration fitted on their validation films, measured on test.

python benchmarks/calibration.py RUN_FOLDER...

Prints, per run and calibration, the expected calibration error (pooled, and the mean over genres), log loss, Jaccard
and macro F1 of test films, scored as their thresholds are (on known cells, as a rule), and by how much log loss and
Jaccard differ from those without calibration (paired bootstrap). Thresholds are chosen anew for each, on validation
films that are calibrated by others, as a training does it. The last column is the log loss of these validation films:
what a choice may look at.
"""

import sys

from torch import Tensor

from genre.calibration import Beta, Calibrator, Isotonic, NoCalibration, Platt, Temperature, cross_fitted
from genre.config import instantiate
from genre.decision import Decision, decide
from genre.metrics import calibration_metrics, film_metrics, paired_bootstrap
from genre.runs import RunFolder
from genre.runs.predictions import read_predictions

CALIBRATORS: dict[str, Calibrator] = {
    "none": NoCalibration(),
    "temperature": Temperature(),
    "platt": Platt(),
    "isotonic": Isotonic(),
    "beta": Beta(),
}
METRICS = ("calibration_error", "calibration_error_macro", "log_loss", "jaccard", "f1_macro")


def compare(folder: str) -> None:
    """Print the calibrations of one run as a Markdown table."""
    run = RunFolder.existing(folder)
    films = read_predictions(run)
    decision: Decision = instantiate(run.config().decision)
    tuned, asked = (part.truth.scoring_of(films.metric) for part in (films.val, films.test))
    heads = ["calibration", *METRICS, "log loss against none", "Jaccard against none", "validation log loss"]
    print(f"\n{run.path.name}\n\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    plain: tuple[Tensor, Tensor] | None = None
    for name, calibrator in CALIBRATORS.items():
        calibration, honest = cross_fitted(calibrator, films.val.given, tuned.targets, tuned.known)
        thresholds = decision.fit(honest, tuned.targets, tuned.known)
        test = calibration(films.test.given)
        predicted = decide(test, thresholds, decision.fallback)
        scores = film_metrics(test, predicted, asked.targets, asked.known)
        plain = plain or (test, predicted)
        against = paired_bootstrap(plain, (test, predicted), asked.targets, asked.known).set_index("metric")
        rows = [against.loc[metric] for metric in ("log_loss", "jaccard")]
        differences = [f"{row['difference']:+.4f} ({row['low']:+.4f} to {row['high']:+.4f})" for row in rows]
        chosen = calibration_metrics(honest, tuned.targets, tuned.known)["log_loss"]
        cells = [name, *(f"{scores[metric]:.4f}" for metric in METRICS), *differences, f"{chosen:.4f}"]
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        compare(argument)
