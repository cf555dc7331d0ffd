"""Every kind of encoder that a preset names, small and with random weights, through a whole training."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import CONFIG_MAPPING, AutoModelForSequenceClassification, AutoTokenizer

import genre
from genre.config import TrainConfig
from genre.errors import UserError
from genre.models import PretrainedClassifier
from genre.models.minilm import minilm_folder
from genre.runs.films import kept_films
from genre.runs.predictions import read_predictions
from genre.training import train
from genre.use.network import network_of

SMALL = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
MODERN = {f"{name}_token_id": place for place, name in enumerate(("pad", "bos", "eos", "cls", "sep"))}
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "mpnet": ("mpnet", {"max_position_embeddings": 514}),
    "minilm_l12": ("bert", {}),
    "modernbert": ("modernbert", MODERN),
    "deberta_small": ("deberta-v2", {"relative_attention": True, "pos_att_type": ["p2c", "c2p"]}),
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


@pytest.fixture
def pieces(tmp_path: Path) -> Path:
    """A DeBERTa as it is published: its tokenizer is a SentencePiece model and two settings, without tokenizer.json."""
    trainer = pytest.importorskip("sentencepiece").SentencePieceTrainer
    folder = published(tmp_path / "pieces", "deberta_small")
    for file in ("tokenizer.json", "tokenizer_config.json"):
        (folder / file).unlink()
    (folder / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": False, "vocab_type": "spm"}))
    (tmp_path / "texts.txt").write_text("A sheriff comes home.\nTwo sisters inherit a haunted mill.\n" * 20)
    special = {"pad": "[PAD]", "bos": "[CLS]", "eos": "[SEP]", "unk": "[UNK]"}
    numbers = {f"{name}_id": place for place, name in enumerate(special)}
    named = {f"{name}_piece": piece for name, piece in special.items()}
    quiet = {"minloglevel": 2, "hard_vocab_limit": False}
    trainer.train(
        input=str(tmp_path / "texts.txt"), model_prefix=str(folder / "spm"), vocab_size=60, **quiet, **numbers, **named
    )
    return folder


def test_a_tokenizer_of_sentence_pieces_is_read_and_kept(
    pieces: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sentencepiece import SentencePieceProcessor

    network = PretrainedClassifier(str(pieces), "cls", ["Drama", "War"])
    text = "Two sisters come home."
    expected = SentencePieceProcessor(model_file=str(pieces / "spm.model")).encode(text)
    assert network.tokenizer(text)["input_ids"] == [1, *expected, 2]
    kept = tmp_path / "kept"
    network.save(kept)
    monkeypatch.setitem(sys.modules, "sentencepiece", None)
    assert PretrainedClassifier.load(kept).tokenizer(text)["input_ids"] == [1, *expected, 2]
    told = r"^model.pretrained=.*: the package sentencepiece is not installed; run: pip install 'genre\[deberta\]'$"
    with pytest.raises(UserError, match=told):
        PretrainedClassifier(str(pieces), "cls", ["Drama", "War"])


def test_a_tokenizer_without_words_is_refused(pieces: Path) -> None:
    """Of which transformers makes one that knows nothing, and says nothing."""
    (pieces / "spm.model").unlink()
    with pytest.raises(UserError, match="the vocabulary of its tokenizer is missing, such as tokenizer.json"):
        PretrainedClassifier(str(pieces), "cls", ["Drama", "War"])


def test_deberta_does_not_compute_in_half(make_settings, tmp_path: Path) -> None:
    folder = published(tmp_path / "published", "deberta_small")
    chosen = ["model=deberta_small", f"model.pretrained={folder}", "trainer.max_epochs=1", "report.plots=false"]
    with pytest.raises(UserError, match="16-mixed: this model overflows in that; take trainer.precision=32-true"):
        train(make_settings(tmp_path, *chosen, "trainer.precision=16-mixed"))
    run = train(make_settings(tmp_path, *chosen, "trainer.precision=32-true"))
    cfg = run.config()
    assert isinstance(cfg, TrainConfig)
    for precision, used in (("16-mixed", "32-true"), ("bf16-mixed", "bf16-mixed")):
        cfg.trainer.precision = precision  # as `auto` may say on another machine
        assert network_of(run, cfg).machine.precision == used
