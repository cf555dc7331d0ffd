"""Train one model, or with -m a sweep of models, and report it."""

from genre.config import TrainConfig, entry_point


@entry_point("train")
def main(cfg: TrainConfig) -> None:
    from genre.training import train  # heavy: only when there is something to train

    train(cfg)


if __name__ == "__main__":
    main()
