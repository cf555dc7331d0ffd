"""A network as a folder that transformers loads."""

import json
import shutil
from pathlib import Path
from typing import Any

from safetensors.torch import save

from genre.files import write_json
from genre.models import TextModel
from genre.models.pooling import MEAN_POOLED
from genre.models.tokenizer import JsonTokenizer
from genre.runs import RunFolder
from genre.use.exported import WEIGHTS

_ABSOLUTE = ("bert", "distilbert")  # whose positions are rows of a table, the first of them that of the first token


def write_network(model: TextModel, run: RunFolder, folder: Path, max_tokens: int) -> None:
    """Write config.json and model.safetensors.

    Transformers has no network that reads the mean of all tokens' vectors: one that does gets a type that it does not
    know, so that it refuses the folder and never gives other scores. Nor does it cut texts unasked: where positions
    are a table, this ends with the last one that was trained, so that a longer text is an error.

    Args:
        model: a `TransformersClassifier`, or a `DistilBert`.
        run: whose network it is.
        folder: to write into.
        max_tokens: of a text that it reads.
    """
    config: dict[str, Any] = json.loads((run.architecture / "config.json").read_text(encoding="utf-8"))
    weights = {name.removeprefix("net."): weight.cpu().contiguous() for name, weight in model.state_dict().items()}
    if config["model_type"] in _ABSOLUTE:
        (positions,) = [name for name in weights if name.endswith("position_embeddings.weight")]
        weights[positions] = weights[positions][:max_tokens].clone()
        config["max_position_embeddings"] = len(weights[positions])
    if config["pooling"] == "mean":
        config["model_type"] += MEAN_POOLED
    write_json(folder / "config.json", config)
    (folder / WEIGHTS).write_bytes(save(weights, metadata={"format": "pt"}))


def write_tokenizer(tokenizer: Any, run: RunFolder, folder: Path, max_tokens: int) -> None:
    """Write the tokenizer; asked to cut texts (`truncation=True`), it cuts them as the run did."""
    if isinstance(tokenizer, JsonTokenizer):
        for name in ("tokenizer.json", "tokenizer_config.json"):
            shutil.copyfile(run.architecture / name, folder / name)
    else:
        tokenizer.save_pretrained(folder)
    file = folder / "tokenizer_config.json"
    write_json(file, json.loads(file.read_text(encoding="utf-8")) | {"model_max_length": max_tokens})
