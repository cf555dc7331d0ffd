"""Tables of one's own: layouts that are in use, made small, and what may be wrong with them."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genre.config import DataConfig, compose
from genre.data.corpus import Corpus
from genre.data.formats import read_columns
from genre.data.sources import prepared
from genre.errors import UserError
from tests.corpora import corpus_of
from tests.layouts import LABELS, cmu, goemotions, kaggle, labels, one_hot, text, tmdb, wikipedia

Settings = Callable[..., DataConfig]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The section `data` of `data=table` with these overrides."""

    def make(*overrides: str) -> DataConfig:
        # with fewer other sections than a training has, in half the time
        data: DataConfig = compose("explore", ["data=table", f"data.dir={tmp_path / 'products'}", *overrides]).data
        return data

    return make


@pytest.mark.parametrize("layout", [kaggle, tmdb, cmu, wikipedia, one_hot])
def test_layouts(layout: Callable[[Path], list[str]], settings: Settings, tmp_path: Path) -> None:
    cfg = settings(*layout(tmp_path))
    corpus = corpus_of(cfg)
    assert corpus.label_names == tuple(LABELS)
    found = [[name for name, there in zip(LABELS, row, strict=True) if there] for row in corpus.labels]
    assert found == [labels(row) for row in range(40)]
    assert all(text(row) in cell for row, cell in enumerate(corpus.table[cfg.text[-1]]))
    assert all(text(row) in cell for row, cell in enumerate(corpus.table["description"]))
    assert sorted(np.concatenate(corpus.split)) == list(range(40))
    assert corpus.fingerprint == prepared(settings(*layout(tmp_path))).fingerprint
    assert corpus.table["movie_id"].is_unique


def test_a_file_that_changes_while_it_is_read_is_refused(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cfg = settings(*kaggle(tmp_path))

    def read_and_add(file: Path, wanted: Mapping[str, str | None]) -> pd.DataFrame:
        rows = read_columns(file, wanted)
        file.write_text(f"{file.read_text()}tt99,Film 99,{text(99)},Drama\n")
        return rows

    monkeypatch.setattr("genre.data.table.read_columns", read_and_add)
    with pytest.raises(UserError, match=r"clean.csv: changed while it was read; start again"):
        prepared(cfg)


def test_json_lines(settings: Settings, tmp_path: Path) -> None:
    rows = [{"plot": text(row), "genres": labels(row), "year": 1950 + row} for row in range(40)]
    (tmp_path / "films.jsonl").write_text("\n".join(map(json.dumps, [*rows, {"genres": ["Drama"]}])) + "\n\n")
    corpus = corpus_of(settings(f"data.file={tmp_path}/films.jsonl", "data.text=[plot]", "data.labels_from=genres"))
    assert corpus.labels.shape == (40, 4)  # the last row has no text
    assert corpus.table["year"].tolist() == [str(1950 + row) for row in range(40)]


def test_numbers_with_names_and_a_given_split(settings: Settings, tmp_path: Path) -> None:
    corpus = corpus_of(settings(*goemotions(tmp_path)))
    assert corpus.label_names == ("joy", "grief", "anger")
    assert corpus.labels[:4].tolist() == [[1, 0, 0], [0, 1, 0], [1, 0, 1], [1, 1, 0]]
    assert [len(part) for part in corpus.split] == [30, 6, 7]
    assert corpus.films("test")["movie_id"].tolist() == [f"id{row}" for row in range(36, 43)]


def test_a_column_that_gives_the_split(settings: Settings, tmp_path: Path) -> None:
    chosen = kaggle(tmp_path)
    table = pd.read_csv(tmp_path / "clean.csv").assign(fold=["train", "Training", "dev", "test"] * 10)
    table.to_csv(tmp_path / "clean.csv", index=False)
    corpus = corpus_of(settings(*chosen, "data.split_column=fold"))
    assert corpus.split.val.tolist() == list(range(2, 40, 4))
    assert [len(part) for part in corpus.split] == [20, 10, 10]
    table.assign(fold="holdout").to_csv(tmp_path / "clean.csv", index=False)
    with pytest.raises(UserError, match="data.split_column=fold: 'holdout' is none of train, val and test"):
        prepared(settings(*chosen, "data.split_column=fold"))


def test_labels_are_chosen(settings: Settings, tmp_path: Path) -> None:
    chosen = kaggle(tmp_path)
    source = prepared(settings(*chosen, "data.labels=[Science Fiction,Action]"))
    table = source.read()
    assert source.label_names == ("Science Fiction", "Action")
    assert source.truth(table).labels.any(axis=1).all()
    assert len(table) == sum(bool({"Science Fiction", "Action"} & set(labels(row))) for row in range(40))
    films = {name: sum(name in labels(row) for row in range(40)) for name in LABELS}
    most = max(films.values())
    assert prepared(settings(*chosen, f"data.min_films={most}")).label_names == tuple(
        name for name in LABELS if films[name] == most
    )


def test_what_was_learnt_from_changes_with_the_settings_and_the_files(settings: Settings, tmp_path: Path) -> None:
    chosen = kaggle(tmp_path)
    before = [prepared(settings(*chosen, *further)).fingerprint for further in ([], ["data.labels=[Drama,Action]"])]
    with (tmp_path / "clean.csv").open("a") as file:
        file.write("tt99,Film,Another one,Drama\n")
    assert len({*before, prepared(settings(*chosen)).fingerprint}) == 3


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["data.file=gone.csv"], "gone.csv: no such file"),
        (["data.file=README.md"], "README.md: of which format is it"),
        (["data.labels_from=genre"], "data.labels_from: .*clean.csv has no column 'genre'; did you mean 'genres'"),
        (["data.text=[plot]"], "data.text: .*clean.csv has no column 'plot'; there are: description, genres, movie_id"),
        (["data.id=description2"], "data.id: .*has no column 'description2'; did you mean 'description'"),
        (["data.text=[genres]"], "data.text=.*: must be without genres, the answer itself"),
        (["data.labels=[Drama,Actoin]"], "data.labels: no row has the label 'Actoin'; did you mean 'Action'"),
        (["data.labels=[Drama]"], "data.labels=.*: must be a list of at least two labels"),
        (["data.min_films=41"], "data.min_films=41: leaves no label; the most frequent one is on"),
        (["data.labels_from=[genres,movie_id]"], "data.labels_from=genres: the cell '.*' is neither 0 nor 1"),
        (
            ["data.labels_from=[genres,title]", "data.separator='|'"],
            r"data.separator=\|: must be null where each label",
        ),
        (["data.labels_from=7"], "data.labels_from=7: must be a column, or a list of columns"),
        (
            ["data.raw=x"],
            "data.raw=x: no such setting in conf/data/table.yaml; 'raw' belongs to data=imdb, data=sample",
        ),
        (["data.split_column=title", "data.val_file=x.csv"], "data.split_column=title: must be null where"),
    ],
)
def test_a_wrong_setting_is_told(overrides: list[str], message: str, settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=message) as caught:
        prepared(settings(*kaggle(tmp_path), *overrides))
    assert "\n" not in str(caught.value)


