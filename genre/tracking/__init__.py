"""Runs and where they are recorded."""

from genre.tracking.command import commands as commands
from genre.tracking.command import option as option
from genre.tracking.environment import environment as environment
from genre.tracking.identity import changed_settings as changed_settings
from genre.tracking.identity import config_name as config_name
from genre.tracking.identity import default_settings as default_settings
from genre.tracking.identity import essential_overrides as essential_overrides
from genre.tracking.identity import essential_settings as essential_settings
from genre.tracking.identity import flatten as flatten
from genre.tracking.identity import folder_name as folder_name
from genre.tracking.loggers import close_loggers as close_loggers
from genre.tracking.loggers import csv_loggers as csv_loggers
from genre.tracking.loggers import log_results as log_results
from genre.tracking.loggers import sync_hint as sync_hint
from genre.tracking.loggers import wandb_loggers as wandb_loggers
from genre.tracking.run_folder import RunFolder as RunFolder
