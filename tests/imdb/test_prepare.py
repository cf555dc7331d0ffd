"""Raw files to the clean table, as training asks for it."""

import importlib
import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import genre
from genre.config import DataConfig, compose
from genre.config.schema.preparation import STAGES
from genre.data.sources import prepared
from genre.errors import UserError
from genre.imdb.prepare import clean_table, merged_file, prepare
from genre.imdb.source import read_clean
from tests.test_layers import named

HEADER = "movie_id,movie_name,year,genre,description\n"


@pytest.fixture
def data(without_crawl: DataConfig, tmp_path: Path) -> DataConfig:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "drama.csv").write_text(
        f"{HEADER}t1,A,1950,Drama,A long walk into town.\nt2,B,1951,War,Another walk out of it.\nt3,C,,War,Add a Plot\n"
    )
    return replace(without_crawl, raw=str(tmp_path / "raw"), dir=str(tmp_path / "out"))


def test_the_clean_table_is_made_once(data: DataConfig) -> None:
    file = clean_table(data).file
    first = file.stat().st_mtime_ns
    assert clean_table(data).file == file
    assert file.stat().st_mtime_ns == first
    raw = Path(data.raw) / "drama.csv"
    raw.write_text(raw.read_text() + "t4,D,1952,Crime,A third walk along it.\n")
    assert len(read_clean(clean_table(data).file)) == 3
    assert {path.name for path in file.parent.iterdir() if path.name.startswith(".")} == {".lock"}


def test_a_table_that_was_made_anew_meanwhile_is_not_read(data: DataConfig) -> None:
    source = prepared(data)
    fingerprint = source.fingerprint
    assert len(source.read()) == 2
    clean_table(replace(data, min_chars=23))  # by another command
    with pytest.raises(UserError, match=r"clean_data.csv: was made anew with other settings .*start it again"):
        source.read()
    source.prepare()
    assert (source.fingerprint, len(source.read())) == (fingerprint, 2)


def test_the_products_and_their_report(data: DataConfig) -> None:
    folder = clean_table(data).file.parent
    assert len(pd.read_csv(merged_file(data))) == 3
    assert pd.read_csv(folder / "to_crawl.csv")[["movie_id", "reason"]].to_numpy().tolist() == [["t3", "placeholder"]]
    report = json.loads((folder / "cleaning_report.json").read_text())
    assert report["films"] - sum(report["dropped"].values()) == report["clean"] == 2
    assert report["rows"] == 3


def test_crawled_texts_come_in_and_go_again(data: DataConfig) -> None:
    folder = clean_table(data).file.parent
    crawled = folder / "crawl_data.csv"
    crawled.write_text("movie_id,description,source\nt3,Seven wells run dry in a week.,omdb\n")
    table = read_clean(clean_table(data).file)
    assert table["source"].tolist() == ["invented", "invented", "omdb"]
    assert json.loads((folder / "cleaning_report.json").read_text())["crawled"] == {"omdb": 1}
    supplied = Path(data.raw).parent / "supplied.csv"
    supplied.write_text("movie_id,description,source\nt3,Eight wells run dry in a week.,mail\n")
    both = replace(data, crawl=str(supplied))
    assert read_clean(clean_table(both).file)["source"].tolist()[-1] == "omdb"
    crawled.unlink()
    assert read_clean(clean_table(both).file)["source"].tolist()[-1] == "mail"
    assert len(pd.read_csv(folder / "to_crawl.csv")) == 0  # what is supplied need not be asked for
    assert len(read_clean(clean_table(data).file)) == 2
    supplied.unlink()
    with pytest.raises(UserError, match=r"supplied.csv: no such file; data.crawl=null does without"):
        clean_table(both)


def test_crawl_files_of_one_name_are_told_apart(data: DataConfig, tmp_path: Path) -> None:
    folder = clean_table(data).file.parent
    (tmp_path / "supplied").mkdir()
    supplied = tmp_path / "supplied" / "crawl_data.csv"
    supplied.write_text('movie_id,description,source\nt3,Eight wells run dry in a week.,"a\rmail"\n')
    with_both = replace(data, crawl=str(supplied))
    assert read_clean(clean_table(with_both).file)["source"].tolist()[-1] == "a mail"
    (folder / "crawl_data.csv").write_text("movie_id,description,source\nt3,Nine wells run dry in a week.,omdb\n")
    assert read_clean(clean_table(with_both).file)["source"].tolist()[-1] == "omdb"
    (folder / "crawl_data.csv").unlink()
    assert len(read_clean(clean_table(data).file)) == 2
    supplied.write_text('movie_id,description\nt3,"open\n')
    before = (folder / "clean_data.csv").read_bytes()
    with pytest.raises(UserError, match="ends inside a quoted cell"):
        clean_table(replace(with_both, min_chars=10))
    assert (folder / "clean_data.csv").read_bytes() == before


