"""Raw files to merged, cleaned, enriched and lemmatised films; what is up to date is skipped.

Stages: merge, clean, crawl_list, crawl, enrich, lemmatise, conllu; all but crawl by default.

Examples:
  python scripts/prepare.py                                         the embedded sample
  python scripts/prepare.py data=imdb
  python scripts/prepare.py data=imdb data.raw=FOLDER data.dir=OUT 'stages=[merge,clean]'
  python scripts/prepare.py data=imdb data.truncated=train data.rules.near_duplicate=false
  python scripts/prepare.py data=imdb 'data.drop_genres=[Drama]'
  OMDB_API_KEY=... python scripts/prepare.py data=imdb 'stages=[crawl_list,crawl,enrich]' crawl=omdb
"""

from genre.cli import entry_point
from genre.config import PrepareConfig
from genre.config.overrides import typed_again
from genre.console import say_next


@entry_point("prepare")
def main(cfg: PrepareConfig) -> None:
    # heavy imports: only when there is something to prepare
    from genre.imdb.prepare import prepare

    prepare(cfg)
    print(f"Products: {cfg.data.dir}")
    say_next("To look at them", typed_again("explore", "data"))


if __name__ == "__main__":
    main()
