"""The network of a finished run."""

import numpy as np
import pandas as pd
import pytorch_lightning as pl
import torch

from genre.config import TrainConfig, instantiate, restore
from genre.data.batching import TokenBudgetSampler
from genre.data.datamodule import FilmDataset, PartDataset, batches
from genre.data.encoding import encode
from genre.data.features import FeatureDataset
from genre.data.tokens import join_columns, tokenise
from genre.decision import Decision
from genre.errors import UserError
from genre.evaluation.inference import Probabilities, machine_of, predict_probabilities
from genre.lightning import quiet_lightning, trainer_arguments
from genre.models import GenreClassifier, TextModel
from genre.runs import RunFolder
from genre.runs.records import read_labels


class NetworkModel:
    """A trained network and the tokenizer that feeds it.

    Args:
        run: the folder of a finished run.
        cfg: its settings.

    Raises:
        UserError: when its checkpoint is missing or belongs to another model.
    """

    def __init__(self, run: RunFolder, cfg: TrainConfig) -> None:
        quiet_lightning()
        self.cfg, self.machine, self.labels = cfg, machine_of(cfg), read_labels(run)
        model: TextModel = restore(cfg.model, run.architecture, labels=self.labels)
        if not run.best_checkpoint.is_file():
            raise UserError(f"{run.best_checkpoint}: is missing; train the run again with overwrite=true")
        state = torch.load(run.best_checkpoint, map_location="cpu", weights_only=True)["state_dict"]
        weights = {name.removeprefix("model."): value for name, value in state.items() if name.startswith("model.")}
        try:
            model.load_state_dict(weights)
        except RuntimeError as error:
            raise UserError(f"{run.best_checkpoint}: its weights do not fit the model of {run.path}") from error
        unused = torch.nn.Identity()  # the loss has done its work
        decision: Decision = instantiate(cfg.decision)
        self.module = GenreClassifier(model, len(self.labels), unused, decision, cfg.optimizer, seed=cfg.seed)
        self.model = model

    @property
    def size(self) -> int:
        """See `RunModel`; a frozen encoder counts."""
        parts = [self.model, *([self.model.encoder.encoder] if self.model.encoder else [])]
        return sum(parameter.numel() for part in parts for parameter in part.parameters())

    def probabilities(self, films: pd.DataFrame, *, limited: bool = False) -> Probabilities:
        """See `RunModel`."""
        cfg = self.cfg
        if films.empty:
            return Probabilities(np.arange(0), torch.zeros(0, len(self.labels)))
        dataset = self._dataset(films)
        trainer = pl.Trainer(
            **trainer_arguments(self.machine, progress_bar=cfg.trainer.progress_bar),
            limit_predict_batches=cfg.trainer.limit_batches if limited else None,
            logger=False,
            enable_checkpointing=False,
        )
        return predict_probabilities(trainer, self.module, batches(dataset, TokenBudgetSampler(dataset.lengths)))

    def _dataset(self, films: pd.DataFrame) -> PartDataset:
        """The films as the model reads them, without labels."""
        cfg, tokenizer, encoder = self.cfg, self.model.tokenizer, self.model.encoder
        progress = cfg.trainer.progress_bar
        texts = join_columns(films, cfg.data.text, tokenizer.sep_token)
        tokens = tokenise(texts, tokenizer, cfg.data.max_tokens, progress=progress)
        rows = np.arange(len(texts))
        if encoder is None:
            return FilmDataset(tokens, None, rows, tokenizer.pad_token_id)
        encoder.to(torch.device(self.machine.device))
        return FeatureDataset(encode(tokens, encoder, tokenizer.pad_token_id, progress=progress), None, rows)
