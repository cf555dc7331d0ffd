"""Train one model, or with -m a sweep of models, and report it.

Examples:
  python scripts/train.py                                   the embedded sample, offline
  python scripts/train.py loss=focal loss.gamma=1.5
  python scripts/train.py data=imdb data.raw=FOLDER data.size=0.1
  python scripts/train.py data=table data.file=movies.csv data.text=[title,overview] data.labels_from=genres
  python scripts/train.py model.pretrained=FOLDER-OR-HUB-NAME
  python scripts/train.py checkpoint=FOLDER/checkpoints/last.ckpt trainer.max_epochs=8
  python scripts/train.py -m loss=bce,log_weighted_bce,focal
  python scripts/train.py -m sweep=focal_grid data.size=0.1
  python scripts/train.py loss=asymmetric seeds=5
  python scripts/train.py experiment=best data.raw=FOLDER
"""

from genre.cli import entry_point, sweeping
from genre.config import TrainConfig


@entry_point("train", plugins="genre.sweep.plugins")
def main(cfg: TrainConfig) -> None:
    # heavy imports: only when there is something to train
    from genre.report.console import print_run
    from genre.report.group import write_seeds_page
    from genre.report.run import write_report
    from genre.report.seeds import print_seeds, write_seed_summary
    from genre.training import each_seed, train

    runs = []
    for settings in each_seed(cfg):
        run = train(settings, write_report)
        if not sweeping():  # a sweep ends with a table of all jobs
            print_run(run)
        runs.append(run)
    if len(runs) > 1:
        print_seeds(runs, write_seed_summary(runs, cfg), write_seeds_page(runs, cfg.report))


if __name__ == "__main__":
    main()
