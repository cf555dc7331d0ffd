"""Put finished runs on the same films together, by the mean of their calibrated log odds; that is a run like any other.

Examples:
  python scripts/ensemble.py 'runs=[outputs/runs/ONE,outputs/runs/OTHER]'
  python scripts/ensemble.py 'runs=[outputs/runs/*]' weights=fitted
  python scripts/ensemble.py 'runs=[outputs/sweeps/NAME]' select=greedy
"""

from genre.cli import entry_point
from genre.config import EnsembleConfig


@entry_point("ensemble")
def main(cfg: EnsembleConfig) -> None:
    # heavy imports: only when there is something to put together
    from genre.report.compare.folders import find_runs
    from genre.report.console import print_run
    from genre.report.run import write_report
    from genre.training.ensemble import make_ensemble

    runs, left = find_runs(cfg.runs)
    for one in left:
        print(f"Left out: {one.name} ({one.state}{f': {one.error}' if one.error else ''})")
    print_run(make_ensemble(cfg, runs, write_report))


if __name__ == "__main__":
    main()
