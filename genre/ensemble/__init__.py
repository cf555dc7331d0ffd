"""Several models as one: the mean of their log odds, and how much each counts.

Log odds are calibrated before they are averaged, or the model with the boldest ones would decide. Weights (M,) of M
models are not below 0 and sum to one; they are found on validation films.
"""

from genre.ensemble.mean import cross_fitted_mean as cross_fitted_mean
from genre.ensemble.mean import log_odds as log_odds
from genre.ensemble.mean import mean_probabilities as mean_probabilities
from genre.ensemble.weights import Cells as Cells
from genre.ensemble.weights import equal_weights as equal_weights
from genre.ensemble.weights import fitted_weights as fitted_weights
from genre.ensemble.weights import greedy_weights as greedy_weights
