"""What a teacher says, as a part of the loss."""

from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional

from genre.losses.arithmetic import at_least_float32, mean_of_known


@dataclass(frozen=True)
class Distillation:
    r"""The loss of the labels, mixed with how far a student is from its teacher.

    .. math:: (1 - m) \, \ell + m \, T^2 \, \frac{1}{BL} \sum_{b,k}
              -\sigma(t_{bk} / T) \ln \sigma(z_{bk} / T) - (1 - \sigma(t_{bk} / T)) \ln(1 - \sigma(z_{bk} / T))

    with z the student's logits and t the teacher's log odds (B, L), l the loss of the labels, m the share and T the
    temperature; T squared keeps the size of gradients while T changes. The teacher has a say in unknown cells too; of a
    film of which it says nothing (NaN) it has none. Source: Hinton, Vinyals, Dean, "Distilling the knowledge in a
    neural network" (2015), section 2, with each label's two outcomes in the place of classes.

    Attributes:
        share: m, from above 0 to 1.
        temperature: T, above 0.
    """

    share: float
    temperature: float

    def __call__(self, loss: Tensor, logits: Tensor, taught: Tensor) -> Tensor:
        """The mixed loss of a batch: the labels' scalar, logits (B, L) and the teacher's log odds (B, L) -> scalar."""
        logits, taught = at_least_float32(logits, taught)
        said = ~taught.isnan()
        aim = (taught.nan_to_num() / self.temperature).sigmoid()
        cells = functional.binary_cross_entropy_with_logits(logits / self.temperature, aim, reduction="none")
        return (1 - self.share) * loss + self.share * self.temperature**2 * mean_of_known(cells, said)
