"""Where the curves and results of runs go besides their folders."""

from genre.tracking.loggers import close_loggers as close_loggers
from genre.tracking.loggers import csv_loggers as csv_loggers
from genre.tracking.loggers import log_results as log_results
from genre.tracking.loggers import mlflow_loggers as mlflow_loggers
from genre.tracking.loggers import open_loggers as open_loggers
from genre.tracking.loggers import record_finished as record_finished
from genre.tracking.loggers import record_seeds as record_seeds
from genre.tracking.loggers import sync_hint as sync_hint
from genre.tracking.loggers import tensorboard_loggers as tensorboard_loggers
from genre.tracking.loggers import wandb_loggers as wandb_loggers
from genre.tracking.names import GROUP_VARIABLE as GROUP_VARIABLE
from genre.tracking.names import group_name as group_name
