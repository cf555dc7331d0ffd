"""The LightningModule: parameter groups, schedule, training mode, whole-split validation metrics."""

import contextlib
import types
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import ModelCheckpoint
from torch.utils.data import DataLoader
from transformers import AlbertConfig, AlbertForSequenceClassification, BertConfig, BertForSequenceClassification

from genre.config import compose, instantiate
from genre.data.datamodule import GenreDataModule
from genre.data.sources import make_source
from genre.decision import FixedThreshold, GlobalThreshold, decide
from genre.errors import UserError
from genre.lightning import quiet_lightning
from genre.losses import BCELoss, EpochLoss
from genre.metrics import multilabel_metrics
from genre.models import GenreClassifier, TinyClassifier, TransformersClassifier
from genre.models.dropout import QuickDropout
from genre.models.optimization import parameter_groups

LABELS = [f"label{number}" for number in range(4)]


@pytest.fixture
def module() -> GenreClassifier:
    torch.manual_seed(0)
    model = TinyClassifier(layers=1, heads=2, width=16, pooling="mean", labels=LABELS).eval()
    settings = compose("train", ["optimizer.head_learning_rate=0.01", "optimizer.warmup_share=0.1"]).optimizer
    return GenreClassifier(
        model, 4, BCELoss(0.0, torch.ones(4), 4), FixedThreshold(0.5, "probability"), settings, seed=3
    )


def batch(films: int, tokens: int, seed: int = 0) -> dict[str, torch.Tensor]:
    random = torch.Generator().manual_seed(seed)
    ids = torch.randint(1000, 2000, (films, tokens), generator=random)
    labels = (torch.rand(films, 4, generator=random) < 0.5).float()
    return {"input_ids": ids, "attention_mask": torch.ones_like(ids), "labels": labels, "position": torch.arange(films)}


def test_a_network_in_eval_mode_is_put_to_training(module: GenreClassifier) -> None:
    assert all(part.training for part in module.model.modules())


def test_a_step_of_a_network_that_reads_tokens_has_quick_dropout(
    module: GenreClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "log", lambda *_, **__: None)
    monkeypatch.setattr(GenreClassifier, "_learning_rate", lambda _: 0.0)
    some = batch(4, 6)

    def loss(*, quick: bool) -> float:
        torch.manual_seed(5)
        with QuickDropout() if quick else contextlib.nullcontext():
            return module._loss_of(module(some), some).item()

    torch.manual_seed(5)
    step = module.training_step(some, 0).item()
    assert step == loss(quick=True) != loss(quick=False)


def test_biases_and_norms_do_not_decay_and_the_head_learns_at_its_own_rate(module: GenreClassifier) -> None:
    module.trainer = types.SimpleNamespace(estimated_stepping_batches=100)  # type: ignore[assignment]
    optimizer = module.configure_optimizers()["optimizer"]
    names = {id(parameter): name for name, parameter in module.model.named_parameters()}
    seen = {}
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            seen[names[id(parameter)]] = (group["initial_lr"], group["weight_decay"])
    assert set(seen) == set(names.values())
    for name, (rate, decay) in seen.items():
        assert rate == (1e-4 if name.startswith("net.distilbert.") else 0.01)
        assert decay == (0.0 if name.endswith("bias") or "norm" in name.lower() else 0.01)


def test_the_rate_rises_and_falls_linearly(module: GenreClassifier) -> None:
    module.trainer = types.SimpleNamespace(estimated_stepping_batches=100)  # type: ignore[assignment]
    made = module.configure_optimizers()
    optimizer, schedule = made["optimizer"], made["lr_scheduler"]["scheduler"]
    rates = []
    for _ in range(100):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    assert rates[0] == 0
    assert rates[10] == max(rates) == pytest.approx(1e-4)
    assert rates[55] == pytest.approx(0.5e-4)
    assert optimizer.param_groups[0]["lr"] == 0


