"""Types of the settings of classical baselines."""

from dataclasses import dataclass

from omegaconf import MISSING

from genre.config.schema.base import POOLINGS, require, require_one_of, schema
from genre.config.schema.preparation import LemmatiserConfig
from genre.config.schema.run import RunConfig


@dataclass
class ClassifierConfig:
    """What every classical classifier has in common: its class."""

    _target_: str = MISSING


@dataclass
class LinearConfig(ClassifierConfig):
    """One linear model for each genre; of several C the best on validation films is taken."""

    C: list[float] = MISSING
    class_weight: str = MISSING

    def __post_init__(self) -> None:
        require(_ascending(self.C), "baseline.C", self.C, "a list of ascending numbers above 0")
        known = ("none", "sqrt", "balanced")
        require_one_of("baseline.class_weight", self.class_weight, known)


@schema("baseline/logreg")
@dataclass
class LogisticRegressionConfig(LinearConfig):
    _target_: str = "genre.models.baselines.LogisticRegression"


@schema("baseline/linear_svm")
@dataclass
class LinearSVMConfig(LinearConfig):
    _target_: str = "genre.models.baselines.LinearSVM"


@schema("baseline/knn")
@dataclass
class NearestNeighboursConfig(ClassifierConfig):
    """Of several numbers of neighbours the best on validation films is taken."""

    _target_: str = "genre.models.baselines.NearestNeighbours"
    neighbours: list[int] = MISSING

    def __post_init__(self) -> None:
        require(
            _ascending(self.neighbours), "baseline.neighbours", self.neighbours, "a list of ascending numbers from 1 on"
        )


@dataclass
class FeaturesConfig:
    """What all features have in common: their class, and whether they are of words as they stand or of their lemmas."""

    _target_: str = MISSING
    tokens: str = MISSING

    def __post_init__(self) -> None:
        require(self.tokens in ("words", "lemmas"), "features.tokens", self.tokens, "one of words, lemmas")


@schema("features/bow")
@dataclass
class BowConfig(FeaturesConfig):
    """Counts of n-grams of words, and of characters within words."""

    _target_: str = "genre.models.baselines.BagOfWords"
    word_ngrams: list[int] = MISSING
    char_ngrams: list[int] | None = MISSING
    min_df: int = MISSING
    max_features: int | None = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, ends in (("word_ngrams", self.word_ngrams), ("char_ngrams", self.char_ngrams)):
            if ends is not None:
                rule = "a list of the shortest and the longest, such as [1,2]"
                require(len(ends) == 2 and 1 <= ends[0] <= ends[1], f"features.{name}", ends, rule)
        require(self.min_df >= 1, "features.min_df", self.min_df, "at least 1")
        if self.max_features is not None:
            require(self.max_features >= 1, "features.max_features", self.max_features, "at least 1, or null for all")


@schema("features/tfidf")
@dataclass
class TfidfConfig(BowConfig):
    _target_: str = "genre.models.baselines.Tfidf"
    sublinear_tf: bool = MISSING


@schema("features/word2vec")
@dataclass
class Word2VecConfig(FeaturesConfig):
    """Means of word vectors that are learnt from the training texts."""

    _target_: str = "genre.models.baselines.Word2Vec"
    width: int = MISSING
    window: int = MISSING
    min_count: int = MISSING
    epochs: int = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("width", "window", "min_count", "epochs"):
            require(getattr(self, name) >= 1, f"features.{name}", getattr(self, name), "at least 1")


@schema("features/embeddings")
@dataclass
class EmbeddingsConfig(FeaturesConfig):
    """Means of the token embeddings of the packaged encoder."""

    _target_: str = "genre.models.baselines.StaticEmbeddings"


@schema("features/encoder")
@dataclass
class EncoderConfig(FeaturesConfig):
    """Vectors of whole texts by a frozen encoder."""

    _target_: str = "genre.models.baselines.sentences.SentenceVectors"
    pretrained: str = MISSING
    pooling: str = MISSING
    max_tokens: int = MISSING

    def __post_init__(self) -> None:
        require(self.tokens == "words", "features.tokens", self.tokens, "words: an encoder reads texts as they stand")
        require_one_of("features.pooling", self.pooling, POOLINGS)


@schema("features/glove")
@dataclass
class WordVectorsConfig(FeaturesConfig):
    """Means of word vectors that a file holds."""

    _target_: str = "genre.models.baselines.WordVectors"
    file: str = MISSING


@schema("baseline")
@dataclass
class BaselineConfig(RunConfig):
    """Settings of `scripts/baseline.py`."""

    cv: int = MISSING
    baseline: ClassifierConfig = MISSING
    features: FeaturesConfig = MISSING
    lemmatiser: LemmatiserConfig = MISSING

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.cv == 0 or 2 <= self.cv <= 20, "cv", self.cv, "from 2 to 20, or 0 for no cross-validation")


def _ascending(values: list[float] | list[int]) -> bool:
    return bool(values) and values[0] > 0 and values == sorted(set(values))
