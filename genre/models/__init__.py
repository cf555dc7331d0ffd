"""Networks and the LightningModule that trains them."""

from genre.models.classifier import GenreClassifier as GenreClassifier
from genre.models.networks import Network as Network
from genre.models.networks import load_architecture as load_architecture
from genre.models.networks import pretrained_network as pretrained_network
from genre.models.networks import save_architecture as save_architecture
from genre.models.networks import tiny_network as tiny_network
