"""Fit one classical model, or with -m a grid of them, and report it.

Examples:
  python scripts/baseline.py                                  logistic regression on TF-IDF, the embedded sample
  python scripts/baseline.py baseline=linear_svm features=bow features.tokens=lemmas
  python scripts/baseline.py data=imdb data.raw=FOLDER cv=5    and out-of-fold predictions of all films
  python scripts/baseline.py experiment=no_drama              without the most frequent genre
  python scripts/baseline.py -m baseline=logreg,linear_svm,knn features=bow,tfidf,word2vec
"""

from genre.cli import entry_point, sweeping
from genre.config import BaselineConfig


@entry_point("baseline", plugins="genre.sweep.plugins")
def main(cfg: BaselineConfig) -> None:
    # heavy imports: only when there is something to fit
    from genre.report.console import print_run
    from genre.report.group import write_seeds_page
    from genre.report.run import write_report
    from genre.report.seeds import print_seeds, write_seed_summary
    from genre.training import each_seed, train_baseline

    runs = []
    for settings in each_seed(cfg):
        run = train_baseline(settings, write_report)
        if not sweeping():  # a sweep ends with a table of all jobs
            print_run(run)
        runs.append(run)
    if len(runs) > 1:
        print_seeds(runs, write_seed_summary(runs, cfg), write_seeds_page(runs, cfg.report))


if __name__ == "__main__":
    main()
