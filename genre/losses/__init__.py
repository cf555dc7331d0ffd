"""Losses under one contract: `loss(logits, targets, known=None) -> scalar`, the mean over films and labels.

Logits (B, L), targets (B, L) in {0, 1}, `known` (B, L) bool: what is unknown is neither positive nor negative, and the
mean is over the cells that are known; without `known` all are, and where none is the loss is zero.

Every loss is made with its settings, `label_counts` (L,) and `num_examples` of the training films, a number or, where a
label is not known of all films, of how many it is (L,); one that needs no statistics ignores them. A setting out of
range raises `ValueError`. Logits may come in half precision: the arithmetic and the result are in float32 at least.

A loss that changes with the epoch is an `EpochLoss`. Whoever trains with it calls its `start_epoch` as each epoch
starts, or goes on. It keeps no other state of the training, so that one that is resumed repeats an undisturbed one.

A loss that weighs its labels has the weights as `label_weights`, a tensor (L,); any other loss has no such attribute.
"""

from genre.losses.asymmetric import AsymmetricLoss as AsymmetricLoss
from genre.losses.bce import BCELoss as BCELoss
from genre.losses.bce import LogWeightedBCELoss as LogWeightedBCELoss
from genre.losses.class_balanced import ClassBalancedBCELoss as ClassBalancedBCELoss
from genre.losses.class_balanced import ClassBalancedFocalLoss as ClassBalancedFocalLoss
from genre.losses.distillation import Distillation as Distillation
from genre.losses.distribution_balanced import DistributionBalancedLoss as DistributionBalancedLoss
from genre.losses.epochs import EpochLoss as EpochLoss
from genre.losses.expected_positive import ExpectedPositiveLoss as ExpectedPositiveLoss
from genre.losses.focal import FocalLoss as FocalLoss
from genre.losses.hill import HillLoss as HillLoss
from genre.losses.large_loss import LargeLoss as LargeLoss
from genre.losses.splc import SPLCLoss as SPLCLoss
from genre.losses.zlpr import ZLPRLoss as ZLPRLoss
