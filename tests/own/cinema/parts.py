"""A loss and an optimiser."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from omegaconf import MISSING
from torch import Tensor, nn

from genre.config import LossConfig, OptimizerConfig, schema


@schema("loss/confident")
@dataclass
class ConfidentLossConfig(LossConfig):
    _target_: str = "cinema.ConfidentLoss"
    strength: float = MISSING


class ConfidentLoss(nn.Module):
    """Binary cross-entropy that wants probabilities away from a half."""

    def __init__(self, strength: float, label_counts: Tensor, num_examples: int) -> None:
        super().__init__()
        if strength < 0:
            raise ValueError(f"loss.strength={strength}: must be 0 or more")
        self.strength = strength

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        probabilities = logits.sigmoid()
        unsure = (probabilities * (1 - probabilities)).mean()
        return nn.functional.binary_cross_entropy_with_logits(logits, targets) + self.strength * unsure


@schema("optimizer/sign")
@dataclass
class SignDescentConfig(OptimizerConfig):
    _target_: str = "cinema.SignDescent"
    momentum: float = MISSING


class SignDescent(torch.optim.Optimizer):
    """Steps of one size along the sign of the gradients' mean (signum: Bernstein et al., 2018)."""

    def __init__(self, groups: list[dict[str, object]], momentum: float) -> None:
        super().__init__(groups, {"momentum": momentum})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                state = self.state[weight]
                mean = state.setdefault("mean", torch.zeros_like(weight))
                mean.lerp_(weight.grad, 1 - group["momentum"])
                weight.mul_(1 - group["lr"] * group["weight_decay"]).sub_(group["lr"] * mean.sign())
        return loss
