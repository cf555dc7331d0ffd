"""Scores of films from their predictions, by scikit-learn and numpy, and what other films would change of them."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from sklearn import metrics as sk

from truths.truth import Floats, Truth

Flags = npt.NDArray[np.bool_]
BINS = 15
SURE = 4.0  # standard errors of resampling between an end that is told and one of other resamples


class Scored:
    """Films, scored against what is known of them.

    Args:
        chances: probabilities (B, L).
        predicted: label sets (B, L).
        true: labels (B, L).
        known: cells that count (B, L).
    """

    def __init__(self, chances: Floats, predicted: Flags, true: Flags, known: Flags | None = None) -> None:
        self.chances = chances.astype(np.float64)
        self.known = np.ones(true.shape, dtype=bool) if known is None else known
        self.predicted, self.true = predicted & self.known, true & self.known
        self.films, self.labels = true.shape
        gaps = np.clip(np.where(self.true, self.chances, 1 - self.chances), 2.0**-23, 1 - 2.0**-23)
        self.losses = -np.log(gaps) * self.known
        self.by_film = self._by_film()

    def _by_film(self) -> dict[str, Floats]:
        """Scores of each film (B,)."""
        both, chosen, there = ((self.predicted & self.true).sum(1), self.predicted.sum(1), self.true.sum(1))
        wrong = (self.predicted != self.true).sum(1)
        ranks = np.array([self._ranks(film) for film in range(self.films)])
        return {
            "jaccard": both / np.maximum(1, (self.predicted | self.true).sum(1)),
            "hamming_loss": wrong / np.maximum(1, self.known.sum(1)),
            "subset_accuracy": (wrong == 0).astype(float),
            "precision_samples": both / np.maximum(1, chosen),
            "recall_samples": both / np.maximum(1, there),
            "f1_samples": 2 * both / np.maximum(1, chosen + there),
            "at_least_one": (both >= 1).astype(float),
            "at_least_two": (both >= 2).astype(float),
            "all_found": (both == there).astype(float),
            "cardinality_true": there.astype(float),
            "cardinality_predicted": chosen.astype(float),
            "lrap": ranks[:, 0],
            "ranking_loss": ranks[:, 1],
            "coverage_error": ranks[:, 2],
        }

    def _ranks(self, film: int) -> tuple[float, float, float]:
        sure = self.known[film]
        true, chances = self.true[film, sure][None].astype(int), self.chances[film, sure][None]
        if true.shape[1] < 2:  # which scikit-learn takes for a single label
            return 1.0, 0.0, float(true.sum())
        return (
            float(sk.label_ranking_average_precision_score(true, chances)),
            float(sk.label_ranking_loss(true, chances)),
            float(sk.coverage_error(true, chances)) if true.any() else 0.0,
        )

    def points(self) -> dict[str, float]:
        """All metrics of the films."""
        found = {name: float(values.mean()) for name, values in self.by_film.items()}
        true, predicted = self.true.astype(int), self.predicted.astype(int)
        for average in ("micro", "macro", "weighted"):
            scores = sk.precision_recall_fscore_support(true, predicted, average=average, zero_division=0)
            found |= {f"{name}_{average}": float(score) for name, score in zip(SCORES, scores[:3], strict=True)}
        there = self.true.any(0)
        found["f1_macro_supported"] = float(self.genre_f1()[there].mean()) if there.any() else 0.0
        precisions = self.average_precisions()
        found["mean_average_precision"] = float(precisions[there].mean()) if there.any() else 0.0
        if there.any():
            found["map_micro"] = float(sk.average_precision_score(self.true[self.known], self.chances[self.known]))
        found["calibration_error"] = calibration_error(self.chances[self.known], self.true[self.known])
        by_genre = [self._genre_error(genre) for genre in range(self.labels)]
        found["calibration_error_macro"] = float(np.mean(by_genre))
        return found | {"log_loss": float(self.losses.sum() / max(1, self.known.sum()))}

    def _genre_error(self, genre: int) -> float:
        sure = self.known[:, genre]
        return calibration_error(self.chances[sure, genre], self.true[sure, genre]) if sure.any() else 0.0

    def genre_f1(self) -> Floats:
        """(L,)."""
        found: Floats = sk.f1_score(self.true.astype(int), self.predicted.astype(int), average=None, zero_division=0)
        return np.atleast_1d(found)

    def average_precisions(self) -> Floats:
        """(L,), 0 for a label that no film has."""
        rows = [(self.true[sure, own], self.chances[sure, own]) for own, sure in enumerate(self.known.T)]
        return np.array([sk.average_precision_score(*row) if row[0].any() else 0.0 for row in rows])

    def resampled(self, weights: Floats) -> dict[str, Floats]:
        """Metrics (R,) and `genre_f1` (R, L) of resamples; but average precision and calibration error, of which
        resamples tell nothing.

        Args:
            weights: how often each film is drawn (R, B).
        """
        found = {name: weights @ values / self.films for name, values in self.by_film.items()}
        counted = (self.predicted & self.true, self.predicted, self.true)
        hits, chosen, there = (weights @ cells.astype(float) for cells in counted)  # (R, L)
        pairs = {"precision": (hits, chosen), "recall": (hits, there), "f1": (2 * hits, chosen + there)}
        for name, (above, below) in pairs.items():
            scores = above / np.maximum(1, below)
            found[f"{name}_micro"] = above.sum(1) / np.maximum(1, below.sum(1))
            found[f"{name}_macro"] = scores.mean(1)
            found[f"{name}_weighted"] = (scores * there).sum(1) / np.maximum(1, there.sum(1))
        f1 = 2 * hits / np.maximum(1, chosen + there)
        found["f1_macro_supported"] = f1.sum(1) / np.maximum(1, (there > 0).sum(1))
        found["log_loss"] = weights @ self.losses.sum(1) / np.maximum(1, (weights @ self.known.astype(float)).sum(1))
        return found | {"genre_f1": f1}

    def ranked_micro(self, weights: Floats) -> Floats:
        """Average precision over all cells of resamples (R,), which takes a millisecond each."""
        true, chances = self.true[self.known], self.chances[self.known]
        film = np.nonzero(self.known)[0]
        return np.array([sk.average_precision_score(true, chances, sample_weight=row[film]) for row in weights])


SCORES = ("precision", "recall", "f1")


def ways(run: Truth, part: str = "test") -> list[str]:
    """How a part can be scored: as cells say, on known cells, and of labels that whole files tell."""
    films = run.part(part)
    if "truth" not in films or films["truth"].isna().any():
        return [""]
    return ["", "_known", "_files"] if any(run.table.attrs["by_files"]) else ["", "_known"]


def scored(run: Truth, part: str = "test", way: str = "") -> Scored:
    """A part of a run's films."""
    chances = np.stack(run.part(part)["probabilities"].tolist()).astype(np.float64)
    predicted = run.cells(part, "predicted")
    if way == "":
        return Scored(chances, predicted, run.cells(part, "targets"))
    cells = chances, predicted, run.cells(part, "truth"), run.cells(part, "known")
    if way == "_known":
        return Scored(*cells)
    told = np.array(run.table.attrs["by_files"], dtype=bool)
    return Scored(cells[0][:, told], cells[1][:, told], cells[2][:, told], cells[3][:, told])


