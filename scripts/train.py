"""Train one model, or with -m a sweep of models, and report it.

Examples:
  python scripts/train.py                                   the embedded sample, offline
  python scripts/train.py loss=focal loss.gamma=1.5
  python scripts/train.py data=imdb data.raw=FOLDER data.size=0.1
  python scripts/train.py model.pretrained=FOLDER-OR-HUB-NAME
  python scripts/train.py checkpoint=FOLDER/checkpoints/last.ckpt trainer.max_epochs=8
  python scripts/train.py -m loss=bce,log_weighted_bce,focal
"""

from genre.config import TrainConfig, entry_point


@entry_point("train")
def main(cfg: TrainConfig) -> None:
    # heavy imports: only when there is something to train
    from genre.report.console import print_run
    from genre.training import train

    print_run(train(cfg))


if __name__ == "__main__":
    main()
