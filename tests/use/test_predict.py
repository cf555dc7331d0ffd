"""Rows of files of every format, in and out."""

import json
import os
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import genre
from genre.config import compose
from genre.errors import UserError
from genre.runs import RunFolder
from genre.use import Model, newest_run, on_ray, predict
from genre.use.predict import predict_file, predict_text, told

TEXTS = [
    "Two friends, one bank.",
    "",
    "Singers sing.\nAnd dance.",
    '"Duel" at noon',
    "12 - 7",
    "Ein Fährmann rudert über den Fluß.",
]
TITLES = ["Bank", "", "", "Noon", "", "1984"]


@pytest.fixture(scope="module")
def model(baseline_run: RunFolder) -> Model:
    return genre.load(baseline_run.path)


@pytest.fixture
def expected(model: Model) -> list[list[str]]:
    return model.predict(pd.DataFrame({"title": TITLES, "description": TEXTS}))


def write_csv(file: Path, separator: str = ",") -> None:
    table = pd.DataFrame(
        {
            "id": ["007", "1", "2", "3", "4", "5"],
            "description": TEXTS,
            "title": TITLES,
            "note": ["a,b", 'say "x"', "", "", "", ""],
        }
    )
    table.to_csv(file, index=False, sep=separator)


def written(file: Path) -> pd.DataFrame:
    return pd.read_csv(file, dtype=str, keep_default_na=False, sep="\t" if file.suffix == ".tsv" else ",")


@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
def test_a_table_keeps_its_rows_and_columns(
    suffix: str, model: Model, expected: list[list[str]], tmp_path: Path
) -> None:
    source, output = tmp_path / f"in{suffix}", tmp_path / f"out{suffix}"
    write_csv(source, "\t" if suffix == ".tsv" else ",")
    done = predict_file(model, str(source), str(output))
    assert done == (6, 2, 0)
    result = written(output)
    pd.testing.assert_frame_equal(result.iloc[:, :4], written(source))
    assert result.columns[4:].tolist() == ["predicted_genres", "not_predicted"]
    assert result["predicted_genres"].tolist() == ["|".join(labels) for labels in expected]
    assert result["not_predicted"].tolist() == ["", "no text", "", "", "no text", ""]
    assert expected[0]
    assert expected[1] == []
    assert set(tmp_path.iterdir()) == {source, output}


def test_parquet_keeps_its_types(model: Model, expected: list[list[str]], tmp_path: Path) -> None:
    columns = {"title": TITLES, "description": [text or None for text in TEXTS], "year": [1, None, 3, 4, 5, 6]}
    days = [date(2020, 1, day) for day in range(1, 7)]
    table = pa.table(
        {**columns, "day": days, "tags": pa.array([["a"], [], None, ["b"], ["c"], []], pa.list_(pa.string()))}
    )
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=4)
    predict_file(model, f"{tmp_path}/in.parquet", f"{tmp_path}/out.parquet", probabilities=True)
    result = pq.read_table(tmp_path / "out.parquet")
    assert result.select(table.column_names) == table
    assert result["predicted_genres"].to_pylist() == expected
    probabilities = model.probabilities(pd.DataFrame({"title": TITLES, "description": TEXTS}))
    for label in model.labels:
        told = pd.Series(result[f"probability_{label}"].to_pylist(), dtype="float32")
        pd.testing.assert_series_equal(told, probabilities[label], check_names=False)