def calibration_error(chances: Floats, true: Flags) -> float:
    """In 15 bins of equal width, over all cells given."""
    bins = np.minimum(np.floor(chances * BINS + 1e-9).astype(int), BINS - 1)
    sums = [abs(float((chances[bins == own] - true[bins == own]).sum())) for own in range(BINS)]
    return sum(sums) / max(1, len(chances))


def draws(films: int, resamples: int) -> Floats:
    """How often each film is drawn (R, B); others than the package's."""
    shares = np.full(films, 1 / films)
    return np.random.default_rng(7).multinomial(films, shares, resamples).astype(np.float64)


def ends_fit(low: float, high: float, values: Floats, resamples: int, rounded: float) -> bool:
    """Whether the ends of a 95 % interval may come from `resamples` others than those of `values`.

    An end is a quantile at 2.5 %, which another set of R resamples puts at another level: its standard error is that
    of a share, sqrt(0.025 * 0.975 / R). An end is taken for right between the quantiles that lie four of these to
    either side, which holds for scores of four films as for means of a thousand.
    """
    width = SURE * np.sqrt(0.025 * 0.975 * (1 / resamples + 1 / len(values)))
    for told, level in ((low, 0.025), (high, 0.975)):
        ends = np.quantile(values, np.clip((level - width, level + width), 0, 1), method="linear")
        if not ends[0] - rounded <= told <= ends[1] + rounded:
            return False
    return True


def p_value(gaps: Floats) -> float:
    """Two-sided, of differences in resamples."""
    against = min((gaps <= 1e-12).sum(), (gaps >= -1e-12).sum())
    return float(min(1, 2 * (against + 1) / (len(gaps) + 1)))


def p_bounds(p_values: Mapping[str, float], resamples: int, own: int) -> tuple[list[float], list[float]]:
    """Between which values each p, before any correction, lies for `resamples` others: four standard errors."""
    p = np.array(list(p_values.values()))
    half = np.clip(p / 2, 1 / own, 0.5)
    width = 2 * SURE * np.sqrt(half * (1 - half) * (1 / resamples + 1 / own))
    return list(np.clip(p - width, 0, 1)), list(np.clip(p + width + 2 / resamples, 0, 1))
