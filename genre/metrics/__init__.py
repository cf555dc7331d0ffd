"""How good probabilities and label sets are, and how sure that is."""

from genre.metrics.bootstrap import Resampled as Resampled
from genre.metrics.bootstrap import bootstrap as bootstrap
from genre.metrics.bootstrap import paired_bootstrap as paired_bootstrap
from genre.metrics.calibration import calibration_metrics as calibration_metrics
from genre.metrics.calibration import reliability as reliability
from genre.metrics.proportions import proportion_interval as proportion_interval
from genre.metrics.ranking import ranking_metrics as ranking_metrics
from genre.metrics.sets import multilabel_metrics as multilabel_metrics
from genre.metrics.significance import SIGNIFICANT as SIGNIFICANT
from genre.metrics.significance import PairedTest as PairedTest
from genre.metrics.significance import holm as holm
from genre.metrics.significance import paired_test as paired_test
from genre.metrics.summary import film_metric_names as film_metric_names
from genre.metrics.summary import film_metrics as film_metrics
from genre.metrics.summary import per_label_metrics as per_label_metrics
