"""Whether masking what is unknown finds positives that were hidden, of which files tell.

python scripts/train.py -m data=imdb data.raw=FOLDER model=probe sweep=hidden_positives
python benchmarks/hidden_positives.py outputs/sweeps/NAME

Takes runs for which the files of some genres told nothing, and asks of test films that stand in these files while
their cells do not name the genre: the hidden positives. Per loss, with what is unknown masked and taken for false, the
means over seeds and genres of:

- recall of the hidden positives under the run's thresholds;
- average precision of the hidden positives against the films that do not have the genre;
- average precision of all films with the genre, hidden or not, against the others;
- calibration error (15 bins) of the genre's probabilities against the files.

Then the differences, mask less negative, with 95 % intervals by bootstrap over the test films, the same ones for all
runs. A film that stands in no whole file of a genre does not have it.
"""

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from sklearn.metrics import average_precision_score

from genre.config import ImdbConfig, TrainConfig
from genre.imdb.raw import raw_files, read_raw
from genre.metrics.calibration import label_calibration_error
from genre.report.compare.folders import find_runs
from genre.runs import RunFolder, option
from genre.runs.predictions import read_predictions

SCORES = ("recall, hidden", "AP, hidden", "AP, all", "calibration")
Scores = npt.NDArray[np.float64]


class Asked:
    """One run's answers on the test films, for the genres whose files told it nothing.

    Args:
        run: finished.
        in_file: of each genre, the films that stand in its file.
    """

    def __init__(self, run: RunFolder, in_file: dict[str, set[str]]) -> None:
        films = read_predictions(run)
        columns = [films.genres.index(genre) for genre in in_file]
        self.true = np.array([[movie in in_file[genre] for genre in in_file] for movie in films.test.movie_ids])
        self.hidden = self.true & (films.test.truth.cells[:, columns] == 0)
        self.chances = films.test.probabilities[:, columns].double().numpy()
        self.predicted = films.test.predicted[:, columns].numpy()

    def scores(self, rows: npt.NDArray[np.int64]) -> Scores:
        """`SCORES` of the films in these rows (B,), for each genre (G, S); not a number without a film to ask of."""
        true, hidden, chances, predicted = (
            part[rows] for part in (self.true, self.hidden, self.chances, self.predicted)
        )
        found = []
        for genre in range(true.shape[1]):
            lost, mine = hidden[:, genre], chances[:, genre]
            asked = lost | ~true[:, genre]  # without the positives that the run saw
            recall = predicted[lost, genre].mean() if lost.any() else np.nan
            precision = average_precision_score(lost[asked], mine[asked]) if lost.any() else np.nan
            every = average_precision_score(true[:, genre], mine) if true[:, genre].any() else np.nan
            error = label_calibration_error(torch.from_numpy(mine[:, None]), torch.from_numpy(true[:, [genre]]).int())
            found.append((recall, precision, every, float(error[0])))
        return np.array(found)


def compare(runs: Sequence[RunFolder], genres: Sequence[str], resamples: int) -> None:
    """Print the tables: means over the genres, their differences, and what each genre's calibration is."""
    configs = [run.config() for run in runs]
    first = configs[0].data
    assert isinstance(first, ImdbConfig)
    rows = read_raw(raw_files(Path(first.raw)))
    in_file = {genre: set(rows["movie_id"][rows["file"] == genre]) for genre in genres}
    asked: dict[tuple[str, str], list[Asked]] = defaultdict(list)
    for run, cfg in zip(runs, configs, strict=True):
        kind = option(cfg, "loss") if isinstance(cfg, TrainConfig) else option(cfg, "baseline")
        asked[kind, cfg.data.unknown].append(Asked(run, in_file))
    films = len(next(iter(asked.values()))[0].true)
    hidden = next(iter(asked.values()))[0].hidden.sum(axis=0)
    print(
        f"{films:,} test films; hidden positives: {', '.join(f'{g} {n}' for g, n in zip(genres, hidden, strict=True))}"
    )
    random = np.random.default_rng(0)
    draws = [np.arange(films), *(random.integers(films, size=films) for _ in range(resamples))]
    by_genre = {  # means over the seeds (R, G, S), the films themselves first
        key: np.mean([[one.scores(draw) for draw in draws] for one in ones], axis=0) for key, ones in asked.items()
    }
    found = {key: np.nanmean(values, axis=1) for key, values in by_genre.items()}
    print(f"\n| loss | unknown | seeds | {' | '.join(SCORES)} |\n|---|---|---:|{'---:|' * len(SCORES)}")
    for (kind, unknown), values in found.items():
        cells = " | ".join(f"{value:.3f}" for value in values[0])
        print(f"| {kind} | {unknown} | {len(asked[kind, unknown])} | {cells} |")
    print(f"\n| mask less negative | {' | '.join(SCORES)} |\n|---|{'---:|' * len(SCORES)}")
    for kind in dict.fromkeys(kind for kind, _ in found):
        if not {(kind, "mask"), (kind, "negative")} <= found.keys():
            continue
        gaps = found[kind, "mask"] - found[kind, "negative"]
        low, high = np.quantile(gaps[1:], (0.025, 0.975), axis=0)
        cells = " | ".join(f"{g:+.3f} ({a:+.3f} to {b:+.3f})" for g, a, b in zip(gaps[0], low, high, strict=True))
        print(f"| {kind} | {cells} |")
    print(f"\n| calibration error | unknown | {' | '.join(genres)} |\n|---|---|{'---:|' * len(genres)}")
    for (kind, unknown), values in by_genre.items():
        print(f"| {kind} | {unknown} | {' | '.join(f'{value:.3f}' for value in values[0][:, -1])} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", help="run folders, or folders of them")
    parser.add_argument(
        "--genres", nargs="+", default=["Sport", "History", "Film-Noir"], help="whose files told nothing"
    )
    parser.add_argument("--resamples", type=int, default=300)
    options = parser.parse_args()
    compare(find_runs(options.runs)[0], options.genres, options.resamples)
