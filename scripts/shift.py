"""How a finished run does on texts from elsewhere: which labels and words differ, the cost, what adapting brings.

Nothing is trained, and the run stays as it is. The texts have labels, by which the answers are scored, in any source.

Examples:
  python scripts/shift.py run=outputs/runs/NAME data.file=movies.csv data.text=[overview] data.labels_from=genres
  python scripts/shift.py run=outputs/runs/NAME data=imdb data.raw=FOLDER 'data.text=[title,description]'
"""

from genre.cli import entry_point
from genre.config import ShiftConfig


@entry_point("shift")
def main(cfg: ShiftConfig) -> None:
    # heavy imports: only when there is something to ask
    from genre.report.shift import examine_shift

    finding, page = examine_shift(cfg)
    print(finding)
    print(f"Page: {page}")


if __name__ == "__main__":
    main()
