"""Networks by configuration: a transformers classifier together with the tokenizer that feeds it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
import transformers
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DistilBertConfig,
    DistilBertForSequenceClassification,
)

from genre.errors import UserError
from genre.files import write_json
from genre.models.encoder import FrozenEncoder
from genre.models.hub import model_folder
from genre.models.minilm import label_names, minilm_folder, minilm_network
from genre.models.pooling import use_pooling

_ENCODER_FILE = "encoder.json"

transformers.logging.set_verbosity_error()  # it warns that a new head is new
transformers.utils.logging.disable_progress_bar()


class Network(NamedTuple):
    """What is trained, and how it is fed.

    Attributes:
        net: gives an output with logits (B, L).
        tokenizer: of the texts.
        new_head: whether the output layer has random weights.
        encoder: None where `net` reads token ids; else makes the features that `net` reads.
    """

    net: Any
    tokenizer: Any
    new_head: bool = True
    encoder: FrozenEncoder | None = None


def pretrained_network(pretrained: str, pooling: str, labels: Sequence[str]) -> Network:
    """An encoder with published weights under a classification head: a new one, unless its own fits the labels.

    Args:
        pretrained: `minilm` for the packaged encoder, else a folder or a name of the Hugging Face hub.
        pooling: `cls` or `mean`.
        labels: names of the L outputs.

    Raises:
        UserError: when there is no such model, or it is none that can classify texts.
    """
    if pretrained == "minilm":
        minilm = minilm_network(labels)
        use_pooling(minilm, pooling)
        return Network(minilm, AutoTokenizer.from_pretrained(minilm_folder()))
    folder = model_folder(pretrained)
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder)
        # a head of another size, such as a fine-tuned model has, gives way to a new one
        net, loaded = AutoModelForSequenceClassification.from_pretrained(
            folder,
            dtype=torch.float32,
            ignore_mismatched_sizes=True,
            output_loading_info=True,
            **label_names(labels),
        )
    except (ValueError, OSError) as error:
        raise UserError(f"model.pretrained={pretrained}: {str(error).strip().splitlines()[0]}") from error
    if tokenizer.sep_token is None or tokenizer.pad_token is None:
        raise UserError(
            f"model.pretrained={pretrained}: its tokenizer has no separator or padding token; take an encoder"
        )
    use_pooling(net, pooling)
    return Network(net, tokenizer, new_head=bool(loaded["missing_keys"] or loaded["mismatched_keys"]))


def tiny_network(layers: int, heads: int, width: int, pooling: str, labels: Sequence[str]) -> Network:
    """A DistilBERT of any size with random weights, fed by the packaged tokenizer.

    Raises:
        ValueError: when the width is no multiple of the heads.
    """
    if width % heads:
        raise ValueError(f"model.width={width}: must be a multiple of model.heads={heads}")
    config = DistilBertConfig(dim=width, hidden_dim=4 * width, n_layers=layers, n_heads=heads, **label_names(labels))
    net = DistilBertForSequenceClassification(config)
    use_pooling(net, pooling)
    return Network(net, AutoTokenizer.from_pretrained(minilm_folder()))


def save_architecture(network: Network, folder: Path) -> None:
    """Write what `load_architecture` needs: config.json and the tokenizer's files, no weights.

    A network on a frozen encoder is made from its settings again; of that the encoder's fingerprint is kept.
    """
    if network.encoder:
        write_json(folder / _ENCODER_FILE, {"fingerprint": network.encoder.fingerprint})
        return
    network.net.config.save_pretrained(folder)
    network.tokenizer.save_pretrained(folder)


def load_architecture(folder: Path) -> Network:
    """The network that `save_architecture` described, with random weights, for a checkpoint to fill.

    Raises:
        UserError: when the description is missing.
    """
    if not (folder / "config.json").is_file():
        raise UserError(f"{folder}/config.json: is missing; train the run again with overwrite=true")
    net = AutoModelForSequenceClassification.from_config(AutoConfig.from_pretrained(folder))
    use_pooling(net, net.config.pooling)
    return Network(net, AutoTokenizer.from_pretrained(folder))


def require_same_encoder(encoder: FrozenEncoder, folder: Path) -> None:
    """Refuse an encoder that is not the one that `save_architecture` found.

    Raises:
        UserError: when its weights or its pooling are others.
    """
    file = folder / _ENCODER_FILE
    if json.loads(file.read_text(encoding="utf-8"))["fingerprint"] != encoder.fingerprint:
        raise UserError(f"{file}: the encoder (model.pretrained) is another one now; train the run again")
