"""Genres of new descriptions by a finished run."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytorch_lightning as pl
import torch
from torch import Tensor

from genre.config import PredictConfig, TrainConfig
from genre.data.batching import TokenBudgetSampler
from genre.data.datamodule import FilmDataset, batches
from genre.data.labels import join_genres
from genre.data.tables import read_table
from genre.data.tokens import join_columns, tokenise
from genre.decision import decide
from genre.evaluation.inference import load_run, predict_probabilities, quiet_lightning, trainer_settings
from genre.evaluation.results import read_thresholds
from genre.files import atomic_path
from genre.models import GenreClassifier
from genre.tracking import RunFolder


def predict_genres(cfg: PredictConfig) -> pd.DataFrame:
    """Predict the genres of one text, or of a CSV file's rows; the file's rows and columns are kept as they are.

    Returns:
        The input's columns, `predicted_genres` (`|`-joined), and for one text a column with each genre's probability.

    Raises:
        UserError: when the run or the file cannot be used.
    """
    quiet_lightning()
    run = RunFolder.existing(cfg.run)
    settings, module, tokenizer = load_run(run)
    if cfg.text is not None:
        table = pd.DataFrame({"title": [cfg.title or ""], "description": [cfg.text]})
    else:
        assert cfg.input is not None
        table = read_table(Path(cfg.input), settings.data.text, keep_others=True, keep_blank_lines=True)
    genres = settings.data.labels
    probabilities = table_probabilities(table, settings, module, tokenizer)
    predicted = decide(probabilities, read_thresholds(run, genres), settings.decision.fallback).numpy()
    result = table.assign(predicted_genres=[join_genres(row, genres) for row in predicted])
    if cfg.output is not None:
        with atomic_path(Path(cfg.output)) as file:
            result.to_csv(file, index=False, lineterminator="\n")
    if cfg.text is not None:
        result = pd.concat([result, pd.DataFrame(probabilities.numpy(), columns=list(genres))], axis=1)
    return result


def table_probabilities(table: pd.DataFrame, cfg: TrainConfig, module: GenreClassifier, tokenizer: Any) -> Tensor:
    """Probabilities (B, L) of a table's rows, in their order."""
    texts = join_columns(table, cfg.data.text, tokenizer.sep_token)
    tokens = tokenise(texts, tokenizer, cfg.data.max_tokens, progress=cfg.trainer.progress_bar)
    no_labels: npt.NDArray[np.uint8] = np.zeros((len(texts), len(cfg.data.labels)), dtype=np.uint8)
    dataset = FilmDataset(tokens, no_labels, np.arange(len(texts)), tokenizer.pad_token_id)
    if not len(dataset):
        return torch.zeros(0, len(cfg.data.labels))
    arguments = trainer_settings(cfg.trainer) | {"limit_predict_batches": None}
    trainer = pl.Trainer(**arguments, logger=False, enable_checkpointing=False)
    return predict_probabilities(trainer, module, batches(dataset, TokenBudgetSampler(dataset.lengths))).values
