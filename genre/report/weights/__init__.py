"""What the weights of a linear baseline say of the genres."""

from genre.report.weights.feature_tables import sections as sections
from genre.report.weights.interpretation import Interpretation as Interpretation
from genre.report.weights.interpretation import interpret as interpret
