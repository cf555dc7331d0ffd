"""Look at the films: a report folder with a page, plots and tables.

Examples:
  python scripts/explore.py                                 the clean table of the embedded sample
  python scripts/explore.py which=raw                       its films before cleaning
  python scripts/explore.py data=imdb data.raw=FOLDER output=FOLDER
"""

from genre.cli import entry_point
from genre.config import ExploreConfig
from genre.config.overrides import typed_again
from genre.console import say_next


@entry_point("explore")
def main(cfg: ExploreConfig) -> None:
    # heavy imports: only when there is something to look at
    from genre.report.explore import explore

    print(f"Report: {explore(cfg)}")
    say_next("To train on them", typed_again("train", "data"))


if __name__ == "__main__":
    main()
