"""Distribution-balanced loss."""

import math

import torch
from torch import Tensor, nn

from genre.losses.arithmetic import at_least_float32, focal_cells, label_shares, mean_of_known
from genre.losses.ranges import check_not_negative, check_range


class DistributionBalancedLoss(nn.Module):
    r"""Distribution-balanced loss of Wu et al. (2020), focal as in Huang et al. (2021); the mean over films and labels.

    Rebalancing (Wu et al., equations 1 to 4) asks how often a film would be drawn if labels were drawn evenly, once
    for one label and once for all labels of the film; a film with common labels beside a rare one weighs less in them:

    .. math:: P^C_k = \frac{1}{L n_k}, \quad P^I_b = \frac{1}{L} \sum_{j: y_{bj} = 1} \frac{1}{n_j}, \quad
              \hat r_{bk} = \alpha + \sigma\bigl(\beta (P^C_k / P^I_b - \mu)\bigr)

    Negative-tolerant regularisation (section 3.2 there) shifts the logits by the label's prior and lets negatives fade
    out sooner:

    .. math:: \nu_k = \kappa \ln(1 / p_k - 1), \quad p_k = n_k / N, \quad
              q_{bk} = \sigma(z_{bk} - \nu_k) \text{ of a positive}, \quad
              q_{bk} = \sigma(\lambda (z_{bk} - \nu_k)) \text{ of a negative}

    .. math:: -\frac{1}{BL} \sum_{b,k} \hat r_{bk} \bigl[ y_{bk} (1 - q_{bk})^\gamma \ln q_{bk}
              + \tfrac{1}{\lambda} (1 - y_{bk}) q_{bk}^\gamma \ln(1 - q_{bk}) \bigr]

    with z the logits and y the targets (B, L), N the number of training films and n_k those of label k. A label on no
    film is taken to be on one for P, on half a film for p (and one on every film half a film short of that). A film
    without labels has P^I = 0 and so the largest weight, alpha + 1, in all of them.

    Args:
        gamma: focusing exponent, 0 or more.
        alpha: least weight of a cell, 0 or more.
        beta: slope of the weight over the ratio of P, above 0.
        mu: ratio at which the weight is alpha + 1/2.
        negative_scale: steepness lambda of the negatives, above 0.
        kappa: scale of the shift, 0 or more.
        label_counts: training films with each label, (L,).
        num_examples: training films N.

    Raises:
        ValueError: for a setting out of range.
    """

    inverse_counts: Tensor
    shift: Tensor

    def __init__(
        self,
        gamma: float,
        alpha: float,
        beta: float,
        mu: float,
        negative_scale: float,
        kappa: float,
        label_counts: Tensor,
        num_examples: int | Tensor,
    ) -> None:
        super().__init__()
        check_not_negative("gamma", gamma)
        check_not_negative("alpha", alpha)
        check_range(0 < beta < math.inf, "beta", beta, "be above 0, and finite")
        check_range(math.isfinite(mu), "mu", mu, "be a finite number")
        check_range(0 < negative_scale < math.inf, "negative_scale", negative_scale, "be above 0, and finite")
        check_not_negative("kappa", kappa)
        self.gamma = gamma
        self.alpha = alpha
        self.beta = beta
        self.mu = mu
        self.negative_scale = negative_scale
        self.register_buffer("inverse_counts", label_counts.double().clamp(min=1).reciprocal().float())
        # The sign of nu. The paper's b_k = -ln(1 / p_k - 1), the log odds of the prior, is the constant logit that
        # minimises BCE, and nu_k = -kappa b_k. With z - nu in the place of z (and lambda 1) the minimum moves to
        # b_k + nu_k = (1 - kappa) b_k: nearer to zero than b_k, for a rare label (b_k < 0) up. So a rare label's
        # negatives are tolerated at higher logits and its positives pull harder, as intended; nu = +kappa b_k would
        # push rare labels down to (1 + kappa) b_k.
        self.register_buffer("shift", (-kappa * torch.logit(label_shares(label_counts, num_examples))).float())

    def forward(self, logits: Tensor, targets: Tensor, known: Tensor | None = None) -> Tensor:
        """Loss of a batch: logits (B, L), targets (B, L) in {0, 1}, known (B, L) bool -> scalar."""
        logits, targets = at_least_float32(logits, targets)
        positive = targets > 0.5
        shifted = logits - self.shift
        cells = torch.where(
            positive,
            focal_cells(shifted, self.gamma),
            focal_cells(-self.negative_scale * shifted, self.gamma) / self.negative_scale,
        )
        return mean_of_known(self._weights(targets) * cells, known)

    def _weights(self, targets: Tensor) -> Tensor:
        """Rebalancing weights (B, L) of targets (B, L)."""
        # a sum of products, not a matrix product, which mixed precision would round to half precision
        by_film = (targets * self.inverse_counts).sum(dim=1, keepdim=True)  # (B, 1)
        return self.alpha + torch.sigmoid(self.beta * (self.inverse_counts / by_film - self.mu))
