"""The frozen encoder and the head on its features."""

import types
from pathlib import Path

import pytest
import torch
from transformers import AlbertConfig, AlbertForSequenceClassification, BertConfig, BertForSequenceClassification

from genre.config import compose, instantiate
from genre.decision import FixedThreshold
from genre.errors import UserError
from genre.losses import BCELoss
from genre.models import FrozenEncoder, GenreClassifier, Probe, TinyClassifier
from genre.models.encoder import without_last_layers
from genre.models.probe import ProbeHead

LABELS = ["Drama", "War", "Western"]


@pytest.fixture
def encoder():
    torch.manual_seed(0)
    return TinyClassifier(layers=3, heads=2, width=16, pooling="cls", labels=LABELS).net.base_model.eval()


@pytest.fixture(scope="module")
def encoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoder")
    torch.manual_seed(0)
    network = TinyClassifier(layers=2, heads=2, width=16, pooling="cls", labels=LABELS)
    network.net.save_pretrained(folder)
    network.tokenizer.save_pretrained(folder)
    return folder


IDS = torch.tensor([[5, 6, 7, 8], [9, 10, 0, 0]])
MASK = torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0]])


def test_features_are_the_mean_or_the_first_of_the_real_tokens(encoder) -> None:
    with torch.no_grad():
        long = encoder(input_ids=IDS[:1], attention_mask=MASK[:1]).last_hidden_state[0]
        short = encoder(input_ids=IDS[1:, :2], attention_mask=MASK[1:, :2]).last_hidden_state[0]
    mean = FrozenEncoder(encoder, "mean")(IDS, MASK)
    assert torch.allclose(mean, torch.stack([long.mean(dim=0), short.mean(dim=0)]), atol=1e-6)
    first = FrozenEncoder(encoder, "cls")(IDS, MASK)
    assert torch.allclose(first, torch.stack([long[0], short[0]]), atol=1e-6)
    assert not mean.requires_grad


def test_the_fingerprint_tells_encoders_apart(encoder) -> None:
    mean = FrozenEncoder(encoder, "mean").fingerprint
    assert FrozenEncoder(encoder, "mean").fingerprint == mean
    assert FrozenEncoder(encoder, "cls").fingerprint != mean
    assert FrozenEncoder(without_last_layers(encoder, 1), "mean").fingerprint != mean
    with torch.no_grad():
        encoder.embeddings.word_embeddings.weight[5, 0] += 1
    changed = FrozenEncoder(encoder, "mean").fingerprint
    assert changed != mean


@pytest.mark.parametrize("kind", ["distilbert", "bert"])
def test_without_its_last_layers_an_encoder_gives_an_earlier_ones_output(encoder, kind: str) -> None:
    if kind == "bert":
        sizes = {"hidden_size": 16, "num_attention_heads": 2, "intermediate_size": 32, "num_hidden_layers": 3}
        encoder = BertForSequenceClassification(BertConfig(**sizes)).base_model.eval()
    with torch.no_grad():
        states = encoder(input_ids=IDS, attention_mask=MASK, output_hidden_states=True).hidden_states
        cut = without_last_layers(encoder, 2)(input_ids=IDS, attention_mask=MASK).last_hidden_state
    assert torch.allclose(cut, states[1], atol=1e-6)
    assert not torch.allclose(cut, states[3], atol=1e-2)


def test_too_many_layers_cannot_be_left_out(encoder) -> None:
    with pytest.raises(UserError, match="model.skip_layers=3: the encoder has 3 layers; leave at least one"):
        without_last_layers(encoder, 3)
    sizes = {"hidden_size": 16, "num_attention_heads": 2, "intermediate_size": 32, "embedding_size": 8}
    shared = AlbertForSequenceClassification(AlbertConfig(**sizes)).base_model  # one layer, passed twelve times
    with pytest.raises(UserError, match="model.skip_layers=1: the layers of albert cannot be told apart; take 0"):
        without_last_layers(shared, 1)
    assert without_last_layers(shared, 0) is shared


def test_a_probe_of_width_zero_is_linear() -> None:
    shapes = {name: tuple(weight.shape) for name, weight in ProbeHead(4, 0, 0.5, 3).named_parameters()}
    assert shapes == {"layers.0.weight": (3, 4), "layers.0.bias": (3,)}
    shapes = {name: tuple(weight.shape) for name, weight in ProbeHead(4, 8, 0.5, 3).named_parameters()}
    assert set(shapes.values()) == {(8, 4), (8,), (3, 8), (3,)}


def test_features_are_standardised_by_those_of_training_films() -> None:
    probe = ProbeHead(3, 0, 0.0, 2).eval()
    probe.standardise(torch.tensor([[0.0, 5.0, 1.0], [2.0, 5.0, 3.0]]))
    # means 1, 5, 2, deviations 1, 0, 1; what does not vary is only moved
    expected = probe.layers(torch.tensor([[2.0, 1.0, -2.0]]))
    assert torch.allclose(probe(torch.tensor([[3.0, 6.0, 0.0]])), expected)
    other = ProbeHead(3, 0, 0.0, 2).eval()
    other.load_state_dict(probe.state_dict())
    assert torch.equal(other(torch.ones(1, 3)), probe(torch.ones(1, 3)))


def test_the_head_alone_is_trained(encoder_folder: Path) -> None:
    cfg = compose("train", ["model=probe", f"model.pretrained={encoder_folder}", "model.skip_layers=1"])
    network = instantiate(cfg.model, labels=LABELS)
    module = GenreClassifier(
        network, 3, BCELoss(0.0, torch.ones(3), 3), FixedThreshold(0.5, "probability"), cfg.optimizer, seed=1
    )
    module.trainer = types.SimpleNamespace(estimated_stepping_batches=100)  # type: ignore[assignment]
    groups = module.configure_optimizers()["optimizer"].param_groups
    trained = sum(parameter.numel() for group in groups for parameter in group["params"])
    assert trained == 16 * 512 + 512 + 512 * 3 + 3
    assert {group["initial_lr"] for group in groups} == {cfg.optimizer.head_learning_rate}
    assert not any("encoder" in name for name in module.state_dict())


def test_a_changed_encoder_is_noticed(encoder_folder: Path, tmp_path: Path) -> None:
    settings = {"pretrained": str(encoder_folder), "pooling": "mean", "width": 0, "dropout": 0.0, "labels": LABELS}
    Probe(skip_layers=0, **settings).save(tmp_path)
    Probe.load(tmp_path, skip_layers=0, **settings)
    with pytest.raises(UserError, match=r"encoder.json: the encoder \(model.pretrained\) is another one now"):
        Probe.load(tmp_path, skip_layers=1, **settings)
