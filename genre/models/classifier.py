"""The LightningModule around a network and a loss."""

from typing import Any

import pytorch_lightning as pl
import torch
from torch import Tensor, nn
from transformers import get_linear_schedule_with_warmup

from genre.config import OptimizerConfig
from genre.decision import Decision, decide
from genre.errors import UserError
from genre.metrics import multilabel_metrics
from genre.models.outputs import exact_outputs


class GenreClassifier(pl.LightningModule):
    """Trains a network on multi-label targets.

    Args:
        net: gives logits (B, L) of what a batch holds beside `labels` and `position`: `input_ids` and `attention_mask`
            (B, T), or `features` (B, D).
        loss: `loss(logits, targets) -> scalar`.
        decision: makes the label sets for the metrics of each validation epoch.
        optimizer: the `optimizer` section.
        seed: dropout of a step depends on the seed and the step's number alone, so a resumed training repeats an
            undisturbed one.
        fused: whether one kernel updates all weights; not together with a gradient scaler.
    """

    def __init__(
        self,
        net: Any,
        loss: nn.Module,
        decision: Decision,
        optimizer: OptimizerConfig,
        *,
        seed: int,
        fused: bool = False,
    ) -> None:
        super().__init__()
        exact_outputs(net)
        self.net = net.train()  # transformers hands networks out in eval mode, and Lightning would leave them there
        self.loss = loss
        self.decision = decision
        self.optimizer_config = optimizer
        self.seed, self.fused = seed, fused
        self._validated: list[tuple[Tensor, Tensor]] = []

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        """Logits (B, L) in float32."""
        inputs = {name: content for name, content in batch.items() if name not in ("labels", "position")}
        logits: Tensor = self.net(**inputs).logits
        return logits.float()

    def on_train_batch_start(self, batch: dict[str, Tensor], batch_idx: int) -> None:
        """Seed this step's dropout: seeded by the epoch, a resumed one would differ by what its data loader draws."""
        torch.manual_seed((self.seed << 24) + self.global_step)

    def training_step(self, batch: dict[str, Tensor], batch_idx: int) -> Tensor:
        """Loss of a batch."""
        loss: Tensor = self.loss(self(batch), batch["labels"])
        self.log("train/loss", loss, prog_bar=True, batch_size=len(batch["labels"]))
        self.log("train/loss_epoch", loss, on_step=False, on_epoch=True, batch_size=len(batch["labels"]))
        return loss

    def configure_gradient_clipping(self, optimizer: torch.optim.Optimizer, *_: Any, **__: Any) -> None:
        """Clip the gradients' norm.

        Called by Lightning once gradients are unscaled. Lightning's own clipping refuses a fused optimiser in mixed
        precision even where nothing is scaled (Lightning issue 21435).
        """
        nn.utils.clip_grad_norm_(self.net.parameters(), self.optimizer_config.gradient_clip)

    def validation_step(self, batch: dict[str, Tensor], batch_idx: int) -> None:
        """Keep probabilities: metrics are of the whole split, never a mean over batches."""
        logits = self(batch)
        self.log("val/loss", self.loss(logits, batch["labels"]), batch_size=len(logits))
        # on the processor: not every accelerator knows float64, which metrics are summed in
        self._validated.append((logits.sigmoid().cpu(), batch["labels"].cpu()))

    def on_validation_epoch_end(self) -> None:
        """Log the metrics of the split under the thresholds that suit this epoch.

        Raises:
            UserError: when training has diverged.
        """
        probabilities, targets = (torch.cat(part) for part in zip(*self._validated, strict=True))  # (B, L) each
        self._validated.clear()
        if not probabilities.isfinite().all():
            raise UserError(
                "training diverged: the model gives no finite probabilities; "
                "lower optimizer.learning_rate, and optimizer.head_learning_rate"
            )
        thresholds = self.decision.fit(probabilities, targets)
        metrics = multilabel_metrics(decide(probabilities, thresholds, self.decision.fallback), targets)
        del metrics["labels"], metrics["labels_supported"]
        self.log("val/jaccard", metrics.pop("jaccard"), prog_bar=True)
        self.log_dict({f"val/{name}": value for name, value in metrics.items()})

    def predict_step(self, batch: dict[str, Tensor], batch_idx: int) -> tuple[Tensor, Tensor]:
        """Positions (B,) of the films in their part and their probabilities (B, L)."""
        return batch["position"], self(batch).sigmoid()

    def configure_optimizers(self) -> Any:
        """AdamW without decay on biases and norms, linear warm-up and linear decay over all steps."""
        settings = self.optimizer_config
        encoder = f"{self.net.base_model_prefix}."
        groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
        for name, parameter in self.net.named_parameters():
            # biases and norms are vectors, all other weights are matrices
            groups.setdefault((name.startswith(encoder), parameter.ndim > 1), []).append(parameter)
        optimizer = torch.optim.AdamW(
            [
                {
                    "params": parameters,
                    "lr": settings.learning_rate if in_encoder else settings.head_learning_rate,
                    "weight_decay": settings.weight_decay if decays else 0.0,
                }
                for (in_encoder, decays), parameters in groups.items()
            ],
            fused=self.fused,
        )
        steps = int(self.trainer.estimated_stepping_batches)
        schedule = get_linear_schedule_with_warmup(optimizer, round(settings.warmup_share * steps), steps)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}
