"""Which rate each parameter learns at, by which optimiser, and how the rates change."""

import inspect
from typing import Any

from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler
from transformers import get_scheduler

from genre.config import OptimizerConfig, target_of
from genre.models.text_model import TextModel

_COMMON = set(OptimizerConfig.__dataclass_fields__)

# names in transformers
_SCHEDULES = {"linear": "linear", "cosine": "cosine", "constant": "constant_with_warmup"}


def make_optimizer(settings: OptimizerConfig, model: TextModel, *, fused: bool) -> Optimizer:
    """The optimiser of a model's parameters.

    Args:
        settings: the `optimizer` section; `_target_` is called with groups of parameters, `weight_decay`, what its
            schema has beyond `OptimizerConfig`, and `fused` if it takes that.
        model: that is trained.
        fused: whether one kernel updates all weights.
    """
    make = target_of(settings)
    own = {name: value for name, value in vars(settings).items() if name not in _COMMON}
    if "fused" in inspect.signature(make).parameters:
        own["fused"] = fused
    optimizer: Optimizer = make(parameter_groups(settings, model), **own)
    return optimizer


def parameter_groups(settings: OptimizerConfig, model: TextModel) -> list[dict[str, Any]]:
    """Parameters that learn alike.

    The encoder's top layer learns at `learning_rate`, each layer below at `layer_decay` times the rate of the one above
    it (discriminative fine-tuning: Howard and Ruder, 2018, section 3.2), all else at `head_learning_rate`. Biases and
    norms, which are vectors, do not decay.
    """
    layers = [list(layer) for layer in model.encoder_layers()]
    rates = {
        id(parameter): settings.learning_rate * settings.layer_decay**below
        for below, layer in enumerate(reversed(layers))
        for parameter in layer
    }
    groups: dict[tuple[float, bool], list[nn.Parameter]] = {}
    for parameter in (one for one in model.parameters() if one.requires_grad):
        rate = rates.get(id(parameter), settings.head_learning_rate)
        groups.setdefault((rate, parameter.ndim > 1), []).append(parameter)
    return [
        {"params": parameters, "lr": rate, "weight_decay": settings.weight_decay if decays else 0.0}
        for (rate, decays), parameters in groups.items()
    ]


def make_schedule(settings: OptimizerConfig, optimizer: Optimizer, steps: int) -> LRScheduler:
    """Linear warm-up, then a decay to zero at the last of the steps, by a line or half a cosine, or none."""
    warmup = round(settings.warmup_share * steps)
    schedule: LRScheduler = get_scheduler(_SCHEDULES[settings.schedule], optimizer, warmup, steps)
    return schedule