def test_validation_metrics_are_of_the_whole_split(module: GenreClassifier) -> None:
    logged: dict[str, float] = {}
    module.log = lambda name, value, **_: logged.__setitem__(name, float(value))  # type: ignore[method-assign]
    module.log_dict = lambda values, **_: logged.update(values)  # type: ignore[method-assign]
    module.eval()
    parts = [batch(5, 7, seed=1), batch(2, 30, seed=2)]
    with torch.inference_mode():
        for number, part in enumerate(parts):
            module.validation_step(part, number)
        module.on_validation_epoch_end()
        probabilities = torch.cat([module.predict_step(part, 0)[1] for part in parts])
    targets = torch.cat([part["labels"] for part in parts])
    expected = multilabel_metrics(decide(probabilities, torch.full((4,), 0.5)), targets)
    assert logged["val/jaccard"] == pytest.approx(expected["jaccard"])
    assert logged["val/f1_macro"] == pytest.approx(expected["f1_macro"])


def test_each_epoch_is_judged_under_the_thresholds_that_suit_it(module: GenreClassifier) -> None:
    logged: dict[str, float] = {}
    module.log = lambda name, value, **_: logged.__setitem__(name, float(value))  # type: ignore[method-assign]
    module.log_dict = lambda values, **_: logged.update(values)  # type: ignore[method-assign]
    module.decision = GlobalThreshold("jaccard", "probability")
    module.eval()
    part = batch(30, 7, seed=1)
    with torch.inference_mode():
        module.validation_step(part, 0)
        module.on_validation_epoch_end()
        probabilities = module.predict_step(part, 0)[1]
    jaccards = [
        multilabel_metrics(decide(probabilities, torch.full((4,), float(cut))), part["labels"])["jaccard"]
        for cut in probabilities.unique()
    ]
    assert logged["val/jaccard"] == pytest.approx(max(jaccards))
    assert max(jaccards) > min(jaccards)


def test_padding_does_not_change_a_films_logits(module: GenreClassifier) -> None:
    module.eval()
    short = batch(1, 6)
    padded_ids = torch.cat([short["input_ids"], torch.zeros(1, 5, dtype=torch.long)], dim=1)
    mask = torch.cat([short["attention_mask"], torch.zeros(1, 5, dtype=torch.long)], dim=1)
    with torch.inference_mode():
        alone = module(short)
        assert torch.allclose(module({"input_ids": padded_ids, "attention_mask": mask}), alone, atol=1e-6)


@pytest.mark.parametrize(("schedule", "halfway", "last"), [("linear", 0.5, 0), ("cosine", 0.5, 0), ("constant", 1, 1)])
def test_schedules(module: GenreClassifier, schedule: str, halfway: float, last: float) -> None:
    module.trainer = types.SimpleNamespace(estimated_stepping_batches=100)  # type: ignore[assignment]
    module.optimizer_config.schedule = schedule
    made = module.configure_optimizers()
    rates = []
    for _ in range(101):
        rates.append(made["optimizer"].param_groups[0]["lr"] / 1e-4)
        made["optimizer"].step()
        made["lr_scheduler"]["scheduler"].step()
    assert (rates[0], rates[5], rates[10]) == pytest.approx((0, 0.5, 1))
    assert (rates[55], rates[100]) == pytest.approx((halfway, last), abs=1e-12)
    quarter = {"linear": 0.75, "cosine": 0.5 + 0.5**1.5, "constant": 1}[schedule]
    assert np.interp(32.5, range(101), rates) == pytest.approx(quarter, abs=1e-3)


def test_each_layer_learns_slower_than_the_one_above(module: GenreClassifier) -> None:
    model = TinyClassifier(layers=2, heads=2, width=16, pooling="mean", labels=LABELS)
    settings = replace(module.optimizer_config, layer_decay=0.5)
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    rates = {names[id(one)]: group["lr"] for group in parameter_groups(settings, model) for one in group["params"]}
    assert rates.keys() == set(names.values())
    for name, rate in rates.items():
        known = {".embeddings.": 0.25e-4, ".layer.0.": 0.5e-4, ".layer.1.": 1e-4}
        assert [rate] == pytest.approx([known[part] for part in known if part in name] or [0.01])