def test_json_lines_in_and_parquet_and_json_out(model: Model, tmp_path: Path) -> None:
    rows = [
        {"description": "Two friends, one bank.", "title": 1984, "cast": ["A", {"b": 1}]},
        {"title": None, "description": ["no", "text"], "note": "é"},
        {"description": "half \ud83e", "title": ""},
        {"description": 7, "title": ""},
    ]
    lines = "\n".join(json.dumps(row) for row in rows)
    (tmp_path / "in.jsonl").write_text(f"{lines}\n\n")
    predict_file(model, f"{tmp_path}/in.jsonl", f"{tmp_path}/out.jsonl")
    answers = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [answer["not_predicted"] for answer in answers] == ["", "no text", "broken characters", "no text"]
    assert [answer["predicted_genres"] for answer in answers[1:]] == [[], [], []]
    assert answers[0]["predicted_genres"] == model.predict([f"1984 {model.scorer.separator} Two friends, one bank."])[0]
    for row, answer in zip(rows, answers, strict=True):
        assert {key: answer[key] for key in row} == row
    predict_file(model, f"{tmp_path}/in.jsonl", f"{tmp_path}/out.parquet")
    assert pq.read_table(tmp_path / "out.parquet")["cast"][0].as_py() == '["A", {"b": 1}]'
    predict_file(model, f"{tmp_path}/in.jsonl", f"{tmp_path}/out.csv")
    assert written(tmp_path / "out.csv")["description"].tolist()[2] == "half ?"