def test_a_damaged_product_is_named_and_made_again(data: DataConfig) -> None:
    texts = clean_table(data).file.parent / "texts.parquet"
    texts.write_bytes(b"bad")
    alone = ["stages=[enrich]", f"data.raw={data.raw}", f"data.dir={data.dir}", f"data.crawl={data.dir}/crawl_data.csv"]
    (texts.parent / "crawl_data.csv").write_text("movie_id,description\nt3,Seven wells run dry in a week.\n")
    with pytest.raises(UserError, match=r"texts.parquet: is damaged; run the stage clean again"):
        prepare(compose("prepare", alone))
    assert len(read_clean(clean_table(data).file)) == 3


def test_a_table_put_there_by_hand_is_taken(data: DataConfig, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "clean_data.csv").write_text(
        "movie_id,title,year,description,genres,source\nt1,A,,x,Drama,kaggle\n"
    )
    assert len(read_clean(clean_table(replace(data, raw=str(tmp_path / "none"))).file)) == 1


def test_a_table_made_of_other_raw_files_is_not(data: DataConfig, tmp_path: Path) -> None:
    clean_table(data)
    (tmp_path / "packed").mkdir()
    (tmp_path / "packed" / "drama.csv.gz").write_bytes(b"")
    for folder in ("none", "packed"):
        with pytest.raises(UserError, match=rf"data.raw={tmp_path}/{folder}: no CSV files there"):
            clean_table(replace(data, raw=str(tmp_path / folder)))


def test_no_data_at_all_says_where_to_get_them(data: DataConfig, tmp_path: Path) -> None:
    with pytest.raises(
        UserError, match=r"no CSV files there; run .* or put the unpacked files of https://www.kaggle.com"
    ):
        clean_table(replace(data, raw=str(tmp_path / "none")))


def test_a_film_in_two_rows_of_the_clean_table_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "clean_data.csv"
    line = "t1,A,,x,Drama,kaggle\n"
    file.write_text("movie_id,title,year,description,genres,source\n" + line + line)
    with pytest.raises(UserError, match="the film t1 stands in two rows"):
        read_clean(file)
    file.write_text("movie_id,title,year,description,genres,source\n")
    with pytest.raises(UserError, match="holds no film"):
        read_clean(file)


def test_all_stages_of_the_sample_and_what_a_change_runs_again(tmp_path: Path) -> None:
    settings = [f"data.dir={tmp_path / 'products'}", "processes=1"]
    prepare(compose("prepare", settings))
    products = tmp_path / "products"
    assert {path.name for path in products.iterdir()} == {
        ".lock",
        "merged.csv",
        "whole_files.json",
        "texts.parquet",
        "to_crawl.csv",
        "clean_data.csv",
        "cleaning_report.json",
        "lemmas.parquet",
        "conllu_data.conllu",
        "manifest.json",
    }

    def finished() -> dict[str, str]:
        stages = json.loads((products / "manifest.json").read_text())["stages"]
        return {name: json.dumps(record["depends"]) for name, record in stages.items()}

    before = finished()
    stamps = {path: path.stat().st_mtime_ns for path in products.iterdir()}
    prepare(compose("prepare", settings))
    assert {path: path.stat().st_mtime_ns for path in products.iterdir()} == stamps
    prepare(compose("prepare", [*settings, "data.min_chars=400", "stages=[merge,clean,crawl_list,enrich]"]))
    assert {name for name, depends in finished().items() if depends != before[name]} == {
        "clean",
        "crawl_list",
        "enrich",
    }


def test_each_stage_names_all_code_that_its_products_depend_on(tmp_path: Path) -> None:
    """What that code imports of these rooms, directly or not, is named too."""
    cfg = compose("prepare", [f"data.dir={tmp_path}"])
    package = Path(genre.__file__).parent
    module = importlib.import_module("genre.imdb.prepare")
    stages = [*module._table_stages(cfg.data, STAGES), *module._later_stages(cfg)]
    assert {stage.name for stage in stages} == set(STAGES)
    for stage in stages:
        told = {file for place in stage.code for file in (place.rglob("*.py") if place.is_dir() else [place])}
        assert all(file.is_file() for file in told)
        needed, waiting = set(told), list(told)
        while waiting:
            names = [name for name in named(waiting.pop()) if name.startswith(("genre.imdb.", "genre.data."))]
            found = {package.parent / f"{name.replace('.', '/')}.py" for name in names}
            waiting += [file for file in found - needed if file.is_file()]
            needed |= {file for file in found if file.is_file()}
        assert {str(file.relative_to(package)) for file in needed - told} == set(), stage.name
