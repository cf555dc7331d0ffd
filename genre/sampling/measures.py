r"""How unevenly labels are spread over films.

Charte, Rivera, del Jesus and Herrera, Addressing imbalance in multilabel classification: Measures and random resampling
algorithms, Neurocomputing 163 (2015), section 3. With c_k the number of films with label k:

.. math:: \mathrm{IRLbl}_k = \frac{\max_j c_j}{c_k}, \quad
    \mathrm{MeanIR} = \frac{1}{L} \sum_k \mathrm{IRLbl}_k, \quad
    \mathrm{CVIR} = \frac{1}{\mathrm{MeanIR}} \sqrt{\sum_k \frac{(\mathrm{IRLbl}_k - \mathrm{MeanIR})^2}{L - 1}}

A label on no film has no finite ratio; MeanIR and CVIR are of the labels that occur.
"""

import math

import numpy as np
import numpy.typing as npt

Ratios = npt.NDArray[np.float64]


def irlbl(counts: npt.ArrayLike) -> Ratios:
    """Imbalance ratio of each label (L,): 1 for the most frequent one, infinite for one on no film.

    Args:
        counts: films with each label, (L,).

    Example:
        >>> irlbl([8, 4, 2]).tolist()
        [1.0, 2.0, 4.0]
    """
    films = np.asarray(counts, dtype=np.float64)
    ratios: Ratios = np.divide(films.max(), films, out=np.full_like(films, np.inf), where=films > 0)
    return ratios


def mean_ir(counts: npt.ArrayLike) -> float:
    """Mean of the labels' imbalance ratios; the larger, the more uneven; NaN without any labelled film.

    Args:
        counts: films with each label, (L,).

    Example:
        >>> mean_ir([8, 4, 2])
        2.3333333333333335
    """
    ratios = _finite(counts)
    return float(ratios.mean()) if len(ratios) else math.nan


def cvir(counts: npt.ArrayLike) -> float:
    """Coefficient of variation of the labels' imbalance ratios: 0 when all labels are equally frequent.

    Args:
        counts: films with each label, (L,).

    Example:
        >>> round(cvir([8, 4, 2]), 4)
        0.6547
    """
    ratios = _finite(counts)
    return float(ratios.std(ddof=1) / ratios.mean()) if len(ratios) > 1 else 0.0


def _finite(counts: npt.ArrayLike) -> Ratios:
    ratios = irlbl(counts)
    return ratios[np.isfinite(ratios)]
