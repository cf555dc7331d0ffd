"""Recompute the metrics of a finished run from its best checkpoint, and write its report; beside other runs if wanted.

Examples:
  python scripts/evaluate.py run=outputs/runs/NAME
  python scripts/evaluate.py run=outputs/runs/NAME 'beside=[outputs/runs/OTHER,outputs/runs/THIRD]'
  python scripts/evaluate.py run=outputs/runs/NAME report.plots=false
"""

from genre.cli import entry_point
from genre.config import EvaluateConfig


@entry_point("evaluate")
def main(cfg: EvaluateConfig) -> None:
    from genre.evaluation import evaluate
    from genre.report.console import print_run
    from genre.report.run import write_report
    from genre.runs import RunFolder

    beside = [RunFolder.existing(folder, "beside") for folder in cfg.beside]
    run = evaluate(cfg)
    write_report(run, cfg.report, beside)
    print_run(run, beside)


if __name__ == "__main__":
    main()