def test_wrong_names_of_numbers(settings: Settings, tmp_path: Path) -> None:
    chosen = goemotions(tmp_path)
    (tmp_path / "names.txt").write_text("joy\ngrief\n")
    with pytest.raises(UserError, match="has 2 names, for 0 to 1, and 'label' holds the number 2"):
        prepared(settings(*chosen))
    (tmp_path / "names.txt").write_text("joy\njoy\nanger")
    with pytest.raises(UserError, match="line 2: 'joy' stands there twice"):
        prepared(settings(*chosen))
    (tmp_path / "names.txt").write_text("joy\ngrief\nanger")
    with pytest.raises(UserError, match="the label '[A-Z].*' in 'genres' is no number"):
        prepared(settings(*kaggle(tmp_path), "data.separator=|", f"data.label_names={tmp_path}/names.txt"))


def test_broken_tables(settings: Settings, tmp_path: Path) -> None:
    def refused(name: str, content: str, message: str, *overrides: str) -> None:
        (tmp_path / name).write_text(content)
        chosen = [f"data.file={tmp_path / name}", "data.text=[plot]", "data.labels_from=genres", *overrides]
        with pytest.raises(UserError, match=message):
            prepared(settings(*chosen))

    refused("a.csv", "plot,genres\nA,\nB,\n", "no row of .*a.csv has a label")
    refused("a.csv", "plot,genres\n ,x|y\n,y\n", "no row of .*a.csv has a label and a text")
    refused("a.csv", "plot,genres\nA,['x']\nB,y\n", "data.labels_from=genres: the cell 'y' is no list")
    refused("a.csv", "plot,genres\nA,x|y\nA,y\n", "data.id=plot: 'A' stands in two rows", "data.id=plot")
    refused("a.csv", "plot,genres,plot\nA,x|y,A\n", "data.text: .* has two columns 'plot'")
    refused("a.jsonl", '{"plot": "A"}\n["x"]\n', "a.jsonl, line 2: is no JSON object")
    refused("a.jsonl", "", "a.jsonl has no column 'genres'")
    refused("a.parquet", "plot", "a.parquet: is no Parquet file")
    many = "\n".join(f"A,label {row}" for row in range(2001))
    refused("a.csv", f"plot,genres\n{many}\n", "2,001 different labels, and 2,000 at most")
    refused("a.csv", f"plot,genres{',x' * 20_000}\n", "a.csv: has 20,002 columns, and 20,000 at most are read")


