"""What every command imports and finds out first, done once for all of them: preloaded by `tests.commands`."""

import importlib

import torch
from hydra.core.plugins import Plugins
from transformers import DistilBertConfig, DistilBertForSequenceClassification

from genre.config import compose
from genre.runs import default_settings
from genre.runs.code import code_fingerprint

for name in (
    *("genre.imdb", "genre.losses", "genre.report.compare", "genre.report.console", "genre.report.run.plots"),
    *("genre.sweep.plugins", "genre.training", "ftfy", "optuna", "pyarrow.dataset", "wandb"),
):
    importlib.import_module(name)

Plugins.instance()
for name in ("train", "baseline"):
    default_settings(name)
    code_fingerprint(compose(name))
with torch.autocast("cpu", torch.bfloat16):
    net = DistilBertForSequenceClassification(
        DistilBertConfig(vocab_size=9, dim=8, hidden_dim=8, n_layers=1, n_heads=1)
    )
    net(torch.ones(2, 3, dtype=torch.long)).logits.sum().backward()
