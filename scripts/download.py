"""Download the IMDb files, and NLTK's data, each once; a download that broke off goes on where it stopped.

Examples:
  python scripts/download.py                          the Kaggle set and the crawled texts
  python scripts/download.py clean_data=true conllu_data=true
  python scripts/download.py kaggle=false crawl_data=false nltk=true
"""

from genre.cli import entry_point
from genre.config import DownloadConfig
from genre.config.overrides import command
from genre.console import say_next


@entry_point("download")
def main(cfg: DownloadConfig) -> None:
    from genre.imdb.download import download

    for line in download(cfg):
        print(line, flush=True)
    if cfg.kaggle:
        say_next("To prepare them", command("prepare", **{"data": "imdb", "data.raw": f"{cfg.folder}/raw"}))


if __name__ == "__main__":
    main()
