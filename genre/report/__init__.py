"""What people read of runs."""

from genre.report.console import print_prediction as print_prediction
from genre.report.console import print_run as print_run
