"""How unevenly the genres are spread over the training films, before and after oversampling."""

import pandas as pd

from genre.runs import RunFolder
from genre.runs.intact import read_json
from genre.sampling import cvir, irlbl, mean_ir


def imbalance_table(run: RunFolder, per_genre: pd.DataFrame) -> pd.DataFrame:
    """Films and IRLbl of each genre; then MeanIR and CVIR, in the columns of IRLbl.

    Args:
        run: finished; if it was oversampled, columns for the films as trained on follow.
        per_genre: its genres with their training films.

    Returns:
        genre, films, irlbl, and the columns films_oversampled and irlbl_oversampled.
    """
    films = dict(zip(per_genre["genre"], per_genre["training_films"].tolist(), strict=True))
    table = pd.DataFrame({"genre": [*films, "MeanIR", "CVIR"]})
    table["films"], table["irlbl"] = _columns(list(films.values()))
    if run.oversampled_file.is_file():
        after = read_json(run.oversampled_file, dict)
        table["films_oversampled"], table["irlbl_oversampled"] = _columns([after[genre] for genre in films])
    return table


def _columns(counts: list[int]) -> tuple[pd.Series, pd.Series]:
    """Films, none for the two measures of all, and ratios."""
    films = pd.Series([*counts, None, None], dtype=object)
    return films, pd.Series([*irlbl(counts), mean_ir(counts), cvir(counts)])
