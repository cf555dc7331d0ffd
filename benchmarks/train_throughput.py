"""Films a second in training, against the Trainer of Hugging Face: equal weights, texts and batch size, in turns.

    pip install accelerate
    python benchmarks/train_throughput.py [STEPS [ROUNDS [overrides of conf/train.yaml]]]

Each way trains a fresh copy of the network for STEPS steps; seconds count from the first step to the end of the last.
The limit is the rate of matrix products, measured between the turns on those of the network's own feed-forward layers,
and of a square one; what a training reaches of it is 6 x parameters outside the embeddings x real tokens.
"""

import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from copy import deepcopy
from functools import partial
from typing import Any

import pytorch_lightning as pl
import torch
import transformers
from torch import Tensor, nn
from torch.utils.data import Dataset

from genre.config import TrainConfig, compose, instantiate
from genre.data.batching import LengthPoolSampler, pad_batch
from genre.data.datamodule import GenreDataModule
from genre.data.sources import prepared
from genre.lightning import quiet_lightning, trainer_arguments
from genre.machine import Machine, fast_precision
from genre.models import GenreClassifier, TextModel

PADDED = 128
FAST = fast_precision("cpu")
# bfloat16 where the processor multiplies it: emulated it takes minutes a step
PRECISIONS = {"float32": "32-true", **({"bf16": FAST} if FAST == "bf16-mixed" else {})}


# its Trainer on the processor, which keeps and tells nothing
QUIET: dict[str, Any] = {
    "output_dir": "outputs/benchmark",
    "use_cpu": True,
    "remove_unused_columns": False,
    "save_strategy": "no",
    "report_to": [],
    "disable_tqdm": True,
    "logging_strategy": "no",
    "dataloader_pin_memory": False,
}


class Films(Dataset[dict[str, Any]]):
    """Films as the Trainer of Hugging Face takes them."""

    def __init__(self, data: GenreDataModule) -> None:
        self.data, self.rows = data, data.train_rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, position: int) -> dict[str, Any]:
        row = self.rows[position]
        ids = self.data.tokens[row]
        return {"input_ids": ids, "labels": self.data.truth.labels[row], "length": len(ids)}


def collate(films: Sequence[dict[str, Any]], pad: int, length: int | None) -> dict[str, Tensor]:
    """A batch padded to its longest text, or to a length."""
    batch = pad_batch([film["input_ids"][:length] for film in films], pad)
    if length:
        more = length - batch["input_ids"].shape[1]
        batch = {
            name: nn.functional.pad(content, (0, more), value=pad * (name == "input_ids"))
            for name, content in batch.items()
        }
    return batch | {"labels": torch.stack([torch.tensor(film["labels"]) for film in films]).float()}


class Watch:
    """Seconds from the first step to the end of the last."""

    start: float | None = None
    end = 0.0

    def step_begins(self) -> None:
        """Tell it."""
        self.start = self.start or time.perf_counter()

    def step_ends(self) -> None:
        """Tell it."""
        self.end = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Between them."""
        assert self.start
        return self.end - self.start


class HuggingFaceWatch(transformers.TrainerCallback):
    """What its Trainer tells."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch

    def on_step_begin(self, *_: Any, **__: Any) -> None:
        """A step begins."""
        self.watch.step_begins()

    def on_step_end(self, *_: Any, **__: Any) -> None:
        """A step has ended."""
        self.watch.step_ends()


class LightningWatch(pl.Callback):
    """What Lightning's Trainer tells."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch

    def on_train_batch_start(self, *_: Any) -> None:
        """A step begins."""
        self.watch.step_begins()

    def on_train_batch_end(self, *_: Any) -> None:
        """A step has ended."""
        self.watch.step_ends()


def hugging_face(
    model: TextModel, data: GenreDataModule, cfg: TrainConfig, steps: int, *, bf16: bool, pad: str
) -> float:
    """Seconds of so many steps of its Trainer."""
    settings = transformers.TrainingArguments(
        **QUIET,
        per_device_train_batch_size=cfg.data.batch_size,
        max_steps=steps,
        bf16=bf16,
        train_sampling_strategy="group_by_length" if pad == "grouped" else "random",
        learning_rate=cfg.optimizer.learning_rate,
        seed=cfg.seed,
    )
    watch = Watch()
    length = PADDED if pad == "128" else None
    net: Any = deepcopy(model.net)
    films = partial(collate, pad=data.tokenizer.pad_token_id, length=length)
    trainer = transformers.Trainer(
        net, settings, data_collator=films, train_dataset=Films(data), callbacks=[HuggingFaceWatch(watch)]
    )
    trainer.train()
    return watch.seconds


def this_project(model: TextModel, data: GenreDataModule, cfg: TrainConfig, steps: int, *, precision: str) -> float:
    """Seconds of so many steps as `train.py` makes them."""
    machine = Machine.here("cpu", precision)
    settings = trainer_arguments(machine, progress_bar=False)
    watch = Watch()
    settings["callbacks"] = [LightningWatch(watch)]
    counts = torch.from_numpy(data.truth.labels).sum(dim=0)
    module = GenreClassifier(
        deepcopy(model),
        len(counts),
        instantiate(cfg.loss, label_counts=counts, num_examples=len(data.truth.labels)),
        instantiate(cfg.decision),
        cfg.optimizer,
        seed=cfg.seed,
        fused=machine.fused_optimizer,
    )
    trainer = pl.Trainer(
        **settings, max_steps=steps, limit_val_batches=0, logger=False, enable_checkpointing=False,
        use_distributed_sampler=False,
    )  # fmt: skip
    trainer.fit(module, train_dataloaders=data.train_dataloader())
    return watch.seconds


def matrix_rates(width: int, hidden: int, tokens: int) -> dict[str, float]:
    """Floating-point operations a second, in GFLOP/s: the better of the network's own products and a square one."""
    rates: dict[str, float] = {}
    kinds = {"float32": torch.float32, "bf16": torch.bfloat16}
    for name, kind in ((name, kinds[name]) for name in PRECISIONS):
        for m, k, n in ((tokens, width, hidden), (tokens, hidden, width), (2048, 2048, 2048)):
            left, right = torch.randn(m, k, dtype=kind), torch.randn(k, n, dtype=kind)
            times = []
            for _ in range(8):
                begun = time.perf_counter()
                left @ right
                times.append(time.perf_counter() - begun)
            rates[name] = max(rates.get(name, 0), 2e-9 * m * k * n / statistics.median(times[2:]))
    return rates


