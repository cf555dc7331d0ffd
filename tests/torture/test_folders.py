"""Run folders as somebody sends them who means harm: nothing they name is run, written, fetched or printed."""

import contextlib
import io
import json
import os
import pickle
import shutil
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import genre
from genre.config import compose
from genre.errors import UserError, report_error
from genre.evaluation import evaluate
from genre.report.compare import compare, print_comparison
from genre.runs import RunFolder
from tests.torture.scenes import FEW, Counted

SECRET = "planted-key-71f3"
TEXT = "A ferryman rows."
Attack = Callable[[RunFolder, Path], object]


class Evil:
    """What a pickle runs."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.mkdir, (str(self.mark),))


def setting(place: str, value: object) -> Attack:
    """A value in config.yaml, by dotted name; `{mark}` in a text is a path outside that must not come to be."""

    def attack(run: RunFolder, mark: Path) -> None:
        config = yaml.safe_load(run.config_file.read_text())
        *path, last = place.split(".")
        section = config
        for name in path:
            section = section[name]
        section[last] = value.replace("{mark}", str(mark)) if isinstance(value, str) else value
        run.config_file.write_text(yaml.safe_dump(config))

    return attack


def content(name: str, text: str | bytes) -> Attack:
    """Another content of a file."""

    def attack(run: RunFolder, mark: Path) -> None:
        file = run.path / name
        file.write_bytes(text.replace("{mark}", str(mark)).encode() if isinstance(text, str) else text)

    return attack


def entry(name: str, key: str, value: object) -> Attack:
    """A value in a JSON file, also under a new key."""

    def attack(run: RunFolder, mark: Path) -> None:
        known = json.loads((run.path / name).read_text())
        (run.path / name).write_text(json.dumps({**known, key: value}))

    return attack


def pickled(name: str) -> Attack:
    """A pickle that makes a folder when it is read."""

    def attack(run: RunFolder, mark: Path) -> None:
        (run.path / name).write_bytes(pickle.dumps(Evil(mark), protocol=2))

    return attack


def zipped_pickle(run: RunFolder, mark: Path) -> None:
    """The same as torch writes it."""
    with zipfile.ZipFile(run.best_checkpoint, "w") as archive:
        archive.writestr("best/data.pkl", pickle.dumps(Evil(mark), protocol=2))
        archive.writestr("best/version", "3")


def link(name: str) -> Attack:
    """A link to what is none of the run's."""

    def attack(run: RunFolder, mark: Path) -> None:
        path = run.path / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        path.symlink_to(mark)

    return attack


def remote_code(file: str) -> Attack:
    """A model that says that its code lies beside it."""

    def attack(run: RunFolder, mark: Path) -> None:
        (run.architecture / "evil.py").write_text(f"import os\nos.mkdir({str(mark)!r})\nclass C: pass\nclass N: pass\n")
        known = json.loads((run.architecture / file).read_text())
        known |= {"model_type": "evil", "architectures": ["N"]} if file == "config.json" else {"tokenizer_class": "N"}
        known["auto_map"] = {"AutoConfig": "evil.C", "AutoModelForSequenceClassification": "evil.N"}
        known["auto_map"] |= {"AutoTokenizer": ["evil.N", "evil.N"]}
        (run.architecture / file).write_text(json.dumps(known))
        if file != "config.json":
            (run.architecture / "tokenizer.json").unlink()

    return attack


def objects(run: RunFolder, mark: Path) -> None:
    """Films as pickled objects in Parquet's own metadata."""
    np.savez(run.path / "ngrams.npz", label_films=np.array([Evil(mark)], dtype=object))


CODE = ["os.mkdir", "builtins.eval", "subprocess.run", "torch.load", "evil.Model", "genre.files.write_text", "../x.y"]
TEXTS = ["${oc.env:PLANTED}", "\\${oc.env:PLANTED}", "${oc.decode:${oc.env:PLANTED}}", "{mark}", "../../../{mark}"]
HUGE = [10**9, -1, 0, 10**30, float("inf"), float("nan"), "9" * 5000]
NAMES = [
    "\x1b]8;;http://x.example\x07",
    "[bold red]x[/]",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "a\nerror: b",
]
DEEP = "[" * 100_000 + "]" * 100_000
BILLION = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)

