"""Predict the genres of one description or of a CSV file's rows with a finished run."""

from genre.config import PredictConfig, entry_point


@entry_point("predict")
def main(cfg: PredictConfig) -> None:
    from genre.evaluation import predict_genres
    from genre.report import print_prediction

    result = predict_genres(cfg)
    if cfg.text is not None:
        print_prediction(result)
    else:
        print(f"{len(result):,} rows written to {cfg.output}")


if __name__ == "__main__":
    main()
