"""Whether training as fast as this project does costs quality: validation Jaccard beside the Trainer of Hugging Face.

    pip install accelerate
    python benchmarks/train_parity.py [SEEDS [overrides of conf/train.yaml]]

Both train copies of the same weights with the same optimiser, rates, batch size, precision and number of epochs on the
same films; the Trainer draws its batches at random and pads them to their longest text, this project groups texts by
length. Thresholds are those of `decision`, fitted on the validation films, which are scored as the cells say; unknown
cells count as false, as the Trainer knows no others (`data.unknown=negative`).
"""

import statistics
import sys
from dataclasses import replace
from functools import partial
from typing import Any

import pytorch_lightning as pl
import transformers
from train_throughput import QUIET, Films, collate

from genre.config import TrainConfig, compose
from genre.data.datamodule import GenreDataModule
from genre.data.sources import Source, prepared
from genre.decision import decide
from genre.evaluation import machine_of, part_results, predict_probabilities
from genre.lightning import quiet_lightning, trainer_arguments
from genre.metrics import multilabel_metrics
from genre.models import GenreClassifier
from genre.models.optimization import make_optimizer
from genre.training.fit import module_and_data


def hugging_face(module: GenreClassifier, data: GenreDataModule, cfg: TrainConfig) -> None:
    """Train by its Trainer."""
    optimizer = cfg.optimizer
    settings = transformers.TrainingArguments(
        **QUIET,
        per_device_train_batch_size=cfg.data.batch_size,
        num_train_epochs=cfg.trainer.max_epochs,
        bf16=machine_of(cfg).precision == "bf16-mixed",
        max_grad_norm=optimizer.gradient_clip,
        lr_scheduler_type=optimizer.schedule,
        warmup_steps=optimizer.warmup_share,  # a share, below 1
        seed=cfg.seed,
    )
    net: Any = module.model.net
    pad = partial(collate, pad=data.tokenizer.pad_token_id, length=None)
    made = make_optimizer(optimizer, module.model, fused=True)
    trainer = transformers.Trainer(net, settings, data_collator=pad, train_dataset=Films(data), optimizers=(made, None))
    trainer.train()


def this_project(module: GenreClassifier, data: GenreDataModule, cfg: TrainConfig) -> None:
    """Train as `train.py` does."""
    settings = trainer_arguments(machine_of(cfg), progress_bar=False) | {"callbacks": []}
    trainer = pl.Trainer(
        **settings, max_epochs=cfg.trainer.max_epochs, limit_val_batches=0, logger=False, enable_checkpointing=False,
        use_distributed_sampler=False,
    )  # fmt: skip
    trainer.fit(module, train_dataloaders=data.train_dataloader())


def jaccard(module: GenreClassifier, data: GenreDataModule, cfg: TrainConfig) -> float:
    """Of the validation films."""
    trainer = pl.Trainer(**trainer_arguments(machine_of(cfg), progress_bar=False), logger=False)
    val = part_results(data.corpus, "val", predict_probabilities(trainer, module, data.part_dataloader("val")))
    scoring = val.truth.scoring_of("val/jaccard")
    thresholds = module.decision.fit(val.probabilities, scoring.targets, scoring.known)
    labels = decide(val.probabilities, thresholds, module.decision.fallback)
    return multilabel_metrics(labels, scoring.targets, scoring.known)["jaccard"]


def trained(way: Any, source: Source, cfg: TrainConfig) -> float:
    """The validation Jaccard after training one way."""
    module, data = module_and_data(cfg, source, None)
    way(module, data, cfg)
    return jaccard(module, data, cfg)


def main() -> None:
    """Print each seed's Jaccards, and their means."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    quiet_lightning()
    cfg = compose("train", ["data.unknown=negative", *sys.argv[2:]])
    source = prepared(cfg.data)
    scores: dict[str, list[float]] = {"Hugging Face": [], "this project": []}
    print(f"{machine_of(cfg)}; {cfg.trainer.max_epochs} epochs, batches of {cfg.data.batch_size}")
    for seed in range(1, seeds + 1):
        for name, way in (("Hugging Face", hugging_face), ("this project", this_project)):
            scores[name].append(trained(way, source, replace(cfg, seed=seed)))
            print(f"seed {seed}, {name}: validation Jaccard {scores[name][-1]:.4f}", flush=True)
    means = {name: statistics.mean(values) for name, values in scores.items()}
    print(f"means: {', '.join(f'{name} {value:.4f}' for name, value in means.items())}")
    print(f"this project - Hugging Face: {means['this project'] - means['Hugging Face']:+.4f}")


if __name__ == "__main__":
    main()
