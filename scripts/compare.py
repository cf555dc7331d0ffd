"""Compare runs from their folders alone: a page, tables and plots.

Each item of `runs` is a run folder, a sweep folder, a folder that holds run folders, or a glob.

Examples:
  python scripts/compare.py 'runs=[outputs/sweeps/ID]'
  python scripts/compare.py 'runs=[outputs/runs]' metric=test/f1_macro report.plots=false
  python scripts/compare.py 'runs=[outputs/runs/loss-*]' against=outputs/runs/NAME output=FOLDER
  python scripts/compare.py 'runs=[outputs/sweeps/ID]' latex=true columns=[f1_samples,at_least_two]
"""

from genre.cli import entry_point
from genre.config import CompareConfig


@entry_point("compare")
def main(cfg: CompareConfig) -> None:
    # heavy imports: only when there is something to compare
    from genre.report.compare import compare, print_comparison

    print_comparison(*compare(cfg))


if __name__ == "__main__":
    main()
