"""What a trained model is worth, and what it says of new films."""

from genre.evaluation.calibrate import calibrate as calibrate
from genre.evaluation.evaluate import evaluate as evaluate
from genre.evaluation.inference import machine_of as machine_of
from genre.evaluation.inference import predict_probabilities as predict_probabilities
from genre.evaluation.results import part_results as part_results
from genre.evaluation.results import write_results as write_results
