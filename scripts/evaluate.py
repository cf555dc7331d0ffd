"""Recompute the metrics of a finished run from its best checkpoint.

Example:
  python scripts/evaluate.py run=outputs/runs/NAME
"""

from genre.config import EvaluateConfig, entry_point


@entry_point("evaluate")
def main(cfg: EvaluateConfig) -> None:
    from genre.evaluation import evaluate
    from genre.report.console import print_run

    print_run(evaluate(cfg))


if __name__ == "__main__":
    main()
