"""Predict the genres of one description or of a CSV file's rows with a finished run.

Examples:
  python scripts/predict.py run=outputs/runs/NAME text="A retired safe-cracker is talked into one last job."
  python scripts/predict.py run=outputs/runs/NAME input=films.csv output=predicted.csv
"""

from genre.cli import entry_point
from genre.config import PredictConfig


@entry_point("predict")
def main(cfg: PredictConfig) -> None:
    from genre.evaluation import predict_genres
    from genre.report.console import print_prediction

    result = predict_genres(cfg)
    if cfg.text is not None:
        print_prediction(result)
    else:
        print(f"{len(result):,} rows written to {cfg.output}")


if __name__ == "__main__":
    main()
