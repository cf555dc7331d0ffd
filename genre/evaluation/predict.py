"""Genres of new descriptions by a finished run."""

from pathlib import Path

import pandas as pd

from genre.config import PredictConfig
from genre.data.tables import read_table
from genre.files import atomic_path, output_file
from genre.use import load


def predict_genres(cfg: PredictConfig) -> pd.DataFrame:
    """Predict the genres of one text, or of a CSV file's rows; the file's rows and columns are kept as they are.

    Returns:
        The input's columns, `predicted_genres` (`|`-joined), and for one text a column with each genre's probability.

    Raises:
        UserError: when the run or the file cannot be used.
    """
    output = output_file(Path(cfg.output)) if cfg.output else None
    model = load(cfg.run)
    if cfg.text is not None:
        columns = model.columns
        text_column = next((column for column in columns if column != "title"), "title")
        given = {"title": cfg.title or "", text_column: cfg.text}
        table = pd.DataFrame({column: [given.get(column, "")] for column in dict.fromkeys([*given, *columns])})
    else:
        assert cfg.input is not None
        table = read_table(Path(cfg.input), model.columns, keep_others=True, keep_blank_lines=True)
    probabilities = model.probabilities(table)
    result = table.assign(predicted_genres=["|".join(labels) for labels in model.decide(probabilities)])
    if output:
        with atomic_path(output) as file:
            result.to_csv(file, index=False, lineterminator="\n")
    if cfg.text is not None:
        result = pd.concat([result, probabilities], axis=1)
    return result
