"""Networks and the LightningModule that trains them, each imported when it is asked for."""

from typing import TYPE_CHECKING

from genre.lazy import lazily

if TYPE_CHECKING:
    from genre.models.classifier import GenreClassifier as GenreClassifier
    from genre.models.classifiers import PretrainedClassifier as PretrainedClassifier
    from genre.models.classifiers import TinyClassifier as TinyClassifier
    from genre.models.classifiers import TransformersClassifier as TransformersClassifier
    from genre.models.encoder import FrozenEncoder as FrozenEncoder
    from genre.models.minilm import minilm_folder as minilm_folder
    from genre.models.outputs import output_layer as output_layer
    from genre.models.probe import Probe as Probe
    from genre.models.text_model import TextModel as TextModel

_HOMES = {
    "GenreClassifier": "classifier",
    "PretrainedClassifier": "classifiers",
    "TinyClassifier": "classifiers",
    "TransformersClassifier": "classifiers",
    "FrozenEncoder": "encoder",
    "minilm_folder": "minilm",
    "output_layer": "outputs",
    "Probe": "probe",
    "TextModel": "text_model",
}
__getattr__ = lazily(__name__, _HOMES)