@pytest.mark.parametrize("kind", ["bert", "albert"])
def test_what_comes_after_the_layers_learns_as_the_top_does(kind: str) -> None:
    sizes = {"hidden_size": 16, "num_attention_heads": 2, "intermediate_size": 32, "num_hidden_layers": 3}
    net = {
        "bert": lambda: BertForSequenceClassification(BertConfig(**sizes)),
        "albert": lambda: AlbertForSequenceClassification(AlbertConfig(**sizes, embedding_size=8)),
    }[kind]()
    model = TransformersClassifier(net, None, "cls")
    layers = [list(layer) for layer in model.encoder_layers()]
    assert len(layers) == {"bert": 5, "albert": 1}[kind]  # albert passes one layer three times
    assert sum(map(len, layers)) == len(list(net.base_model.parameters()))
    if kind == "bert":
        assert any(parameter is net.bert.pooler.dense.weight for parameter in layers[-1])
        assert any(parameter is net.bert.embeddings.word_embeddings.weight for parameter in layers[0])


class NotingLoss(BCELoss, EpochLoss):
    """Notes the epoch that it was told, at each step of training."""

    def __init__(self) -> None:
        super().__init__(0.0, torch.ones(4), 4)
        self.told = -1
        self.steps: list[int] = []

    def start_epoch(self, epoch: int) -> None:
        self.told = epoch

    def forward(self, logits: torch.Tensor, targets: torch.Tensor, known: torch.Tensor | None = None) -> torch.Tensor:
        if self.training:
            self.steps.append(self.told)
        return super().forward(logits, targets, known)


@pytest.mark.filterwarnings("ignore:You're resuming from a checkpoint that ended before the epoch ended")
@pytest.mark.parametrize("step", [2, 3])
def test_a_loss_is_told_the_epoch_and_again_when_a_training_goes_on(
    module: GenreClassifier, tmp_path: Path, step: int
) -> None:
    """From the checkpoint of a step at the end of the first epoch, or in the midst of the second."""
    quiet_lightning()
    settings = {"accelerator": "cpu", "logger": False, "enable_progress_bar": False, "enable_model_summary": False}
    films = DataLoader([batch(1, 7, seed=number) for number in range(2)], batch_size=None)

    def fit(ckpt_path: Path | None) -> list[int]:
        module.loss = loss = NotingLoss()
        keep = ModelCheckpoint(tmp_path, "{step}", every_n_train_steps=1, save_top_k=-1)
        trainer = pl.Trainer(max_epochs=3, default_root_dir=tmp_path, callbacks=[keep], **settings)
        trainer.fit(module, films, films, ckpt_path=ckpt_path, weights_only=True)
        return loss.steps

    undisturbed = fit(None)
    assert undisturbed == [0, 0, 1, 1, 2, 2]
    assert fit(tmp_path / f"step={step}.ckpt") == undisturbed[step:]


def test_a_lightning_user_fits_and_tests(sample_products: Path, tmp_path: Path) -> None:
    cfg = compose("train", ["model=tiny", f"data.dir={sample_products}", "data.size=64"])
    source = make_source(cfg.data)  # not prepared: that is the data module's part
    model = instantiate(cfg.model, labels=source.label_names)
    data = GenreDataModule(source, cfg.data, model.tokenizer, seed=1)
    loss, labels = BCELoss(0.0, torch.ones(21), 64), len(source.label_names)
    module = GenreClassifier(model, labels, loss, GlobalThreshold("jaccard", "probability"), cfg.optimizer, seed=1)
    settings = {"accelerator": "cpu", "logger": False, "enable_progress_bar": False, "enable_model_summary": False}
    trainer = pl.Trainer(max_epochs=1, default_root_dir=tmp_path, enable_checkpointing=False, **settings)
    quiet_lightning()
    with pytest.raises(UserError, match="there are no thresholds yet: fit or validate before testing"):
        trainer.test(module, datamodule=data, verbose=False)
    module.train()  # which a test that fails does not do
    trainer.fit(module, datamodule=data)
    (tested,) = trainer.test(module, datamodule=data, verbose=False)
    predicted = trainer.predict(module, data.test_dataloader())
    positions, probabilities = (torch.cat(part) for part in zip(*predicted, strict=True))
    targets = torch.from_numpy(data.corpus.part_truth("test").labels)[positions]
    assert module.thresholds.unique().numel() == 1
    expected = multilabel_metrics(decide(probabilities, module.thresholds, "probability"), targets)
    assert tested["test/jaccard"] == pytest.approx(expected["jaccard"])
    assert tested["test/f1_macro"] == pytest.approx(expected["f1_macro"])