def test_three_hundred_labels(settings: Settings, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    names = [f"label {number:03}" for number in range(300)]
    shares = 3 / (np.arange(300) + 3)
    sets = [sorted(set(random.choice(names, size=random.integers(1, 4), p=shares / shares.sum()))) for _ in range(5000)]
    table = pd.DataFrame({"plot": [f"{text(row)} {row}" for row in range(5000)], "genres": map("|".join, sets)})
    table.to_csv(tmp_path / "many.csv", index=False)
    corpus = corpus_of(
        settings(f"data.file={tmp_path}/many.csv", "data.text=[plot]", "data.labels_from=genres", "data.size=0.5")
    )
    assert corpus.labels.shape == (5000, 300)
    assert corpus.label_names == tuple(names)
    assert [names[label] for label in np.flatnonzero(corpus.labels[17])] == sets[17]
    assert len(np.unique(np.concatenate(corpus.split))) == pytest.approx(
        3000, abs=60
    )  # texts that are alike stay together
    frequent = corpus.labels.sum(axis=0) >= 20
    assert (corpus.labels[corpus.split.test].sum(axis=0)[frequent] > 0).all()


def unknown(corpus: Corpus) -> list[list[str]]:
    """Labels of which the rows say nothing."""
    return [[corpus.label_names[place] for place in np.flatnonzero(~row)] for row in corpus.truth.known]


@pytest.mark.parametrize("mark", ["?", "-1", ""])
def test_a_mark_in_columns_of_0_and_1(settings: Settings, tmp_path: Path, mark: str) -> None:
    chosen = one_hot(tmp_path)
    file = tmp_path / "onehot.parquet"
    table = pd.read_parquet(file).astype("str")
    plain = corpus_of(settings(*chosen))
    assert plain.truth.is_complete
    for row in range(0, 40, 4):  # a row keeps what it has
        table.loc[row, [name for name in LABELS if name not in labels(row)]] = mark
    table.to_parquet(file)
    corpus = corpus_of(settings(*chosen, f"data.unknown_mark='{mark}'"))
    assert np.array_equal(corpus.labels, plain.labels)
    assert unknown(corpus) == [
        [name for name in LABELS if name not in labels(row)] if row % 4 == 0 else [] for row in range(40)
    ]
    assert corpus.masked
    assert not corpus_of(settings(*chosen, f"data.unknown_mark='{mark}'", "data.unknown=negative")).masked
    assert corpus.fingerprint != plain.fingerprint


def test_a_mark_among_the_labels_of_a_cell(settings: Settings, tmp_path: Path) -> None:
    chosen = kaggle(tmp_path)
    table = pd.read_csv(tmp_path / "clean.csv")
    table.loc[0, "genres"], table.loc[1, "genres"] = "Action|? Drama", "Comedy|?"
    table.loc[2, "genres"], table.loc[3, "genres"] = "?Action|Action", "?"  # which it has; which has none
    table.to_csv(tmp_path / "clean.csv", index=False)
    corpus = corpus_of(settings(*chosen, "data.unknown_mark='?'"))
    assert len(corpus.table) == 39
    assert unknown(corpus)[:4] == [["Drama"], ["Action", "Drama", "Science Fiction"], [], []]
    assert corpus.labels[2].tolist() == [1, 0, 0, 0]
    assert corpus.truth.ways == ["", "_known"]


def test_numbers_may_be_marked(settings: Settings, tmp_path: Path) -> None:
    chosen = goemotions(tmp_path)
    file = next(Path(one.removeprefix("data.file=")) for one in chosen if one.startswith("data.file="))
    lines = file.read_text().splitlines()
    cells = lines[1].split("\t")
    place = next(place for place, cell in enumerate(cells) if cell == "0")
    cells[place] = "0,?1"
    file.write_text("\n".join([lines[0], "\t".join(cells), *lines[2:]]))
    assert unknown(corpus_of(settings(*chosen, "data.unknown_mark='?'")))[0] == ["grief"]


def test_an_empty_mark_wants_columns(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UserError, match='data.unknown_mark="": must be a mark where all labels stand in one column'):
        settings(*kaggle(tmp_path), "data.unknown_mark=''")
