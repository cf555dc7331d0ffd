"""What every command imports and finds out first, done once for all of them: imported by `tests.server`."""

import gc
import importlib


def find_out() -> None:
    """What the first command of a process looks for and the first training sets up."""
    import torch
    from hydra.core.plugins import Plugins
    from transformers import DistilBertConfig, DistilBertForSequenceClassification

    from genre.config import compose
    from genre.runs import default_settings
    from genre.runs.code import code_fingerprint

    Plugins.instance()
    for name in ("train", "baseline"):
        default_settings(name)
        code_fingerprint(compose(name))
    with torch.autocast("cpu", torch.bfloat16):
        config = DistilBertConfig(vocab_size=9, dim=8, hidden_dim=8, n_layers=1, n_heads=1)
        net = DistilBertForSequenceClassification(config)
        net(torch.ones(2, 3, dtype=torch.long)).logits.sum().backward()


gc.disable()  # imports leave hardly any garbage
for name in (
    *("wandb", "genre.imdb", "genre.losses", "genre.report.compare", "genre.report.console", "genre.report.run.plots"),
    *("genre.sweep.plugins", "genre.training", "ftfy", "optuna", "pyarrow.dataset"),
):
    importlib.import_module(name)
find_out()
gc.enable()
