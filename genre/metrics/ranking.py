"""How well probabilities rank true labels above others, whatever the thresholds."""

import torch
from torch import Tensor
from torchmetrics.functional.classification import binary_average_precision


def film_rankings(probabilities: Tensor, targets: Tensor) -> dict[str, Tensor]:
    """Ranking scores of each film, (B,) in float64; `ranking_metrics` gives their means under the same names.

    Equal to scikit-learn's `label_ranking_loss`, `coverage_error` and `label_ranking_average_precision_score`. Not
    torchmetrics': its ranking loss orders tied labels by their position instead of counting a tie as a wrong pair, and
    none of its three functions gives scores by film.

    Args:
        probabilities: (B, L).
        targets: 0/1 (B, L).
    """
    true = targets.bool()
    # how many labels, and how many true ones, stand at or above each label; ties share the last place
    above = [probabilities >= column[:, None] for column in probabilities.T]  # L x (B, L)
    rank = torch.stack([higher.sum(dim=1) for higher in above], dim=1)  # (B, L)
    rank_among_true = torch.stack([(higher & true).sum(dim=1) for higher in above], dim=1)  # (B, L)
    count = true.sum(dim=1)  # (B,)
    wrong_pairs = ((rank - rank_among_true) * true).sum(dim=1)  # (B,)
    precision = (rank_among_true.double() / rank * true).sum(dim=1) / count.clamp(min=1)  # (B,)
    return {
        "ranking_loss": wrong_pairs.double() / (count * (true.shape[1] - count)).clamp(min=1),
        "coverage_error": (rank * true).amax(dim=1).double(),
        "lrap": torch.where(count > 0, precision, 1.0),
    }


def label_average_precision(probabilities: Tensor, targets: Tensor) -> Tensor:
    """Average precision of each label, (L,); 0 where no film has the label. Arguments as of `ranking_metrics`."""
    scores = torch.zeros(targets.shape[1])
    # torchmetrics warns of labels without a film
    for label in (targets.sum(dim=0) > 0).nonzero().flatten():
        scores[label] = binary_average_precision(probabilities[:, label], targets[:, label].int())
    return scores


def ranking_metrics(probabilities: Tensor, targets: Tensor) -> dict[str, float]:
    """Metrics of probabilities as rankings.

    - `mean_average_precision`: average precision of each label over the films, the mean over the labels that occur
      among the targets (0 if none does); `map_micro`: average precision over all cells
    - `ranking_loss`: share of pairs of a true and a false label of a film in which the false one is as likely or
      likelier; a film with no such pair has none wrong
    - `coverage_error`: how far down a film's ranking its last true label is; 0 for a film without labels
    - `lrap`: label ranking average precision: for each true label of a film the share of true ones among the labels as
      likely or likelier; 1 for a film without labels

    Args:
        probabilities: (B, L), between 0 and 1.
        targets: 0/1 (B, L).
    """
    targets = targets.int()
    supported = targets.sum(dim=0) > 0  # (L,)
    metrics = {"mean_average_precision": 0.0, "map_micro": 0.0}
    if supported.any():
        by_label = label_average_precision(probabilities, targets)  # (L,)
        metrics["mean_average_precision"] = float(by_label[supported].mean())
        metrics["map_micro"] = float(binary_average_precision(probabilities.flatten(), targets.flatten()))
    rankings = film_rankings(probabilities, targets)
    return metrics | {name: float(values.mean()) for name, values in rankings.items()}
