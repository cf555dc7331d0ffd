"""Classifiers of transformers, with published weights or random ones."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import torch
import transformers
from torch import Tensor, nn
from transformers import (
    CONFIG_MAPPING,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DistilBertConfig,
    DistilBertForSequenceClassification,
)

from genre.errors import UserError
from genre.extras import extra
from genre.models.encoder import layer_stack
from genre.models.hub import model_folder
from genre.models.lora import add_updates, merge_updates
from genre.models.minilm import label_names, minilm_folder, minilm_network
from genre.models.pooling import MEAN_POOLED, use_pooling
from genre.models.text_model import TextModel

transformers.logging.set_verbosity_error()  # it warns that a new head is new
transformers.utils.logging.disable_progress_bar()


class TransformersClassifier(TextModel):
    """A sequence classifier of transformers.

    Args:
        net: of transformers.
        tokenizer: that belongs to it.
        pooling: `cls` or `mean`, see `use_pooling`.
        new_head: whether its output layer has random weights.
        lora: rank of what is trained of the encoder, see `genre.models.lora`; 0: the encoder itself.

    Attributes:
        net: the same.
    """

    def __init__(self, net: Any, tokenizer: Any, pooling: str, *, new_head: bool = True, lora: int = 0) -> None:
        super().__init__(tokenizer)
        use_pooling(net, pooling)
        if lora:
            add_updates(net.base_model, lora)
        self.lora = lora
        self.net = net
        self.new_head = new_head
        self.longest_input = _longest_input(net)
        self.overflows_in_half = net.config.model_type.startswith("deberta")

    def forward(self, **inputs: Tensor) -> Tensor:
        """See `TextModel`."""
        logits: Tensor = self.net(**inputs).logits
        return logits

    def encoder_layers(self) -> Sequence[Sequence[nn.Parameter]]:
        """See `TextModel`: embeddings, the layers, and what comes after them; a single group if no layers are known."""
        stack = layer_stack(self.net.base_model)
        layers = [list(layer.parameters()) for layer in stack]
        inside = {id(parameter) for layer in layers for parameter in layer}
        before: list[nn.Parameter] = []
        after: list[nn.Parameter] = []
        side = before
        for parameter in self.net.base_model.parameters():  # in the order of their use
            if id(parameter) in inside:
                side = after
            else:
                side.append(parameter)
        return [group for group in (before, *layers, after) if group]

    def save(self, folder: Path) -> None:
        """Write config.json and the tokenizer's files."""
        self.net.config.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)

    @classmethod
    def load(cls, folder: Path, *, lora: int = 0, **_: Any) -> Self:
        """See `TextModel`: what was published may have changed since, so the folder alone is read."""
        if not (folder / "config.json").is_file():
            raise UserError(f"{folder}/config.json: is missing; train the run again with overwrite=true")
        loaded = cls.__new__(cls)
        try:
            values = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            config = CONFIG_MAPPING[str(values["model_type"]).removesuffix(MEAN_POOLED)].from_dict(values)
            net = AutoModelForSequenceClassification.from_config(config, trust_remote_code=False)
            tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
            pooling = net.config.pooling
        except (ValueError, OSError, KeyError, TypeError, AttributeError) as error:
            reason = str(error).strip().partition("\n")[0]
            raise UserError(
                f"{folder}: holds no network ({reason}); train the run again with overwrite=true"
            ) from error
        TransformersClassifier.__init__(loaded, net, tokenizer, pooling, lora=lora)
        return loaded

    def settle(self) -> None:
        """See `TextModel`."""
        if self.lora:
            merge_updates(self.net)


def _longest_input(net: Any) -> int | None:
    """Most tokens that there are positions for; some encoders, such as RoBERTa, count from behind that of padding."""
    most: int | None = getattr(net.config, "max_position_embeddings", None)
    for name, part in net.base_model.named_modules():
        if most is not None and name.endswith("position_embeddings") and part.padding_idx is not None:
            return most - int(part.padding_idx) - 1
    return most


class PretrainedClassifier(TransformersClassifier):
    """An encoder with published weights under a classification head: a new one, unless its own fits the labels.

    Args:
        pretrained: `minilm` for the packaged encoder, else a folder or a name of the Hugging Face hub.
        pooling: `cls` or `mean`.
        labels: names of the L outputs.
        lora: see `TransformersClassifier`.
        setting: that names what is published.

    Raises:
        UserError: when there is no such model, or it is none that can classify texts.
    """

    def __init__(
        self,
        pretrained: str,
        pooling: str,
        labels: Sequence[str],
        lora: int = 0,
        setting: str = "model.pretrained",
    ) -> None:
        if pretrained == "minilm":
            tokenizer = AutoTokenizer.from_pretrained(minilm_folder())
            super().__init__(minilm_network(labels), tokenizer, pooling, lora=lora)
            return
        folder = model_folder(pretrained, setting)
        if any(folder.glob("*.model")) and not (folder / "tokenizer.json").is_file():
            with extra("deberta", f"{setting}={pretrained}"):
                import sentencepiece  # noqa: F401 - transformers would ask for another package
        try:
            tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
            # a head of another size, such as a fine-tuned model has, gives way to a new one
            net, loaded = AutoModelForSequenceClassification.from_pretrained(
                folder,
                trust_remote_code=False,
                dtype=torch.float32,
                ignore_mismatched_sizes=True,
                output_loading_info=True,
                **label_names(labels),
            )
        except (ValueError, OSError) as error:
            raise UserError(f"{setting}={pretrained}: {str(error).strip().splitlines()[0]}") from error
        if tokenizer.sep_token is None or tokenizer.pad_token is None:
            raise UserError(f"{setting}={pretrained}: its tokenizer has no separator or padding token; take an encoder")
        if not set(tokenizer.get_vocab()) - set(tokenizer.all_special_tokens):  # to which every word is unknown
            raise UserError(
                f"{setting}={pretrained}: the vocabulary of its tokenizer is missing, such as tokenizer.json"
            )
        new_head = bool(loaded["missing_keys"] or loaded["mismatched_keys"])
        super().__init__(net, tokenizer, pooling, new_head=new_head, lora=lora)


class TinyClassifier(TransformersClassifier):
    """A DistilBERT of any size with random weights, fed by the packaged tokenizer.

    Args:
        layers: how many.
        heads: of attention in each.
        width: of a token's vector.
        pooling: `cls` or `mean`.
        labels: names of the L outputs.

    Raises:
        ValueError: when the width is no multiple of the heads.
    """

    def __init__(self, layers: int, heads: int, width: int, pooling: str, labels: Sequence[str]) -> None:
        if width % heads:
            raise ValueError(f"model.width={width}: must be a multiple of model.heads={heads}")
        config = DistilBertConfig(
            dim=width, hidden_dim=4 * width, n_layers=layers, n_heads=heads, **label_names(labels)
        )
        net = DistilBertForSequenceClassification(config)
        super().__init__(net, AutoTokenizer.from_pretrained(minilm_folder()), pooling)
