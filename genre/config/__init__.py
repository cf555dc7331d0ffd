"""Typed configuration: schemas, composition, validation and the one place that instantiates."""

from genre.config.compose import compose as compose
from genre.config.compose import config_from_dict as config_from_dict
from genre.config.entry_point import entry_point as entry_point
from genre.config.entry_point import sweeping as sweeping
from genre.config.instantiate import instantiate as instantiate
from genre.config.schema import CompareConfig as CompareConfig
from genre.config.schema import CrawlConfig as CrawlConfig
from genre.config.schema import DashboardConfig as DashboardConfig
from genre.config.schema import DataConfig as DataConfig
from genre.config.schema import DecisionConfig as DecisionConfig
from genre.config.schema import DownloadConfig as DownloadConfig
from genre.config.schema import EvaluateConfig as EvaluateConfig
from genre.config.schema import ExploreConfig as ExploreConfig
from genre.config.schema import LemmatiserConfig as LemmatiserConfig
from genre.config.schema import LoggerConfig as LoggerConfig
from genre.config.schema import LossConfig as LossConfig
from genre.config.schema import ModelConfig as ModelConfig
from genre.config.schema import OptimizerConfig as OptimizerConfig
from genre.config.schema import PredictConfig as PredictConfig
from genre.config.schema import PrepareConfig as PrepareConfig
from genre.config.schema import ReportConfig as ReportConfig
from genre.config.schema import RulesConfig as RulesConfig
from genre.config.schema import TrainConfig as TrainConfig
from genre.config.schema import TrainerConfig as TrainerConfig
