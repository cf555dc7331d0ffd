"""Losses under one contract: `loss(logits (B, L), targets (B, L) in {0, 1}) -> scalar`, the mean over films and labels.

Every loss is made with `label_counts` (L,) and `num_examples` of the training films; one that needs no statistics
ignores them.
"""

from genre.losses.bce import BCELoss as BCELoss
from genre.losses.bce import LogWeightedBCELoss as LogWeightedBCELoss
from genre.losses.focal import FocalLoss as FocalLoss
