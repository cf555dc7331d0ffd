"""Every kind of encoder that a preset names, small and with random weights, through a whole training."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import CONFIG_MAPPING, AutoModelForSequenceClassification, AutoTokenizer

import genre
from genre.errors import UserError
from genre.models import PretrainedClassifier
from genre.models.minilm import minilm_folder
from genre.runs.films import kept_films
from genre.runs.predictions import read_predictions
from genre.training import train

SMALL = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
MODERN = {f"{name}_token_id": place for place, name in enumerate(("pad", "bos", "eos", "cls", "sep"))}
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "mpnet": ("mpnet", {"max_position_embeddings": 514}),
    "minilm_l12": ("bert", {}),
    "modernbert": ("modernbert", MODERN),
    "distilbert": ("deberta-v2", {"relative_attention": True, "pos_att_type": ["p2c", "c2p"]}),
}


def published(folder: Path, preset: str) -> Path:
    kind, own = KINDS[preset]
    torch.manual_seed(0)
    config = CONFIG_MAPPING[kind](**SMALL, **own, vocab_size=30_522)
    AutoModelForSequenceClassification.from_config(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(minilm_folder()).save_pretrained(folder)
    return folder


@pytest.mark.parametrize("lora", [0, 2])
@pytest.mark.parametrize("preset", KINDS)
def test_a_preset_trains_and_is_loaded_again(preset: str, lora: int, make_settings, tmp_path: Path) -> None:
    folder = published(tmp_path / "published", preset)
    chosen = [f"model={preset}", f"model.pretrained={folder}", f"model.lora={lora}", "trainer.precision=32-true"]
    length = ["trainer.max_epochs=1", "data.size=0.05", "data.max_tokens=32", "report.plots=false"]
    run = train(make_settings(tmp_path / "outputs", *chosen, *length, "trainer.limit_batches=null"))
    films = kept_films(run).films("test")
    said = torch.tensor(genre.load(run.path).probabilities(films).to_numpy())
    torch.testing.assert_close(said, read_predictions(run).test.probabilities, rtol=0, atol=1e-6)


def test_positions_that_stand_for_padding_hold_no_token(make_settings, tmp_path: Path) -> None:
    folder = published(tmp_path / "published", "mpnet")
    network = PretrainedClassifier(str(folder), "mean", ["Drama", "War"])
    assert network.longest_input == 512
    ids = torch.full((1, 512), 2000)
    assert network(input_ids=ids, attention_mask=torch.ones_like(ids)).shape == (1, 2)
    settings = make_settings(tmp_path, "model=mpnet", f"model.pretrained={folder}", "data.max_tokens=513")
    with pytest.raises(UserError, match="data.max_tokens=513: the model reads at most 512 tokens"):
        train(settings)
