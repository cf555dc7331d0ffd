"""Find labels that are likely missing or wrong in the data of a run, by what it says of films that it has not seen.

The page doctor.html shows the best of them with their texts and saves what you decide as corrections.csv, from which
data.corrections=FILE trains.

Examples:
  python scripts/baseline.py data=imdb cv=5                 the run: out-of-fold predictions of all films
  python scripts/doctor.py run=outputs/runs/NAME
  python scripts/doctor.py run=outputs/runs/NAME limit=1000 output=FOLDER
  python scripts/train.py data=imdb data.corrections=corrections.csv
"""

from genre.cli import entry_point
from genre.config import DoctorConfig


@entry_point("doctor")
def main(cfg: DoctorConfig) -> None:
    # heavy imports: only when there is something to look at
    from genre.report.doctor import examine

    verdict, folder = examine(cfg)
    print(verdict)
    print(f"Page: {folder / 'doctor.html'}")
    print(f"All suggestions: {folder / 'suggestions.csv'}")


if __name__ == "__main__":
    main()
