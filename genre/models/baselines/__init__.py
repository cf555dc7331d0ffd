"""Classical models: features of texts, and classifiers that give probabilities of them.

Nothing in their files is code: they are JSON and arrays.
"""

from genre.models.baselines.classifier import Classifier as Classifier
from genre.models.baselines.classifier import Model as Model
from genre.models.baselines.features import Matrix as Matrix
from genre.models.baselines.features import TextFeatures as TextFeatures
from genre.models.baselines.linear import LinearModel as LinearModel
from genre.models.baselines.linear import LinearSVM as LinearSVM
from genre.models.baselines.linear import LogisticRegression as LogisticRegression
from genre.models.baselines.neighbours import NearestNeighbours as NearestNeighbours
from genre.models.baselines.ngrams import BagOfWords as BagOfWords
from genre.models.baselines.ngrams import Ngram as Ngram
from genre.models.baselines.ngrams import Tfidf as Tfidf
from genre.models.baselines.vectors import StaticEmbeddings as StaticEmbeddings
from genre.models.baselines.vectors import Word2Vec as Word2Vec
from genre.models.baselines.vectors import WordVectors as WordVectors
