"""Probabilities of texts among which labels are more or less frequent than among those that a model was fitted to."""

import numpy as np
import torch
from scipy.special import expit
from torch import Tensor

from genre.calibration.maps import log_parts

_ROUNDS = 10_000
_STILL = 1e-9  # change of a share that is none any more


def adapted_to_shares(probabilities: Tensor, before: Tensor) -> tuple[Tensor, Tensor]:
    r"""Find out how frequent each label is among some texts, and the probabilities that follow from it.

    Their labels are not asked for. With shares :math:`\pi` of the texts that the probabilities p were calibrated on,
    and :math:`\pi'` here, for each label by itself and beginning with :math:`\pi' = \pi`:

    .. math::
        \frac{p'}{1 - p'} = \frac{p}{1 - p} \cdot \frac{\pi' / (1 - \pi')}{\pi / (1 - \pi)}, \qquad \pi' = \bar{p'}

    in turns until nothing changes: expectation maximisation of the likelihood of :math:`\pi'`. It is right where labels
    alone have become more or less frequent and texts with a label look as before. A label that no text had, or all, is
    left as it is. Source: Saerens, Latinne, Decaestecker, "Adjusting the outputs of a classifier to new a priori
    probabilities" (Neural Computation 14, 2002), equations 2.4 and 2.9.

    Args:
        probabilities: calibrated ones (B, L); NaN for a text of which nothing is said.
        before: share of the texts with each label (L,), where they were calibrated.

    Returns:
        The adapted probabilities (B, L), and the shares found (L,).
    """
    result, after = probabilities.double().numpy().copy(), before.double().numpy().copy()
    said, told = ~np.isnan(result).any(axis=1), (after > 0) & (after < 1)  # (B,), (L,)
    cells = np.ix_(said, told)
    if result[cells].size == 0:
        return probabilities, before
    positive, negative = log_parts(result[cells])  # (b, l)
    shares = after[told]
    begun = positive - negative - np.log(shares) + np.log1p(-shares)
    for _ in range(_ROUNDS):
        with np.errstate(divide="ignore"):  # a share may become 0 or 1
            adapted = expit(begun + np.log(shares) - np.log1p(-shares))
        moved = np.abs(adapted.mean(axis=0) - shares).max()
        shares = adapted.mean(axis=0)
        if moved < _STILL:
            break
    result[cells], after[told] = adapted, shares
    return torch.from_numpy(result).to(probabilities.dtype), torch.from_numpy(after).to(before.dtype)
