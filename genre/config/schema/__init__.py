"""Types of every setting: one dataclass per config group; the YAML files under conf/ hold the values.

Ranges are checked in `__post_init__`, which runs when a composed config becomes these objects.
"""

from typing import Any

from genre.config.schema.base import PathsConfig as PathsConfig
from genre.config.schema.baseline import BaselineConfig as BaselineConfig
from genre.config.schema.baseline import BowConfig as BowConfig
from genre.config.schema.baseline import ClassifierConfig as ClassifierConfig
from genre.config.schema.baseline import EmbeddingsConfig as EmbeddingsConfig
from genre.config.schema.baseline import FeaturesConfig as FeaturesConfig
from genre.config.schema.baseline import LinearSVMConfig as LinearSVMConfig
from genre.config.schema.baseline import LogisticRegressionConfig as LogisticRegressionConfig
from genre.config.schema.baseline import NearestNeighboursConfig as NearestNeighboursConfig
from genre.config.schema.baseline import TfidfConfig as TfidfConfig
from genre.config.schema.baseline import Word2VecConfig as Word2VecConfig
from genre.config.schema.compare import CompareConfig as CompareConfig
from genre.config.schema.compare import ResultsConfig as ResultsConfig
from genre.config.schema.dashboard import DashboardConfig as DashboardConfig
from genre.config.schema.data import DataConfig as DataConfig
from genre.config.schema.data import ImdbConfig as ImdbConfig
from genre.config.schema.data import RulesConfig as RulesConfig
from genre.config.schema.data import TableConfig as TableConfig
from genre.config.schema.decision import DecisionConfig as DecisionConfig
from genre.config.schema.decision import FixedConfig as FixedConfig
from genre.config.schema.decision import GlobalConfig as GlobalConfig
from genre.config.schema.decision import PerLabelConfig as PerLabelConfig
from genre.config.schema.loss import AsymmetricConfig as AsymmetricConfig
from genre.config.schema.loss import BCEConfig as BCEConfig
from genre.config.schema.loss import ClassBalancedBCEConfig as ClassBalancedBCEConfig
from genre.config.schema.loss import ClassBalancedFocalConfig as ClassBalancedFocalConfig
from genre.config.schema.loss import DistributionBalancedConfig as DistributionBalancedConfig
from genre.config.schema.loss import FocalConfig as FocalConfig
from genre.config.schema.loss import LogWeightedBCEConfig as LogWeightedBCEConfig
from genre.config.schema.loss import LossConfig as LossConfig
from genre.config.schema.loss import ZLPRConfig as ZLPRConfig
from genre.config.schema.preparation import CrawlConfig as CrawlConfig
from genre.config.schema.preparation import DownloadConfig as DownloadConfig
from genre.config.schema.preparation import ExploreConfig as ExploreConfig
from genre.config.schema.preparation import LemmatiserConfig as LemmatiserConfig
from genre.config.schema.preparation import LightConfig as LightConfig
from genre.config.schema.preparation import NLTKConfig as NLTKConfig
from genre.config.schema.preparation import PrepareConfig as PrepareConfig
from genre.config.schema.preparation import SpacyConfig as SpacyConfig
from genre.config.schema.run import CSVLoggerConfig as CSVLoggerConfig
from genre.config.schema.run import LoggerConfig as LoggerConfig
from genre.config.schema.run import ReportConfig as ReportConfig
from genre.config.schema.run import RunConfig as RunConfig
from genre.config.schema.run import WandbConfig as WandbConfig
from genre.config.schema.sampling import ClassBalancedConfig as ClassBalancedConfig
from genre.config.schema.sampling import LPROSConfig as LPROSConfig
from genre.config.schema.sampling import MLROSConfig as MLROSConfig
from genre.config.schema.sampling import MLSMOTEConfig as MLSMOTEConfig
from genre.config.schema.sampling import NoOversamplingConfig as NoOversamplingConfig
from genre.config.schema.sampling import OversampleConfig as OversampleConfig
from genre.config.schema.sampling import SMOTEConfig as SMOTEConfig
from genre.config.schema.sampling import SyntheticConfig as SyntheticConfig
from genre.config.schema.training import EvaluateConfig as EvaluateConfig
from genre.config.schema.training import ModelConfig as ModelConfig
from genre.config.schema.training import OptimizerConfig as OptimizerConfig
from genre.config.schema.training import PredictConfig as PredictConfig
from genre.config.schema.training import PretrainedConfig as PretrainedConfig
from genre.config.schema.training import ProbeConfig as ProbeConfig
from genre.config.schema.training import TinyConfig as TinyConfig
from genre.config.schema.training import TrainConfig as TrainConfig
from genre.config.schema.training import TrainerConfig as TrainerConfig

# config name or group/option -> its type; `schema/` keeps these nodes apart from the options a person chooses
SCHEMAS: dict[str, Any] = {
    "train": TrainConfig,
    "baseline": BaselineConfig,
    "evaluate": EvaluateConfig,
    "predict": PredictConfig,
    "compare": CompareConfig,
    "results": ResultsConfig,
    "dashboard": DashboardConfig,
    "download": DownloadConfig,
    "prepare": PrepareConfig,
    "explore": ExploreConfig,
    "paths": PathsConfig,
    "data/imdb": ImdbConfig,
    "data/table": TableConfig,
    "crawl": CrawlConfig,
    "lemmatiser/light": LightConfig,
    "lemmatiser/nltk": NLTKConfig,
    "lemmatiser/spacy": SpacyConfig,
    "loss/bce": BCEConfig,
    "loss/log_weighted_bce": LogWeightedBCEConfig,
    "loss/focal": FocalConfig,
    "loss/asymmetric": AsymmetricConfig,
    "loss/zlpr": ZLPRConfig,
    "loss/class_balanced_bce": ClassBalancedBCEConfig,
    "loss/class_balanced_focal": ClassBalancedFocalConfig,
    "loss/distribution_balanced": DistributionBalancedConfig,
    "oversample/none": NoOversamplingConfig,
    "oversample/ml_ros": MLROSConfig,
    "oversample/lp_ros": LPROSConfig,
    "oversample/class_balanced": ClassBalancedConfig,
    "oversample/smote": SMOTEConfig,
    "oversample/mlsmote": MLSMOTEConfig,
    "baseline/logreg": LogisticRegressionConfig,
    "baseline/linear_svm": LinearSVMConfig,
    "baseline/knn": NearestNeighboursConfig,
    "features/bow": BowConfig,
    "features/tfidf": TfidfConfig,
    "features/word2vec": Word2VecConfig,
    "features/embeddings": EmbeddingsConfig,
    "model/pretrained": PretrainedConfig,
    "model/probe": ProbeConfig,
    "model/tiny": TinyConfig,
    "optimizer": OptimizerConfig,
    "decision/fixed": FixedConfig,
    "decision/global": GlobalConfig,
    "decision/per_label": PerLabelConfig,
    "report": ReportConfig,
    "trainer": TrainerConfig,
    "logger/wandb": WandbConfig,
    "logger/csv": CSVLoggerConfig,
}
