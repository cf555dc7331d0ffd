"""One linear model for each label."""

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from iterstrat.ml_stratifiers import MultilabelStratifiedKFold
from scipy import sparse
from scipy.special import expit, logit
from sklearn import linear_model, svm
from sklearn.utils.parallel import Parallel, delayed

from genre.models.baselines.classifier import Classifier, Model, Probabilities
from genre.models.baselines.features import Matrix, load_arrays, save_arrays
from genre.sampling import Known, Labels, Oversampler

_FOLDS = 3  # of the training films, for scores of films that a model has not seen
_POWERS = {"none": 0.0, "sqrt": 0.5, "balanced": 1.0}  # of the weights that make classes even
_TOLERANCE = 0.01  # liblinear's own default: a tenth of the time of scikit-learn's, the same metrics to three digits
# of lbfgs, which stops by the gradient itself: a looser one ends at once where features are small
_DENSE = {"solver": "lbfgs", "tol": 1e-4, "max_iter": 1000}

Floats = npt.NDArray[np.float64]


class LinearModel(Model):
    """Log odds of each label as a weighted sum of features.

    Args:
        weights: (L, F).
        intercepts: (L,).
    """

    def __init__(self, weights: npt.ArrayLike, intercepts: npt.ArrayLike) -> None:
        self.weights = np.asarray(weights, dtype=np.float32)
        self.intercepts = np.asarray(intercepts, dtype=np.float32)

    def scores(self, features: Matrix) -> Floats:
        """Log odds (B, L)."""
        scores: Floats = np.asarray(features @ self.weights.T, dtype=np.float64) + self.intercepts
        return scores

    def probabilities(self, features: Matrix) -> Probabilities:
        """See `Model`."""
        values: Probabilities = expit(self.scores(features)).astype(np.float32)
        return values

    @property
    def size(self) -> int:
        """See `Model`."""
        return self.weights.size + self.intercepts.size

    def save(self, folder: Path) -> None:
        """See `Model`."""
        save_arrays(folder / "classifier.npz", {"weights": self.weights, "intercepts": self.intercepts})

    @classmethod
    def load(cls, folder: Path) -> "LinearModel":
        """See `Model`."""
        return cls(**load_arrays(folder / "classifier.npz"))


class Linear(Classifier):
    """A linear model for each label, by methods that draw nothing at random.

    Args:
        C: inverse strengths of regularisation.
        class_weight: `none`: all films weigh alike; `balanced`: those with a label weigh as much, together, as the
            others; `sqrt`: the square root of these weights.
        oversampler: of the training films.
        seed: of what is drawn.
    """

    setting_name = "C"
    model = LinearModel

    def __init__(self, C: Sequence[float], class_weight: str, oversampler: Oversampler, seed: int) -> None:  # noqa: N803
        super().__init__(C, oversampler, seed)
        self.power = _POWERS[class_weight]

    @abstractmethod
    def _estimator(self, on_sparse: bool, **settings: Any) -> Any:
        """What fits one label, on sparse features or on dense ones."""

    def fit(self, features: Matrix, labels: Labels, setting: float, known: Known | None = None) -> LinearModel:
        """See `Classifier`; labels are fitted in threads, one per core, each on the films of which it is known."""
        counts = [None] * labels.shape[1] if known is None else known.T
        fitted = Parallel(n_jobs=-1, prefer="threads")(
            delayed(self._fit_label)(features, target, setting, rows)
            for target, rows in zip(labels.T, counts, strict=True)
        )
        weights, intercepts = zip(*fitted, strict=True)
        return LinearModel(np.stack(weights), np.array(intercepts))

    def _fit_label(
        self, features: Matrix, target: npt.NDArray[np.uint8], setting: float, known: Known | None
    ) -> tuple[Floats, float]:
        if known is not None and not known.all():
            features, target = features[known], target[known]
        features, target = self.oversampler.resample_label(features, target, self.seed)
        films, positives = len(target), int(target.sum())
        if positives in (0, films):
            return np.zeros(features.shape[1]), float(logit((positives + 1) / (films + 2)))
        weights = {1: (films / (2 * positives)) ** self.power, 0: (films / (2 * (films - positives))) ** self.power}
        estimator = self._estimator(sparse.issparse(features), C=setting, class_weight=weights).fit(features, target)
        return estimator.coef_[0], float(estimator.intercept_[0])


class LogisticRegression(Linear):
    """Logistic regression with an L2 penalty; with class weights its probabilities of rare labels are too high."""

    def _estimator(self, on_sparse: bool, **settings: Any) -> Any:
        # each is several times faster than the other on its kind of features
        solver = {"solver": "liblinear", "tol": _TOLERANCE} if on_sparse else _DENSE
        return linear_model.LogisticRegression(**solver, **settings)


class LinearSVM(Linear):
    """Linear support vector machine with squared hinge loss; Platt's sigmoid makes its scores probabilities."""

    def _estimator(self, on_sparse: bool, **settings: Any) -> Any:
        return svm.LinearSVC(dual=False, tol=_TOLERANCE, **settings)

    def calibrated(
        self, model: Model, features: Matrix, labels: Labels, setting: float, known: Known | None = None
    ) -> LinearModel:
        """See `Classifier`: a sigmoid for each label, fitted on scores that films got from models without them."""
        assert isinstance(model, LinearModel)
        scores = np.zeros(labels.shape)
        folds = MultilabelStratifiedKFold(_FOLDS, shuffle=True, random_state=self.seed)
        for seen, unseen in folds.split(labels, labels):
            sure = None if known is None else known[seen]
            larger = self.oversampler.resample_features(features[seen], labels[seen], self.seed, sure)
            fitted = self.fit(larger.features, larger.labels, setting, larger.known)
            scores[unseen] = fitted.scores(features[unseen])
        counts = np.ones(labels.shape, dtype=bool) if known is None else known
        columns = zip(scores.T, labels.T, counts.T, strict=True)
        slopes, offsets = np.array([platt(score[sure], target[sure]) for score, target, sure in columns]).T  # (L,) each
        return LinearModel(model.weights * slopes[:, None], model.intercepts * slopes + offsets)


def platt(scores: Floats, target: npt.NDArray[np.uint8]) -> tuple[float, float]:
    """Slope and offset of the sigmoid that makes scores (B,) probabilities of the target (B,).

    A slope below 0 would turn the order of the films round. It becomes 0: the scores of films that a model has not seen
    tell nothing. With fewer films of the label than folds some models have seen none, so that these scores are no
    evidence: the slope becomes 1. The offset then makes the mean log odds those of the label's share.

    Platt, Probabilistic outputs for support vector machines (1999): the targets are (n + 1) / (n + 2) and 1 / (m + 2)
    for n films with the label and m without it, so that the sigmoid stays finite.
    """
    positives = int(target.sum())
    aimed = np.where(target, (positives + 1) / (positives + 2), 1 / (len(target) - positives + 2))
    # each film once with the label and once without it, weighing what is aimed at
    sigmoid = linear_model.LogisticRegression(C=np.inf, tol=1e-8)
    sigmoid.fit(
        np.concatenate([scores, scores])[:, None],
        np.repeat([1, 0], len(target)),
        sample_weight=np.concatenate([aimed, 1 - aimed]),
    )
    slope, offset = float(sigmoid.coef_[0, 0]), float(sigmoid.intercept_[0])
    if slope > 0:
        return slope, offset
    slope = 1.0 if positives < _FOLDS else 0.0
    return slope, float(logit((positives + 1) / (len(target) + 2)) - slope * scores.mean())
