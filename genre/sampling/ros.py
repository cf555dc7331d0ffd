"""Random oversampling of Charte, Rivera, del Jesus and Herrera, Neurocomputing 163 (2015), section 4."""

import numpy as np

from genre.sampling.measures import irlbl, mean_ir
from genre.sampling.oversampler import Labels, RowOversampler, Rows


class MLROS(RowOversampler):
    """ML-ROS: clones films of labels that are rarer than the mean.

    A label whose IRLbl exceeds MeanIR has a bag of its films. In turn, each bag gives one film, drawn at random, to be
    cloned; a bag leaves as soon as its label's IRLbl, clones included, is down to the MeanIR of the beginning. It ends
    when share x B films are cloned, or no bag is left. (The paper's loop finishes the turn in which the number is
    reached; this one stops there.)

    Args:
        share: clones per training film.
    """

    def __init__(self, share: float) -> None:
        self.share = share

    def clones(self, labels: Labels, random: np.random.Generator) -> Rows:
        """At most round(share x B) positions."""
        wanted = round(self.share * len(labels))
        counts = labels.sum(axis=0, dtype=np.int64)  # (L,)
        bound = mean_ir(counts)
        ratios = irlbl(counts)
        bags = {label: np.flatnonzero(labels[:, label]) for label in np.flatnonzero((ratios > bound) & (counts > 0))}
        cloned: list[int] = []
        while bags and len(cloned) < wanted:
            for label in list(bags)[: wanted - len(cloned)]:
                film = int(random.choice(bags[label]))
                cloned.append(film)
                counts += labels[film]
                if counts.max() / counts[label] <= bound:
                    del bags[label]
        return np.array(cloned, dtype=np.int64)


class LPROS(RowOversampler):
    """LP-ROS: clones films of label sets that are rarer than the mean.

    Films with the same set of labels make a bag. The share x B clones are dealt out evenly among the bags smaller than
    the mean size, from the largest bag to the smallest: none grows past the mean size, and what a bag has no room for
    is dealt out among those that follow. A bag's clones are drawn from it at random.

    Args:
        share: clones per training film.
    """

    def __init__(self, share: float) -> None:
        self.share = share

    def clones(self, labels: Labels, random: np.random.Generator) -> Rows:
        """round(share x B) positions, or as many as there is room for."""
        left = round(self.share * len(labels))
        _, label_set, sizes = np.unique(labels, axis=0, return_inverse=True, return_counts=True)  # (B,), (S,)
        films = np.split(np.argsort(label_set, kind="stable"), np.cumsum(sizes)[:-1])
        small = np.flatnonzero(sizes < sizes.mean())
        small = small[np.argsort(-sizes[small], kind="stable")]
        cloned = []
        for place, bag in enumerate(small):
            part = min(int(sizes.mean()) - sizes[bag], left // (len(small) - place))
            cloned.append(random.choice(films[bag], size=part))
            left -= part
        return np.concatenate([np.zeros(0, dtype=np.int64), *cloned])
