"""Films drawn by the rarity of their labels."""

import numpy as np

from genre.sampling.oversampler import Labels, RowOversampler, Rows


class ClassBalanced(RowOversampler):
    r"""Clones films by class-balanced weights, a lighter way than balancing label by label.

    Each clone is drawn, with replacement, with a probability in proportion to the inverse effective number of films of
    the film's rarest label (Cui, Jia, Lin, Song and Belongie, Class-balanced loss, CVPR 2019, there for the loss):

    .. math:: p_b \propto \frac{1 - \beta}{1 - \beta^{n_b}}, \quad n_b = \min_{k: y_{bk} = 1} \sum_i y_{ik}

    Beta 0 draws all films alike, towards 1 it draws by inverse frequency. A sampler of weights alone would draw all
    films anew and lose many; here every film is kept once and the draw is added.

    Args:
        share: clones per training film.
        beta: from 0 to below 1.
    """

    def __init__(self, share: float, beta: float) -> None:
        self.share = share
        self.beta = beta

    def clones(self, labels: Labels, random: np.random.Generator) -> Rows:
        """round(share x B) positions."""
        counts = labels.sum(axis=0, dtype=np.int64)  # (L,)
        rarest = np.where(labels, counts, len(labels)).min(axis=1)  # (B,) films with the film's rarest label
        # 1 - beta^n by way of expm1: with a beta near 1 the difference leaves few digits
        weights = 1 / -np.expm1(rarest * np.log(self.beta)) if self.beta else np.ones(len(labels))
        return random.choice(len(labels), size=round(self.share * len(labels)), p=weights / weights.sum())
