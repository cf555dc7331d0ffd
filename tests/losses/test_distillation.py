"""A teacher's part of the loss: against torch's divergence, and by hand."""

import math

import pytest
import torch
from torch.distributions import Bernoulli, kl_divergence

from genre.losses import BCELoss, Distillation


def draw(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(1), dtype=torch.double)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_its_gradient_is_that_of_the_divergence_from_the_teacher(temperature: float) -> None:
    student, teacher = draw(2, 5, 4).unbind()
    student.requires_grad_()
    value = Distillation(1.0, temperature)(torch.zeros((), dtype=torch.double), student, teacher)
    apart = kl_divergence(Bernoulli(logits=teacher / temperature), Bernoulli(logits=student / temperature))
    (gradient,) = torch.autograd.grad(value, student)
    (expected,) = torch.autograd.grad(temperature**2 * apart.mean(), student)
    torch.testing.assert_close(gradient, expected)
    # and it is least where both say the same
    assert value > Distillation(1.0, temperature)(value.detach() * 0, teacher, teacher)


def test_a_hand_worked_cell() -> None:
    """A student of even odds and a teacher of odds 3, T 1: -3/4 ln(1/2) - 1/4 ln(1/2) = ln 2."""
    value = Distillation(0.25, 1.0)(torch.tensor(2.0), torch.zeros(1, 1), torch.full((1, 1), math.log(3)))
    assert value.item() == pytest.approx(0.75 * 2 + 0.25 * math.log(2))


def test_a_sure_teacher_is_the_labels() -> None:
    logits, targets = draw(6, 3), (draw(6, 3) > 0).double()
    labels = BCELoss(0.0, torch.ones(3), 6)(logits, targets)
    taught = Distillation(0.7, 1.0)(labels, logits, (2 * targets - 1) * 50)
    torch.testing.assert_close(taught, labels)


def test_of_films_of_which_nothing_is_said_the_labels_alone_count() -> None:
    logits, taught = draw(2, 4, 3).unbind()
    loss = torch.tensor(0.5, dtype=torch.double)
    silent = taught.clone()
    silent[1] = torch.nan
    rows = [0, 2, 3]
    torch.testing.assert_close(
        Distillation(0.5, 2.0)(loss, logits, silent), Distillation(0.5, 2.0)(loss, logits[rows], taught[rows])
    )
    assert Distillation(0.5, 2.0)(loss, logits, taught * torch.nan) == 0.25
