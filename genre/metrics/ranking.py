"""How well probabilities rank true labels above others, whatever the thresholds."""

import torch
from torch import Tensor
from torchmetrics.functional.classification import binary_average_precision

from genre.metrics.sets import only_known


def film_rankings(probabilities: Tensor, targets: Tensor, known: Tensor | None = None) -> dict[str, Tensor]:
    """Ranking scores of each film, (B,) in float64; `ranking_metrics` gives their means under the same names.

    Equal to scikit-learn's `label_ranking_loss`, `coverage_error` and `label_ranking_average_precision_score`. Not
    torchmetrics': its ranking loss orders tied labels by their position instead of counting a tie as a wrong pair, and
    none of its three functions gives scores by film.

    Args:
        probabilities: (B, L).
        targets: 0/1 (B, L).
        known: bool (B, L); only the known labels of a film stand in its ranking. None: all are.
    """
    true = only_known(targets.bool(), known)  # (B, L)
    ranked = true.shape[1] if known is None else known.sum(dim=1)  # labels of each film
    if known is not None:
        probabilities = torch.where(known, probabilities, -1)  # behind the known labels, whose ranks do not change
    # how many labels, and how many true ones, stand at or above each label; ties share the last place
    above = [probabilities >= column[:, None] for column in probabilities.T]  # L x (B, L)
    rank = torch.stack([higher.sum(dim=1) for higher in above], dim=1)  # (B, L)
    rank_among_true = torch.stack([(higher & true).sum(dim=1) for higher in above], dim=1)  # (B, L)
    count = true.sum(dim=1)  # (B,)
    wrong_pairs = ((rank - rank_among_true) * true).sum(dim=1)  # (B,)
    precision = (rank_among_true.double() / rank * true).sum(dim=1) / count.clamp(min=1)  # (B,)
    return {
        "ranking_loss": wrong_pairs.double() / (count * (ranked - count)).clamp(min=1),
        "coverage_error": (rank * true).amax(dim=1).double(),
        "lrap": torch.where(count > 0, precision, 1.0),
    }


def label_average_precision(probabilities: Tensor, targets: Tensor, known: Tensor | None = None) -> Tensor:
    """Average precision of each label over the films of which it is known, (L,); 0 where no film has the label.

    Arguments as of `ranking_metrics`.
    """
    targets = only_known(targets, known)
    scores = torch.zeros(targets.shape[1])
    # torchmetrics warns of labels without a film
    for label in (targets.sum(dim=0) > 0).nonzero().flatten():
        films = slice(None) if known is None else known[:, label]
        scores[label] = binary_average_precision(probabilities[films, label], targets[films, label].int())
    return scores


def ranking_metrics(probabilities: Tensor, targets: Tensor, known: Tensor | None = None) -> dict[str, float]:
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
        known: bool (B, L); what is unknown stands in no ranking, be it of labels, films or cells. None: all are known.
    """
    targets = only_known(targets.int(), known)
    supported = targets.sum(dim=0) > 0  # (L,)
    metrics = {"mean_average_precision": 0.0, "map_micro": 0.0}
    if supported.any():
        by_label = label_average_precision(probabilities, targets, known)  # (L,)
        metrics["mean_average_precision"] = float(by_label[supported].mean())
        chances, true = (cells.flatten() if known is None else cells[known] for cells in (probabilities, targets))
        metrics["map_micro"] = float(binary_average_precision(chances, true))
    rankings = film_rankings(probabilities, targets, known)
    return metrics | {name: float(values.mean()) for name, values in rankings.items()}