def test_a_text_a_line(model: Model, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text('Two friends, one bank.\r\n\nSingers "sing"', encoding="utf-8")
    predict_file(model, f"{tmp_path}/in.txt", f"{tmp_path}/out.csv", probabilities=True)
    result = written(tmp_path / "out.csv")
    assert result["description"].tolist() == ["Two friends, one bank.", "", 'Singers "sing"']
    assert result["predicted_genres"].tolist() == ["|".join(labels) for labels in model.predict(result["description"])]
    assert result[f"probability_{model.labels[0]}"].tolist()[1] == ""


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_an_interrupted_prediction_goes_on_where_it_was(
    suffix: str, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predict, "CHUNK", 2)
    source = tmp_path / "in.csv"
    pd.DataFrame({"title": "", "description": [f"Text {'war ' * row} of row {row}" for row in range(9)]}).to_csv(
        source, index=False
    )
    predict_file(model, str(source), f"{tmp_path}/whole{suffix}")
    answer = predict._answers
    seen: list[str] = []

    def interrupted_at(row: int) -> Callable[..., object]:
        def answered(model: Model, chunk: list[list[str]], *rest: Any, **settings: bool) -> object:
            seen.extend(cells[1].split()[-1] for cells in chunk)
            if seen[-1] == str(row):
                raise KeyboardInterrupt
            return answer(model, chunk, *rest, **settings)  # type: ignore[arg-type]

        return answered

    output = tmp_path / f"out{suffix}"
    output.write_text("old")
    for row in (5, 5, 7):
        monkeypatch.setattr(predict, "_answers", interrupted_at(row))
        with pytest.raises(KeyboardInterrupt):
            predict_file(model, str(source), str(output))
        assert output.read_text() == "old"
        (tmp_path / f".out{suffix}.parts" / ".000000002.part.x7.part").write_text(
            "half of what was written"
        )  # by a kill
    monkeypatch.setattr(predict, "_answers", interrupted_at(-1))
    assert predict_file(model, str(source), str(output)) == (3, 0, 6)
    assert seen == ["0", "1", "2", "3", "4", "5", "4", "5", "4", "5", "6", "7", "6", "7", "8"]
    assert output.read_bytes() == (tmp_path / f"whole{suffix}").read_bytes()
    assert not list(tmp_path.glob(".*"))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning:ray")  # of its own settings
def test_ray_data_gives_the_same_answers_in_the_same_order(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ray")
    monkeypatch.setattr(predict, "CHUNK", 2)
    monkeypatch.setattr(on_ray, "CHUNK", 2)
    source = tmp_path / "in.jsonl"
    texts = [*TEXTS, "half \ud83e", *(f"War {number} of many." for number in range(20))]
    source.write_text("".join(json.dumps({"title": "", "description": text}) + "\n" for text in texts))
    predict_file(model, str(source), f"{tmp_path}/here.csv", probabilities=True)
    with on_ray.probabilities_on_ray(model, str(source), None) as elsewhere:
        done = predict_file(model, str(source), f"{tmp_path}/ray.csv", probabilities=True, elsewhere=elsewhere)
        assert done == (27, 3, 0)
        assert (tmp_path / "ray.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()
        rest = list(elsewhere(22))  # as after an interruption
    assert [len(part) for part in rest] == [2, 2, 1]
    pd.testing.assert_frame_equal(pd.concat(rest, ignore_index=True), model.probabilities(texts[22:]))


@pytest.mark.parametrize("change", ["input", "probabilities", "thresholds"])
def test_what_another_prediction_has_left_is_not_gone_on_from(
    change: str, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predict, "CHUNK", 2)
    source, output = tmp_path / "in.txt", f"{tmp_path}/out.csv"
    source.write_text("A war.\nA song.\nA ship.\n")
    with monkeypatch.context() as patch:
        patch.setattr(predict.shutil, "rmtree", lambda folder: None)  # as if it had been stopped at the very end
        predict_file(model, str(source), output)
    other = Model(
        model.folder, model.scorer, model.thresholds | {"Drama": 0.9}, model.fallback, model.columns, model.calibration
    )
    if change == "input":
        source.write_text("A war.\nA song.\nA shop.\n")
    done = predict_file(
        other if change == "thresholds" else model, str(source), output, probabilities=change == "probabilities"
    )
    assert done.before == 0
    assert written(tmp_path / "out.csv")["description"].tolist()[2] == ("A shop." if change == "input" else "A ship.")


def test_a_link_is_written_through_and_a_pipe_into(model: Model, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("A ferryman rows.\n")
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    predict_file(model, f"{tmp_path}/in.txt", f"{tmp_path}/link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert "A ferryman rows." in (tmp_path / "real.csv").read_text()
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=predict_file, args=(model, f"{tmp_path}/in.txt", f"{tmp_path}/pipe"))
    writer.start()
    assert (tmp_path / "pipe").read_text() == (tmp_path / "real.csv").read_text()
    writer.join()
    assert (tmp_path / "pipe").is_fifo()
    with pytest.raises(UserError, match="is a folder"):
        predict_file(model, f"{tmp_path}/in.txt", str(tmp_path))


MALFORMED: list[tuple[str, bytes, str]] = [
    ("no.csv", b"", "is empty; a table with a header is needed"),
    ("column.csv", b"text\nhello\n", "lacks the column 'title'; it has: text"),
    ("twice.csv", b"title,description,title\na,b,c\n", "has two columns 'title'"),
    ("semicolons.csv", b"title;description\na;b\n", "its cells are separated by semicolons"),
    ("wide.csv", b"title,description\nA,B\nC,D,E\n", "line 3: 3 cells where the header has 2"),
    ("narrow.csv", b"title,description\nA\n", "line 2: 1 cells where the header has 2"),
    ("quote.csv", b'title,description\nA,"open\nB,C\n', "the file ends inside a quoted cell"),
    ("quotes.csv", b'title,description\nA,"B"C\n', "broken quoting"),
    ("again.csv", b"title,description\nA,B\ntitle,description\n", "line 3: the header stands there again"),
    ("latin.csv", b"title,description\nA,caf\xe9\n", "line 2: is not UTF-8"),
    ("utf16.csv", "title,description\n".encode("utf-16"), "is UTF-16; save the file as UTF-8"),
    ("nul.csv", b"title,description\nA,B\x00C\n", "holds NUL bytes"),
    ("zip.csv", b"PK\x03\x04\x00\x00", "is no text"),
    ("page.csv", b"<!DOCTYPE html><html>", "is a web page"),
    ("long.csv", b"title,description\nA," + b"x" * 1_000_001 + b"\n", "a cell of more than 1,000,000 characters"),
    ("taken.csv", b"title,description,predicted_genres\nA,B,C\n", "has a column 'predicted_genres'"),
    ("quotes.tsv", b"title\tdescription\nA\n", "line 2: 1 cells where the header has 2"),
    ("list.jsonl", b"[1, 2]\n", "line 1: is no JSON object"),
    ("cut.jsonl", b'{"title": "A", "description": "B"}\n{"title": "C', "line 2: is no JSON object"),
    ("latin.jsonl", b'{"title": "caf\xe9"}\n', "line 1: is not UTF-8"),
    ("without.jsonl", b'{"text": "A"}\n', "lacks the column 'title'"),
    ("none.jsonl", b"", "lacks the column 'title'"),
    ("deep.jsonl", b'{"title": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n", "line 1: is no JSON object"),
    ("csv.parquet", b"title,description\nA,B\n", "is no Parquet file, or is damaged"),
    ("cut.parquet", b"PAR1\x00\x00\x00", "is no Parquet file, or is damaged"),
    ("empty.parquet", b"", "is no Parquet file, or is damaged"),
    ("latin.txt", b"A\ncaf\xe9\n", "line 2: is not UTF-8"),
    ("nul.txt", b"A\x00B\n", "holds NUL bytes"),
    ("book.xlsx", b"PK\x03\x04", "of which format is it?"),
    ("films", b"A\n", "of which format is it?"),
]


@pytest.mark.parametrize(("name", "content", "message"), MALFORMED, ids=[name for name, *_ in MALFORMED])
def test_a_file_that_cannot_be_read_is_answered_in_one_line(
    name: str, content: bytes, message: str, model: Model, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError) as caught:
        predict_file(model, f"{tmp_path}/{name}", f"{tmp_path}/out.csv")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_files_that_are_none_and_outputs_of_no_format(model: Model, tmp_path: Path) -> None:
    for name, message in (("no.csv", "no such file"), (".", "of which format"), ("folder.csv", "is a folder")):
        (tmp_path / "folder.csv").mkdir(exist_ok=True)
        with pytest.raises(UserError, match=message):
            predict_file(model, f"{tmp_path}/{name}", f"{tmp_path}/out.csv")
    (tmp_path / "in.txt").write_text("A ferryman rows.\n")
    with pytest.raises(UserError, match=r"out.xlsx: in which format\?"):
        predict_file(model, f"{tmp_path}/in.txt", f"{tmp_path}/out.xlsx")


def test_tables_without_rows(model: Model, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("title,description\n")
    for output in ("out.csv", "out.jsonl", "out.parquet"):
        assert predict_file(model, f"{tmp_path}/in.csv", f"{tmp_path}/{output}").rows == 0
    assert (tmp_path / "out.csv").read_text() == "title,description,predicted_genres,not_predicted\n"
    assert (tmp_path / "out.jsonl").read_text() == ""
    assert pq.read_table(tmp_path / "out.parquet").column_names[-1] == "not_predicted"


def test_one_text_and_its_title(model: Model) -> None:
    said = predict_text(model, "A sheriff hunts cattle thieves.", "Noon")
    together = f"Noon {model.scorer.separator} A sheriff hunts cattle thieves."
    assert said.equals(model.probabilities([together]).iloc[0])
    labels, likeliest = told(model, said).splitlines()
    assert labels.split(", ") == model.predict([together])[0]
    assert f"{said.idxmax()} {said.max():.2f}" == likeliest.split(", ")[0]
    with pytest.raises(UserError, match=r"text='123': cannot be predicted from \(no text\)"):
        predict_text(model, "123")


def test_the_newest_finished_run(tmp_path: Path) -> None:
    states = {
        "a": ("completed", "2026-01-02"),
        "b": ("completed", "2026-01-10"),
        "c": ("failed", "2026-01-11"),
        "d": ("running", None),
    }
    for name, (state, started) in states.items():
        folder = tmp_path / "runs" / name
        folder.mkdir(parents=True)
        (folder / "status.json").write_text(json.dumps({"state": state} | ({"started": started} if started else {})))
    assert newest_run(tmp_path) == tmp_path / "runs" / "b"
    with pytest.raises(UserError, match="there is no finished run in"):
        newest_run(tmp_path / "elsewhere")
    assert compose("predict", ["text=a"]).run is None
