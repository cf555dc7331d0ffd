"""Networks and the LightningModule that trains them."""

from genre.models.classifier import GenreClassifier as GenreClassifier
from genre.models.encoder import FrozenEncoder as FrozenEncoder
from genre.models.networks import Network as Network
from genre.models.networks import load_architecture as load_architecture
from genre.models.networks import pretrained_network as pretrained_network
from genre.models.networks import require_same_encoder as require_same_encoder
from genre.models.networks import save_architecture as save_architecture
from genre.models.networks import tiny_network as tiny_network
from genre.models.probe import Probe as Probe
from genre.models.probe import probe_network as probe_network
