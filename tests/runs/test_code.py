"""A run of other code is told, by a training and by a sweep; what does not change what is learnt is not."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from genre.config import RunConfig, TrainConfig, compose
from genre.errors import UserError
from genre.runs import RunFolder, code
from genre.runs.code import code_fingerprint
from genre.training import train
from tests.commands import Command
from tests.sweeps import FAULTY, FINISHED, SweepRunner
from tests.test_layers import named


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package whose code counts instead."""
    folder = tmp_path / "package" / "genre"
    shutil.copytree(code.ROOT, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(code, "ROOT", folder)
    code._fingerprint.cache_clear()
    return folder


def edit(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))
    code._fingerprint.cache_clear()


def test_every_pattern_finds_code() -> None:
    patterns = {*code._EVERY_RUN, *code._NETWORK, *code._BASELINE, *code._ENCODER, *code._LEMMAS}
    assert [pattern for pattern in patterns if not list(code.ROOT.glob(pattern))] == []


@pytest.mark.parametrize("patterns", [code._NETWORK, code._BASELINE, (*code._BASELINE, *code._ENCODER)])
def test_what_that_code_imports_is_among_it(patterns: tuple[str, ...]) -> None:
    """But for reading and writing, and what goes on afterwards."""
    files = {file for pattern in (*code._EVERY_RUN, *patterns) for file in code.ROOT.glob(pattern)}
    if patterns == code._BASELINE:  # the features that have more code
        files -= {code.ROOT / "models" / "baselines" / "sentences.py"}
    names = {name for file in files for name in named(file)}
    modules = {code.ROOT.parent / f"{name.replace('.', '/')}.py" for name in names if name.startswith("genre.")}
    rooms = {"losses", "decision", "sampling", "data", "models", "training"}
    needed = {file for file in modules if file.is_file() and file.relative_to(code.ROOT).parts[0] in rooms}
    missing = {str(file.relative_to(code.ROOT)) for file in needed - files}
    assert missing <= {"training/run.py", "training/checkpoint.py"}  # which learn nothing
    assert len(needed) > 10


@pytest.fixture(scope="module")
def kinds() -> dict[str, RunConfig]:
    """The settings of each kind of run."""
    words, lemmas = (compose("baseline", [f"features.tokens={tokens}"]) for tokens in ("words", "lemmas"))
    encoder = compose("baseline", ["features=encoder"])
    return {"network": compose("train"), "words": words, "lemmas": lemmas, "encoder": encoder}


def test_comments_docstrings_and_formatting_do_not_count(package: Path) -> None:
    before = code_fingerprint(compose("train"))
    edit(package / "losses" / "focal.py", '"""', '# a comment\n"""Another docstring. ')
    edit(package / "losses" / "focal.py", "(", "(  # and one within\n")
    assert code_fingerprint(compose("train")) == before


def test_a_package_of_ones_own_counts_where_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_package").mkdir()
    file = tmp_path / "own_package" / "__init__.py"
    file.write_text("class Loss: ...\n")
    monkeypatch.syspath_prepend(tmp_path)
    plain = compose("train")
    named = replace(plain, code=["own_package"])
    using = replace(named, loss=replace(plain.loss, _target_="own_package.Loss"))
    known = [code_fingerprint(cfg) for cfg in (plain, named, using)]
    assert known[0] == known[1] != known[2]
    edit(file, "...", "weight = 2")
    assert [code_fingerprint(cfg) for cfg in (plain, named)] == known[:2]
    assert code_fingerprint(using) != known[2]


@pytest.mark.parametrize(
    ("file", "changed"),
    [
        ("losses/focal.py", {"network"}),
        ("models/classifier.py", {"network", "encoder"}),
        ("training/baseline.py", {"words", "lemmas", "encoder"}),
        ("data/split.py", {"network", "words", "lemmas", "encoder"}),
        ("decision/thresholds.py", {"network", "words", "lemmas", "encoder"}),
        ("linguistics/light.py", {"lemmas"}),
        ("report/console.py", set()),
        ("imdb/clean.py", set()),  # the fingerprint of the data tells
    ],
)
def test_it_is_of_the_code_that_decides_what_is_learnt(
    kinds: dict[str, RunConfig], package: Path, file: str, changed: set[str]
) -> None:
    before = {kind: code_fingerprint(cfg) for kind, cfg in kinds.items()}
    (package / file).write_text((package / file).read_text() + "\nADDED = 1\n")
    code._fingerprint.cache_clear()
    assert {kind for kind, cfg in kinds.items() if code_fingerprint(cfg) != before[kind]} == changed


def test_a_finished_run_of_another_loss_is_told(
    finished_run: RunFolder, make_settings: Callable[..., TrainConfig], package: Path, tmp_path: Path
) -> None:
    run = RunFolder(Path(shutil.copytree(finished_run.path, tmp_path / "runs" / finished_run.path.name)))
    settings = ["trainer.limit_batches=null", "loss=focal", "decision=fixed"]
    cfg = make_settings(tmp_path, *settings)
    assert train(cfg).path == run.path  # as it is
    edit(package / "losses" / "focal.py", "self.gamma)", "2 * self.gamma)")
    with pytest.raises(UserError, match="was finished by other code than there is now; overwrite=true .* code=ignore"):
        train(cfg)
    assert train(make_settings(tmp_path, *settings, "code=ignore")).path == run.path


def test_a_sweep_tells_it_before_the_first_job(sweeps: SweepRunner, finished_sweep: SweepRunner, package: Path) -> None:
    sweeps.begin_with(finished_sweep)
    edit(package / "losses" / "focal.py", "self.gamma)", "2 * self.gamma)")
    script = sweeps.outputs / "edited.py"
    place = f"import genre.runs.code\nfrom pathlib import Path\ngenre.runs.code.ROOT = Path({str(package)!r})\n"
    script.write_text(place + FAULTY)
    begun = sweeps.starts()
    told = Command(script, ["-m", *sweeps.settings, *FINISHED, "seed=4,1"], os.environ).finish()
    assert told.returncode == 2
    assert "was finished by other code than there is now" in told.stderr
    assert "[job 1: seed=1]" in told.stderr
    assert told.stderr.count("\n") == 1
    assert sweeps.starts() == begun
