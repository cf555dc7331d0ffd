"""Train one model, or with -m a sweep of models, and report it."""

from genre.config import TrainConfig, entry_point


@entry_point("train")
def main(cfg: TrainConfig) -> None:
    # heavy imports: only when there is something to train
    from genre.report import print_run
    from genre.training import train

    print_run(train(cfg))


if __name__ == "__main__":
    main()
