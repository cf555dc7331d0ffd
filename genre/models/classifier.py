"""The LightningModule around a model and a loss."""

from contextlib import nullcontext
from typing import Any

import pytorch_lightning as pl
import torch
from torch import Tensor, nn

from genre.config import OptimizerConfig
from genre.data.batching import Batch
from genre.data.datamodule import TAUGHT, TRUTH, truth_of
from genre.data.truth import Truth, way_of
from genre.decision import Decision, decide
from genre.errors import UserError
from genre.losses import Distillation, EpochLoss
from genre.metrics import multilabel_metrics
from genre.models.dropout import QuickDropout
from genre.models.optimization import make_optimizer, make_schedule
from genre.models.outputs import exact_outputs
from genre.models.sharing import logits_of_all
from genre.models.text_model import TextModel

_NOT_READ = (*TRUTH, TAUGHT, "position", "shares")  # of a batch, by the model


class GenreClassifier(pl.LightningModule):
    """Trains a model on multi-label targets.

    Args:
        model: gives logits (B, L) of what a batch holds beside `labels` and `position`.
        labels: L.
        loss: `loss(logits, targets, known) -> scalar`; an `EpochLoss` is told of each epoch.
        decision: makes the label sets for the metrics: thresholds of each validation epoch, and of test films those of
            the last one.
        optimizer: the `optimizer` section.
        seed: dropout of a step depends on the seed, the step's number and the process alone, so a resumed training
            repeats an undisturbed one.
        fused: whether one kernel updates all weights; not together with a gradient scaler.
        mask: whether nothing is learnt from what a batch says is not `known`; else it is taken for false.
        metric: which thresholds follow: `val/...`, of what the cells say, or `val_known/...`, of known cells.
        distillation: what becomes of the loss where a batch holds what a teacher says.

    Attributes:
        thresholds: of the last validation epoch (L,); not a number before the first.
    """

    thresholds: Tensor

    def __init__(
        self,
        model: TextModel,
        labels: int,
        loss: nn.Module,
        decision: Decision,
        optimizer: OptimizerConfig,
        *,
        seed: int,
        fused: bool = False,
        mask: bool = True,
        metric: str = "val_known/jaccard",
        distillation: Distillation | None = None,
    ) -> None:
        super().__init__()
        exact_outputs(model)
        self.model = model.train()  # transformers hands networks out in eval mode, and Lightning would leave them there
        self.loss = loss
        self.decision = decision
        self.optimizer_config = optimizer
        self.seed, self.fused = seed, fused
        self.mask, self.way = mask, way_of(metric)
        self.distillation = distillation
        self.register_buffer("thresholds", torch.full((labels,), torch.nan))
        self._seen: list[tuple[Tensor, Batch]] = []

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        """Logits (B, L) in float32."""
        inputs = {name: content for name, content in batch.items() if name not in _NOT_READ}
        logits: Tensor = self.model(**inputs)
        return logits.float()

    def on_train_start(self) -> None:
        """Tell the loss where a training goes on: within an epoch, where it may have been cut off, none starts."""
        self._tell_epoch()

    def on_train_epoch_start(self) -> None:
        """Tell the loss which epoch starts."""
        self._tell_epoch()

    def on_train_batch_start(self, batch: dict[str, Tensor], batch_idx: int) -> None:
        """Seed this step's dropout: seeded by the epoch, a resumed one would differ by what its data loader draws."""
        torch.manual_seed((self.seed << 24) + self.global_step + (self.global_rank << 56))

    def training_step(self, batch: dict[str, Tensor], batch_idx: int) -> Tensor:
        """Loss of a batch; where several processes compute it, times their number, for their gradients are averaged."""
        # a probe's head is quick by itself, and its published results were drawn by torch
        quick = self.model.encoder is None and self.device.type == "cpu"
        with QuickDropout() if quick else nullcontext():
            logits = self._logits_of(batch)
        loss = self._loss_of(logits, batch)
        self.log("train/loss", loss, prog_bar=True, batch_size=len(batch["labels"]))
        self.log("train/learning_rate", self._learning_rate())
        self.log("train/loss_epoch", loss, on_step=False, on_epoch=True, batch_size=len(batch["labels"]))
        return loss * len(batch["shares"]) if "shares" in batch else loss

    def configure_gradient_clipping(self, optimizer: torch.optim.Optimizer, *_: Any, **__: Any) -> None:
        """Clip the gradients' norm.

        Called by Lightning once gradients are unscaled. Lightning's own clipping refuses a fused optimiser in mixed
        precision even where nothing is scaled (Lightning issue 21435).
        """
        self._gradient_norm = nn.utils.clip_grad_norm_(self.model.parameters(), self.optimizer_config.gradient_clip)

    def on_train_batch_end(self, *_: Any) -> None:
        """Log the gradients' norm before it was clipped, which Lightning does not allow where that is done."""
        self.log("train/gradient_norm", self._gradient_norm)

    def validation_step(self, batch: dict[str, Tensor], batch_idx: int) -> None:
        """Keep probabilities: metrics are of the whole split, never a mean over batches."""
        self._look_at(batch, "val")

    def on_validation_epoch_end(self) -> None:
        """Log the metrics of the split under the thresholds that suit this epoch.

        Raises:
            UserError: when training has diverged.
        """
        probabilities, truth = self._looked_at()
        if not probabilities.isfinite().all():
            raise UserError(
                "training diverged: the model gives no finite probabilities; "
                "lower optimizer.learning_rate, and optimizer.head_learning_rate"
            )
        scoring = truth.scoring(self.way)
        self.thresholds.copy_(self.decision.fit(probabilities, scoring.targets, scoring.known))
        self._log_metrics(probabilities, truth, "val")

    def test_step(self, batch: dict[str, Tensor], batch_idx: int) -> None:
        """As `validation_step`."""
        self._look_at(batch, "test")

    def on_test_epoch_end(self) -> None:
        """Log the metrics of the split under the thresholds of the last validation epoch.

        Raises:
            UserError: when there was none.
        """
        probabilities, truth = self._looked_at()
        if not self.thresholds.isfinite().all():
            raise UserError("there are no thresholds yet: fit or validate before testing")
        self._log_metrics(probabilities, truth, "test")

    def predict_step(self, batch: dict[str, Tensor], batch_idx: int) -> tuple[Tensor, Tensor]:
        """Positions (B,) of the films in their part and their probabilities (B, L)."""
        return batch["position"], self(batch).sigmoid()

    def configure_optimizers(self) -> Any:
        """See `genre.models.optimization`; the schedule is over all steps of the training."""
        optimizer = make_optimizer(self.optimizer_config, self.model, fused=self.fused)
        schedule = make_schedule(self.optimizer_config, optimizer, int(self.trainer.estimated_stepping_batches))
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def _learning_rate(self) -> float:
        """`optimizer.learning_rate` as the schedule has it now; the rates of all parts rise and fall together."""
        first: dict[str, float] = self.trainer.optimizers[0].param_groups[0]
        return self.optimizer_config.learning_rate * first["lr"] / first["initial_lr"]

    def _tell_epoch(self) -> None:
        if isinstance(self.loss, EpochLoss):
            self.loss.start_epoch(self.current_epoch)

    def _look_at(self, batch: dict[str, Tensor], part: str) -> None:
        logits = self._logits_of(batch)
        self.log(f"{part}/loss", self._loss_of(logits, batch), batch_size=len(logits))
        # on the processor: not every accelerator knows float64, which metrics are summed in
        told = {name: batch[name].cpu() for name in TRUTH if name in batch}
        self._seen.append((logits.sigmoid().cpu(), told))

    def _logits_of(self, batch: Batch) -> Tensor:
        """Logits (B, L) of all films of a batch."""
        logits: Tensor = self(batch)
        return logits_of_all(logits, batch["shares"].tolist()) if "shares" in batch else logits

    def _loss_of(self, logits: Tensor, batch: Batch) -> Tensor:
        known = [batch["known"]] if self.mask and "known" in batch else []  # where all is known any loss will do
        loss: Tensor = self.loss(logits, batch["labels"], *known)
        return self.distillation(loss, logits, batch[TAUGHT]) if self.distillation and TAUGHT in batch else loss

    def _looked_at(self) -> tuple[Tensor, Truth]:
        """Probabilities (B, L) and labels of all films since the last call."""
        probabilities, batches = zip(*self._seen, strict=True)
        self._seen.clear()
        return torch.cat(probabilities), truth_of(batches)

    def _log_metrics(self, probabilities: Tensor, truth: Truth, part: str) -> None:
        labels = decide(probabilities, self.thresholds.cpu(), self.decision.fallback)
        for way in truth.ways:
            scoring = truth.scoring(way)
            metrics = multilabel_metrics(labels, scoring.targets, scoring.known)
            del metrics["labels"], metrics["labels_supported"]
            self.log(f"{part}{way}/jaccard", metrics.pop("jaccard"), prog_bar=True)
            self.log_dict({f"{part}{way}/{name}": value for name, value in metrics.items()})
