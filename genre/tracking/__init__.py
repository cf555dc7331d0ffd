"""Where the curves and results of runs go besides their folders."""

from genre.tracking.loggers import close_loggers as close_loggers
from genre.tracking.loggers import csv_loggers as csv_loggers
from genre.tracking.loggers import log_results as log_results
from genre.tracking.loggers import sync_hint as sync_hint
from genre.tracking.loggers import wandb_loggers as wandb_loggers
