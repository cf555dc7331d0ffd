"""scripts/download.py where there is no network."""

import socket
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests import commands


def run(*arguments: str, home: Path) -> "CompletedProcess[str]":
    """The script on a machine whose way out is closed: a port that nobody listens to."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{unused.getsockname()[1]}"
        closed = dict.fromkeys(("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"), proxy)
        own = {
            "HOME": str(home),
            "KAGGLE_CONFIG_DIR": str(home),
            "NLTK_DATA": str(home),
            "NO_PROXY": "",
            "no_proxy": "",
        }
        return commands.call("download", *arguments, **closed, **own, NLTK_ALLOW_PROXIED_URLOPEN="1")


def test_without_a_network_each_item_says_where_to_get_it(tmp_path: Path) -> None:
    folder = tmp_path / "imdb"
    done = run(f"folder={folder}", "nltk=true", home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    kaggle, crawl, nltk = done.stderr.splitlines()
    assert kaggle.startswith("error: kaggle: no connection to Kaggle")
    assert kaggle.endswith(
        f"download https://www.kaggle.com/datasets/rajugc/imdb-movies-dataset-based-on-genre by hand into {folder}/raw"
    )
    assert crawl.startswith("error: crawl_data: no connection to Google Drive")
    assert crawl.endswith(f"/file/d/1HAARdniVyolwvwfYjhXTy5EUzd9kYSkE/view by hand into {folder}")
    assert nltk.startswith("error: nltk: Error loading punkt_tab")
    assert "https://www.nltk.org/nltk_data/ by hand into" in nltk


def test_what_was_put_there_by_hand_needs_no_network(tmp_path: Path) -> None:
    (tmp_path / "crawl_data.csv").write_text("movie_id,plot\ntt1,A text.\n")
    done = run(f"folder={tmp_path}", "kaggle=false", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("already there\n")


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        (["kagle=false"], "did you mean 'kaggle'?"),
        (["timeout=0"], "timeout=0.0: must be above 0 seconds"),
        (["kaggle=false", "crawl_data=false"], "must be true for at least one"),
    ],
)
def test_a_mistake_ends_with_one_line_and_code_2(overrides: list[str], told: str, tmp_path: Path) -> None:
    done = run(*overrides, f"folder={tmp_path / 'imdb'}", home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert told in line
    assert not (tmp_path / "imdb").exists()


def test_help_names_the_items(tmp_path: Path) -> None:
    done = run("--help", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    for item in ("kaggle", "crawl_data", "clean_data", "conllu_data", "nltk"):
        assert f"\n  {item}=" in done.stdout