ATTACKS: dict[str, Attack] = {
    **{
        f"target of {place}: {code}": setting(f"{place}._target_", code) for place in ("model", "loss") for code in CODE
    },
    **{f"data.dir: {text}": setting("data.dir", text) for text in TEXTS},
    **{f"model.pooling: {text}": setting("model.pooling", text) for text in TEXTS[:3]},
    **{f"decision.fallback: {text}": setting("decision.fallback", text) for text in TEXTS[:1]},
    **{f"outputs: {text}": setting("paths.outputs", text) for text in TEXTS},
    **{f"corrections: {text}": setting("data.corrections", text) for text in TEXTS[:1] + TEXTS[3:]},
    **{
        f"max_tokens: {number:.20}" if isinstance(number, str) else f"max_tokens: {number}": setting(
            "data.max_tokens", number
        )
        for number in HUGE
    },
    **{
        f"width of the model: {number}": entry("model/config.json", "dim", number)
        for number in (10**6, 10**9, -1, 0, "x")
    },
    **{f"layers of the model: {number}": entry("model/config.json", "n_layers", number) for number in (10**7, -1)},
    **{f"threshold: {number}": entry("thresholds.json", "Drama", number) for number in (1e308, -1, "x", None)},
    **{f"label: {name!r}": entry("thresholds.json", name, 0.5) for name in NAMES},
    **{f"error: {name!r}": entry("status.json", "error", name) for name in NAMES},
    **{f"metric: {name!r}": entry("metrics.json", f"test/{name}", 0.5) for name in NAMES},
    **{
        f"tag in {tag}": content("config.yaml", f"x: !!python/{tag} ['{{mark}}']\n")
        for tag in ("object/apply:os.mkdir", "name:os.system", "object/new:os.mkdir")
    },
    **{
        f"deep {name}": content(name, DEEP)
        for name in ("config.yaml", "metrics.json", "status.json", "model/config.json", "model/tokenizer.json")
    },
    "aliases without end": content("config.yaml", BILLION),
    **{
        f"pickle in {name}": pickled(name)
        for name in ("checkpoints/best.ckpt", "films.parquet", "predictions.parquet", "ngrams.npz")
    },
    "pickle in a checkpoint": zipped_pickle,
    "objects in arrays": objects,
    **{f"code of {file}": remote_code(file) for file in ("config.json", "tokenizer_config.json")},
    **{
        f"link {name}": link(name)
        for name in ("metrics.json", "report", "plots", "history", ".lock", "train.log", "predictions.parquet")
    },
}


def tree(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def attacked(run: RunFolder, out: Path) -> tuple[str, list[str]]:
    """What is said when a received run is read by all that reads runs, and how each ended."""

    settings = [f"runs=[{run.path.parent}]", f"output={out}/compared", *FEW]
    tasks = [
        lambda: print_comparison(*compare(compose("compare", settings))),
        lambda: genre.load(run.path).predict([TEXT]),
        lambda: evaluate(compose("evaluate", [f"run={run.path}", *FEW])),
    ]
    said, ends = io.StringIO(), []
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        for task in tasks:
            try:
                task()
                ends.append("fine")
            except (UserError, OSError) as error:
                ends.append("told" if report_error(error)["exit_code"] == 2 else "broken")
    return said.getvalue(), ends


def offline(*_: Any) -> None:
    raise AssertionError("a received folder must not make anybody ask the network")


SOME = ["target of model: os.mkdir", "data.dir: ${oc.env:PLANTED}", "pickle in a checkpoint", "code of config.json"]


@pytest.mark.parametrize(
    "name", [*SOME, *(pytest.param(name, marks=pytest.mark.slow) for name in ATTACKS if name not in SOME)]
)
def test_a_received_run_folder_is_data(
    finished_run: RunFolder,
    tmp_path: Path,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Counted,
) -> None:
    place, mark, home = tmp_path / "runs" / "run_0000000001", tmp_path / "mark", tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("PLANTED", SECRET)
    monkeypatch.setattr(socket.socket, "connect", offline)
    monkeypatch.chdir(home)
    shutil.copytree(finished_run.path, place, ignore=shutil.ignore_patterns("plots", "report"))
    sound = tmp_path / "runs" / "sound_0000000002"
    shutil.copytree(place, sound)
    before = tree(sound)
    ATTACKS[name](RunFolder(place), mark)
    said, ends = attacked(RunFolder(place), tmp_path)
    assert "Traceback" not in said, said
    assert "broken" not in ends
    assert SECRET not in said
    assert "\x1b]8" not in said
    assert not mark.exists()
    assert {path.name for path in tmp_path.iterdir()} <= {"runs", "home", "compared"}
    assert not list(home.iterdir())
    assert tree(sound) == before
    written = {**tree(place), **(tree(tmp_path / "compared") if (tmp_path / "compared").exists() else {})}
    assert not [file for file, text in written.items() if SECRET.encode() in text]
    record_property("hostile folder", name)
