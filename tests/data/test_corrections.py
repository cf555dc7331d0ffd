"""Corrections of single cells: what they change, what they leave, and what is wrong with a file of them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genre.config import DataConfig, TableConfig, compose
from genre.data.corpus import Corpus
from genre.data.corrections import data_fingerprint, read_corrections
from genre.data.sources import prepared
from genre.errors import UserError
from genre.runs import changed_settings, commands, spelled_out
from tests.corpora import corpus_of
from tests.layouts import LABELS, kaggle, tmdb

HEAD = "movie_id,genre,value\n"


@pytest.fixture
def cfg(tmp_path: Path) -> TableConfig:
    return compose("explore", ["data=table", *kaggle(tmp_path), f"data.dir={tmp_path}/products"]).data


def with_corrections(cfg: DataConfig, text: str) -> DataConfig:
    file = Path(cfg.dir).parent / "corrections.csv"
    file.write_text(text, encoding="utf-8")
    return replace(cfg, corrections=str(file))


def cell(corpus: Corpus, movie_id: str, label: str) -> tuple[int, bool, int]:
    row = corpus.table["movie_id"].tolist().index(movie_id)
    column = corpus.label_names.index(label)
    truth = corpus.truth
    return int(truth.labels[row, column]), bool(truth.known[row, column]), int(truth.cells[row, column])


def test_a_cell_becomes_known_and_what_the_data_say_is_kept(cfg: TableConfig) -> None:
    plain = corpus_of(cfg)
    # a film without Action and one with it; the same said twice; a column of one's own
    text = "note,movie_id,genre,value\n,tt1,Action,1\n,tt1,Action, 1\nsure,tt0,Action,0\n,tt0,Drama,1\n"
    corpus = corpus_of(with_corrections(cfg, text))
    assert cell(plain, "tt1", "Action") == (0, True, 0)
    assert cell(corpus, "tt1", "Action") == (1, True, 0)
    assert cell(corpus, "tt0", "Action") == (0, True, 1)
    changed = np.argwhere(corpus.labels != plain.labels)
    assert {(corpus.table["movie_id"][row], corpus.label_names[column]) for row, column in changed} == {
        ("tt1", "Action"),
        ("tt0", "Action"),
        ("tt0", "Drama"),
    }
    assert np.array_equal(corpus.truth.cells, plain.truth.cells)
    assert corpus.truth.ways == ["", "_known"]


def test_what_was_unknown_is_known(tmp_path: Path) -> None:
    table = tmp_path / "films.csv"
    rows = [f"tt{row},Text number {row} of a film,{'Drama|?War' if row % 2 else 'War'}" for row in range(40)]
    table.write_text("\n".join(["movie_id,text,genres", *rows]))
    columns = ["data.text=[text]", "data.labels_from=genres", "data.id=movie_id", "data.unknown_mark='?'"]
    files = [f"data.file={table}", f"data.dir={tmp_path}/products"]
    cfg = compose("train", ["data=table", *files, *columns]).data
    assert cell(corpus_of(cfg), "tt1", "War") == (0, False, 0)
    corpus = corpus_of(with_corrections(cfg, f"{HEAD}tt1,War,0\ntt3,War,1\n"))
    assert cell(corpus, "tt1", "War") == (0, True, 0)
    assert cell(corpus, "tt3", "War") == (1, True, 0)
    assert cell(corpus, "tt5", "War") == (0, False, 0)


def test_a_correction_moves_no_film_to_another_part(cfg: TableConfig) -> None:
    smaller = replace(cfg, size=0.5)
    text = HEAD + "".join(f"tt{row},{label},1\n" for row in range(20) for label in LABELS)
    plain, corpus = corpus_of(smaller), corpus_of(with_corrections(smaller, text))
    assert all(np.array_equal(*parts) for parts in zip(plain.split, corpus.split, strict=True))


def test_the_content_of_the_file_is_part_of_the_identity_and_its_place_is_not(cfg: TableConfig, tmp_path: Path) -> None:
    source = prepared(cfg)
    first = with_corrections(cfg, f"{HEAD}tt0,Action,0\n")
    fingerprint = data_fingerprint(source, first)
    assert fingerprint != data_fingerprint(source, cfg) == source.fingerprint
    copy = tmp_path / "copy.csv"
    copy.write_bytes(Path(str(first.corrections)).read_bytes())
    assert data_fingerprint(source, replace(cfg, corrections=str(copy))) == fingerprint
    other = with_corrections(cfg, f"{HEAD}tt0,Action,1\n")
    assert data_fingerprint(source, other) != fingerprint
    assert corpus_of(first).fingerprint != corpus_of(cfg).fingerprint
    plain = ["data=table", *tmdb(tmp_path)]
    runs = [compose("train", [*plain, *further]) for further in ([], [f"data.corrections={copy}"])]
    assert changed_settings(runs[0]) == changed_settings(runs[1])
    # a command that gives the same run names it
    assert spelled_out(runs[1]) == [*spelled_out(runs[0]), f"data.corrections={copy}"]
    (told, corrected) = commands(runs)
    assert corrected == [*told, f"data.corrections={copy}"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{HEAD}tt0,Action,0\ntt99,Action,1\n", ", line 3: the data have no film 'tt99'; cleaning may have"),
        (f"{HEAD}tt0,Actoin,0\n", ", line 2: 'Actoin' is none of the genres; did you mean 'Action'?"),
        (f"{HEAD}tt0,Action,yes\n", ", line 2: the value 'yes' is neither 0 (has it not) nor 1 (has it)"),
        (f"{HEAD}tt0,Action,\n", ", line 2: the value '' is neither 0"),
        (f"{HEAD}tt0,Action,0\n\ntt0,Action,1\n", ", line 4: says 1 of tt0 and Action, another line 0; keep one"),
        ("movie_id,genre\ntt0,Action\n", ": lacks the column 'value'; it has: movie_id, genre"),
        ("", ": is empty; a table with a header is needed"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(cfg: TableConfig, text: str, told: str) -> None:
    with pytest.raises(UserError) as error:
        corpus_of(with_corrections(cfg, text))
    assert str(error.value).startswith(f"{Path(cfg.dir).parent / 'corrections.csv'}{told}")
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there(cfg: TableConfig) -> None:
    with pytest.raises(UserError, match="/nowhere/c.csv: no such file"):
        corpus_of(replace(cfg, corrections="/nowhere/c.csv"))


def test_no_correction_is_one_too(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(HEAD)
    films, labels, values = read_corrections(tmp_path / "c.csv", ["a"], ["x"])
    assert len(films) == len(labels) == len(values) == 0
