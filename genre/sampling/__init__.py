"""Training sets in which rare genres weigh more; validation and test films are never handed to this package.

`oversampler: Oversampler = instantiate(cfg.oversample)` makes the configured one. Rows of a training set, for whatever
is fitted on them: `oversampler.rows(labels, seed)` of a `RowOversampler`. Feature matrices:
`oversampler.resample_features(features, labels, seed, known) -> features, labels, known` once, and
`oversampler.resample_label(features, target, seed) -> features, target` for each binary problem; of the two, one does
nothing, so a caller calls both.
"""

from genre.sampling.class_balanced import ClassBalanced as ClassBalanced
from genre.sampling.measures import cvir as cvir
from genre.sampling.measures import irlbl as irlbl
from genre.sampling.measures import mean_ir as mean_ir
from genre.sampling.mlsmote import MLSMOTE as MLSMOTE
from genre.sampling.oversampler import Features as Features
from genre.sampling.oversampler import Known as Known
from genre.sampling.oversampler import Labels as Labels
from genre.sampling.oversampler import NoOversampling as NoOversampling
from genre.sampling.oversampler import Oversampler as Oversampler
from genre.sampling.oversampler import Resampled as Resampled
from genre.sampling.oversampler import RowOversampler as RowOversampler
from genre.sampling.oversampler import Rows as Rows
from genre.sampling.ros import LPROS as LPROS
from genre.sampling.ros import MLROS as MLROS
from genre.sampling.smote import SMOTE as SMOTE
