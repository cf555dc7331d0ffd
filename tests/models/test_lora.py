"""Updates of low rank in the place of an encoder's weights."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

import genre
from genre.config import compose
from genre.models import PretrainedClassifier, TinyClassifier
from genre.models.lora import add_updates, merge_updates
from genre.models.optimization import make_optimizer
from genre.report.card import model_card
from genre.runs.films import kept_films
from genre.runs.predictions import read_predictions
from genre.training import train
from genre.use.export import export

LABELS = ["Drama", "War", "Western"]

pytest.importorskip("peft")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    network = TinyClassifier(layers=2, heads=2, width=32, pooling="cls", labels=["x"])
    network.net.save_pretrained(folder)
    network.tokenizer.save_pretrained(folder)
    return folder


def batch() -> dict[str, Tensor]:
    ids = torch.randint(1000, 2000, (4, 9))
    return {"input_ids": ids, "attention_mask": torch.ones_like(ids)}


def test_a_layer_is_its_weight_and_twice_the_product_of_both_factors() -> None:
    encoder = nn.Sequential(nn.Linear(5, 4), nn.Tanh(), nn.Linear(4, 3))
    before = [layer.weight.clone() for layer in encoder if isinstance(layer, nn.Linear)]
    films = torch.randn(6, 5)
    expected = encoder(films)
    add_updates(encoder, 2)
    torch.testing.assert_close(encoder(films), expected, rtol=0, atol=0)  # nothing has been learnt
    factors = {name: weight for name, weight in encoder.named_parameters() if "lora" in name}
    assert {name: tuple(weight.shape) for name, weight in factors.items()} == {
        "0.lora_A.default.weight": (2, 5),
        "0.lora_B.default.weight": (4, 2),
        "2.lora_A.default.weight": (2, 4),
        "2.lora_B.default.weight": (3, 2),
    }
    with torch.no_grad():
        for weight in factors.values():
            weight.normal_()
    learnt = encoder(films)
    merge_updates(encoder)
    torch.testing.assert_close(encoder(films), learnt)
    for place, weight in zip((0, 2), before, strict=True):
        a, b = (factors[f"{place}.lora_{name}.default.weight"] for name in "AB")
        torch.testing.assert_close(encoder.get_submodule(str(place)).weight, weight + 2 * b @ a)
    assert list(encoder.state_dict()) == ["0.weight", "0.bias", "2.weight", "2.bias"]


def test_the_encoder_stays_and_its_updates_learn_at_its_rate(published: Path) -> None:
    settings = compose("train", ["model=distilbert", f"model.pretrained={published}"]).optimizer
    settings.learning_rate, settings.head_learning_rate = 0.1, 0.2
    network = PretrainedClassifier(str(published), "mean", LABELS, lora=3)
    before = {name: weight.detach().clone() for name, weight in network.named_parameters()}
    optimizer = make_optimizer(settings, network, fused=False)
    rates = {id(weight): group["lr"] for group in optimizer.param_groups for weight in group["params"]}
    network(**batch()).square().mean().backward()
    optimizer.step()
    for name, weight in network.named_parameters():
        head = "classifier" in name
        assert weight.requires_grad == (head or "lora" in name)
        assert rates.get(id(weight)) == (None if not weight.requires_grad else 0.2 if head else 0.1)
        assert torch.equal(weight, before[name]) == (not weight.requires_grad)


def test_a_run_is_loaded_and_exported_with_what_its_updates_have_learnt(
    make_settings, published: Path, tmp_path: Path
) -> None:
    chosen = ["model=distilbert", f"model.pretrained={published}", "model.lora=2", "trainer.precision=32-true"]
    length = ["optimizer.learning_rate=0.02", "trainer.limit_batches=null", "trainer.max_epochs=1"]
    run = train(make_settings(tmp_path, *chosen, *length))
    state = torch.load(run.best_checkpoint, weights_only=True)["state_dict"]
    assert all(weight.abs().max() > 0 for name, weight in state.items() if "lora_B" in name)  # they have learnt
    told = read_predictions(run).test.probabilities
    films = kept_films(run).films("test")
    model = genre.load(run.path)
    torch.testing.assert_close(torch.tensor(model.probabilities(films).to_numpy()), told, rtol=0, atol=1e-6)
    folder, _ = export(compose("export", [f"run={run.path}", f"output={tmp_path / 'exported'}"]), model_card)
    exported = torch.tensor(genre.load(folder).probabilities(films).to_numpy())
    torch.testing.assert_close(exported, told, rtol=0, atol=1e-6)
    assert not [name for name in load_file(folder / "model.safetensors") if "lora" in name]
