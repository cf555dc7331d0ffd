"""A finished model in other people's hands."""

from genre.use.loading import load as load
from genre.use.loading import model_of as model_of
from genre.use.loading import newest_run as newest_run
from genre.use.loading import scorer_of as scorer_of
from genre.use.model import Model as Model
from genre.use.scorer import Scorer as Scorer