def main() -> None:
    """Print films a second of each way, ratios and the share of the limit."""
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    quiet_lightning()
    cfg = compose("train", sys.argv[3:])
    pl.seed_everything(cfg.seed, verbose=False)
    source = prepared(cfg.data)
    model = instantiate(cfg.model, labels=source.label_names)
    data = GenreDataModule(source, cfg.data, model.tokenizer, seed=cfg.seed)
    data.setup()
    lengths = data.tokens.lengths[data.train_rows]
    batches = list(LengthPoolSampler(lengths, cfg.data.batch_size, cfg.seed))
    padded = sum(len(batch) * int(lengths[batch].max()) for batch in batches)
    body = sum(weight.numel() for name, weight in model.named_parameters() if "embeddings" not in name)
    machine = Machine.here("cpu", "auto")
    print(f"{machine.processor}, {machine.threads} threads, {machine.precision} by itself")
    versions = {"torch": torch, "transformers": transformers, "pytorch-lightning": pl}
    told = [f"{name} {package.__version__}" for name, package in versions.items()]
    print(f"Python {platform.python_version()}, {', '.join(told)}")
    print(f"{len(lengths):,} films of {lengths.mean():.1f} tokens, batches of {cfg.data.batch_size}; padding is")
    print(f"{1 - lengths.sum() / padded:.1%} of all tokens; {body / 1e6:.1f} million parameters outside the embeddings")

    ways: dict[str, Callable[[], float]] = {}
    for name, precision in PRECISIONS.items():
        for pad in ("128", "dynamic", "grouped"):
            bf16 = precision == "bf16-mixed"
            ways[f"Hugging Face, {pad}, {name}"] = partial(hugging_face, model, data, cfg, steps, bf16=bf16, pad=pad)
        ways[f"this project, {name}"] = partial(this_project, model, data, cfg, steps, precision=precision)
    config = model.net.config
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    rates: list[dict[str, float]] = []
    for number in range(rounds + 1):  # the first warms up
        for name, way in ways.items():
            speed = steps * cfg.data.batch_size / way()
            if number:
                speeds[name].append(speed)
        rates.append(matrix_rates(config.dim, config.hidden_dim, cfg.data.batch_size * int(lengths.mean())))
    medians = {name: statistics.median(values) for name, values in speeds.items()}
    limits = {name: statistics.median(rate[name] for rate in rates) for name in PRECISIONS}
    print("limit: " + ", ".join(f"{rate:.0f} GFLOP/s {name}" for name, rate in limits.items()))
    print(f"median of {rounds} rounds of {steps} steps:")
    for name, speed in medians.items():
        precision = name.rpartition(" ")[2]
        reached = 6e-9 * body * lengths.mean() * speed
        share = f"{reached:4.0f} GFLOP/s, {reached / limits[precision]:4.0%} of the limit"
        print(f"{name:34} {speed:6.1f} films a second, {share}")
    for name in PRECISIONS:
        own = medians[f"this project, {name}"]
        told = [f"{own / medians[f'Hugging Face, {pad}, {name}']:.2f} x {pad}" for pad in ("128", "dynamic", "grouped")]
        print(f"this project, {name} / Hugging Face, {name}: {', '.join(told)}")
    best = max(speed for name, speed in medians.items() if name.startswith("Hugging"))
    own = max(speed for name, speed in medians.items() if name.startswith("this"))
    padded, dynamic = (medians[f"Hugging Face, {pad}, float32"] for pad in ("128", "dynamic"))
    print(f"best / best: {own / best:.2f} x; best / float32: {own / padded:.2f} x 128, {own / dynamic:.2f} x dynamic")


if __name__ == "__main__":
    main()
