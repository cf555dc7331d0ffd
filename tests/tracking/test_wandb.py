"""What W&B gets of a training, read back with its own reader; nothing here leaves the machine."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import pytest
import torch
import wandb
import yaml
from wandb.sdk.lib.config_util import save_config_file_from_dict

from genre.config import compose
from genre.errors import UserError
from genre.imdb.prepare import clean_table
from genre.imdb.source import read_clean
from genre.models import GenreClassifier
from genre.paths import PROJECT_ROOT
from genre.report.run import write_report
from genre.tracking import sync_hint
from genre.tracking.wandb_record import has_credentials
from genre.training import train
from tests.commands import call
from tests.tracking.offline import offline_runs

KEY = "0123456789abcdef0123456789abcdef01234567"
SWEEP = PROJECT_ROOT / "scripts" / "wandb_sweep.yaml"
TINY = [
    "model=tiny",
    "trainer=smoke",
    "trainer.progress_bar=false",
    "report.resamples=50",
    "report.plots=false",
]


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        arguments,
        cwd=PROJECT_ROOT,
        env=os.environ | {"PATH": path} | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def files_with(text: str, *folders: Path) -> list[Path]:
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    assert files
    return [file for file in files if text.encode() in file.read_bytes()]


def test_a_finished_run_with_all_that_its_folder_holds(make_settings, tmp_path: Path) -> None:
    settings = ["logger=wandb", "logger.wandb.checkpoint=true", "loss=focal", "loss.gamma=1", "seed=7"]
    run = train(make_settings(tmp_path, *settings), write_report)
    hint = sync_hint([run.path])
    assert hint is not None
    assert hint.endswith(f"wandb sync {run.path}/wandb/offline-run-*")
    (read,) = offline_runs(run.path)

    assert (read.exit_code, read.run.project, read.run.job_type, read.run.run_group) == (0, "genre", "train", "")
    elsewhere = {"report", "paths", "logger"}
    assert not [key for key in read.settings if key.endswith("_target_") or key.partition(".")[0] in elsewhere]
    assert not [key for key, value in read.settings.items() if str(value).startswith("/")]
    assert (read.run.display_name, list(read.run.tags)) == ("seed=7", ["seed=7"])  # without a command line
    named = {key: value for key, value in read.settings.items() if key.endswith(".name")}
    assert named == {
        "calibration.name": "none",
        "data.name": "sample",
        "decision.name": "per_label",
        "loss.name": "focal",
        "model.name": "tiny",
        "optimizer.name": "adamw",
        "oversample.name": "none",
        "trainer.name": "smoke",
    }
    films = {f"films.{part}": run.metrics()[f"{part}/films"] for part in ("train", "val", "test")}
    known = run.environment()
    made = {"data.fingerprint": known["data_fingerprint"], "code.fingerprint": known["code_fingerprint"]}
    expected = {"loss.alpha": 0.375, "loss.gamma": 1, "seed": 7, "labels": 21, "machine.device": "cpu"} | films | made
    assert {key: read.settings[key] for key in expected} == expected
    weights = torch.load(run.best_checkpoint, weights_only=True)["state_dict"].items()
    assert read.settings["parameters"] == sum(value.numel() for key, value in weights if key.startswith("model."))
    assert read.settings["run_folder"] == run.path.name

    assert {name: read.summary[name] for name in run.metrics()} == pytest.approx(run.metrics())
    intervals = read.table("intervals")
    assert intervals["columns"] == ["metric", "value", "low", "high"]
    ends = json.loads(run.intervals_file.read_text())
    assert {name for name, *_ in intervals["data"]} == set(ends)
    for name, value, low, high in intervals["data"]:
        assert [value, low, high] == pytest.approx([run.metrics()[name], *ends[name]])
    table = read.table("per_genre")
    assert (table["columns"][0], len(table["data"])) == ("genre", 21)
    curves = read.table("precision_recall_table")
    points = [row[0] for row in curves["data"]]
    assert curves["columns"] == ["genre", "recall", "precision"]
    assert max(map(points.count, points)) <= 100
    assert "wandb/area-under-curve/v0" in json.dumps(read.config)
    drawn = {f"plots/{file.stem}" for file in run.plots.glob("*.png")}
    assert {name for name in read.summary if name.startswith("plots/")} == drawn != set()
    (model,) = (record for record in read.records["artifact"] if record.type == "model")
    assert model.manifest.contents[0].local_path == str(run.best_checkpoint)


@pytest.mark.parametrize("metric", ["val_known/jaccard", "val/hamming_loss"])
def test_few_curves_over_epochs_counted_from_1(metric: str, make_settings, tmp_path: Path) -> None:
    run = train(make_settings(tmp_path, "logger=wandb", "report.plots=false", f"metric={metric}"))
    (read,) = offline_runs(run.path)
    training = {"train/loss", "train/loss_epoch", "train/learning_rate", "train/gradient_norm"}
    chosen = {f"val/{metric.partition('/')[2]}"}
    validation = {"val/loss", "val/jaccard", "val/f1_micro", "val/f1_macro"} | chosen
    assert read.curves == training | validation | {"epoch", "trainer/global_step"}
    steps = [row["trainer/global_step"] for row in read.history if "train/loss" in row]
    assert steps == sorted(set(steps)) == list(range(6))
    rates = [row["train/learning_rate"] for row in read.history if "train/learning_rate" in row]
    assert rates == pytest.approx([0.001 * (1 - step / 6) for step in steps])  # too few steps for a warm-up
    norms = [row["train/gradient_norm"] for row in read.history if "train/gradient_norm" in row]
    assert len(norms) == 6
    assert min(norms) > 0
    scores = {int(row["epoch"]): row[chosen.copy().pop()] for row in read.history if "val/loss" in row}
    assert set(scores) == {1, 2}
    best = (min if "loss" in metric else max)(scores, key=scores.__getitem__)
    assert read.summary["best/epoch"] == best


@pytest.mark.parametrize("texts", [False, True])
def test_descriptions_go_to_wandb_only_when_asked_for(texts: bool, make_settings, tmp_path: Path) -> None:
    cfg = make_settings(tmp_path, "logger=wandb", f"logger.wandb.texts={str(texts).lower()}", "report.plots=false")
    run = train(cfg, write_report)
    (read,) = offline_runs(run.path)
    films = read.table("films")
    assert films["columns"][:4] == ["kind", "place", "title", "year"]
    assert ("description" in films["columns"]) is texts
    shown = {row[films["columns"].index("title")] for row in films["data"]}
    table = read_clean(clean_table(cfg.data).file)
    descriptions = table.loc[table["title"].isin(shown), "description"]
    # a part without characters that JSON would write in another way
    parts = [text[:30] for text in descriptions if text[:30].isascii() and '"' not in text[:30]]
    assert parts
    assert any(files_with(part, read.path) for part in parts) is texts


def test_jobs_of_one_process_have_runs_of_their_own(
    make_settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ending(how: Any) -> Any:
        def start(self: GenreClassifier) -> None:
            how()

        return start

    def mistake() -> None:
        raise UserError("something to mend")

    def interrupt() -> None:
        raise KeyboardInterrupt

    ends: list[tuple[Any, type[BaseException]]] = [
        (mistake, UserError),
        (lambda: [][0], IndexError),
        (interrupt, KeyboardInterrupt),
        (lambda: os.kill(os.getpid(), signal.SIGTERM), SystemExit),
    ]
    for seed, (how, error) in enumerate(ends):
        with monkeypatch.context() as patch:
            patch.setattr(GenreClassifier, "on_train_epoch_start", ending(how))
            with pytest.raises(error):
                train(make_settings(tmp_path, "logger=wandb", f"seed={seed}"))
    train(make_settings(tmp_path, "logger=wandb", f"seed={len(ends)}"))
    found = {}
    for folder in (tmp_path / "runs").iterdir():
        (read,) = offline_runs(folder)
        found[read.settings["seed"]] = read
    assert [found[seed].exit_code for seed in range(len(ends) + 1)] == [1] * len(ends) + [0]
    assert len({read.run.run_id for read in found.values()}) == len(ends) + 1
    assert [seed for seed, read in found.items() if "test/jaccard" in read.summary] == [len(ends)]


def test_a_multirun_is_a_group_and_keeps_the_key_to_itself(
    make_settings, sample_products: Path, tmp_path: Path
) -> None:
    before = train(make_settings(tmp_path, "loss=focal"))  # which W&B does not know
    arguments = ["loss=bce,focal", f"paths.outputs={tmp_path}"]
    run = ["-m", *TINY, *arguments, f"data.dir={sample_products}"]
    done = call("train", *run, WANDB_API_KEY=KEY, WANDB_MODE="offline")
    assert done.returncode == 0, done.stderr
    reads = [read for folder in (tmp_path / "runs").iterdir() for read in offline_runs(folder)]
    assert {read.run.run_group for read in reads} == {"model=tiny trainer=smoke loss=bce,focal"}
    names = {read.run.display_name: read for read in reads}
    assert set(names) == {"model=tiny trainer=smoke loss=bce", "default"}  # the other was begun without a command line
    bce, focal = names["model=tiny trainer=smoke loss=bce"], names["default"]
    assert set(bce.run.tags) == {"model=tiny", "trainer=smoke", "loss=bce"}
    assert bce.settings.keys() - focal.settings.keys() == {"loss.label_smoothing"}
    assert focal.settings["run_folder"] == before.path.name
    assert focal.curves == bce.curves
    assert next(row for row in focal.history if "val/loss" in row)["epoch"] == 1
    assert KEY not in done.stdout + done.stderr
    assert files_with(KEY, tmp_path) == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="only Linux has a folder that nobody can write into")
def test_a_home_that_cannot_be_written_costs_no_training(
    sample_products: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CACHE", "CONFIG", "DATA"):
        monkeypatch.delenv(f"WANDB_{name}_DIR")
    outputs = [f"data.dir={sample_products}", f"paths.outputs={tmp_path}", "logger.wandb.checkpoint=true"]
    done = call("train", *TINY, *outputs, HOME="/proc", WANDB_MODE="offline")  # not even root writes there
    assert done.returncode == 0, done.stderr
    (run,) = (tmp_path / "runs").iterdir()
    assert list(run.glob("wandb/offline-run-*/*.wandb"))


def test_a_setting_of_its_own_that_it_does_not_know_is_one_line(tmp_path: Path, sample_products: Path) -> None:
    done = call("train", *TINY, f"paths.outputs={tmp_path}", f"data.dir={sample_products}", WANDB_MODE="bogus")
    assert done.returncode == 2
    assert [line for line in done.stderr.splitlines() if "bogus" in line] == [
        "error: WANDB_MODE=bogus: Input should be 'online', 'offline', 'shared', 'disabled', 'dryrun' or 'run'"
    ]


def test_a_server_that_refuses_ends_the_job_before_any_training(tmp_path: Path, wandb_server, sample_products) -> None:
    run = [*TINY, f"paths.outputs={tmp_path}", f"data.dir={sample_products}"]
    with wandb_server(lambda _: None) as address:
        done = call("train", *run, WANDB_API_KEY=KEY, WANDB_BASE_URL=address)
    assert done.returncode == 2
    assert "error: W&B cannot be used online (permission denied); take logger.wandb.mode=offline" in done.stderr
    assert not list(tmp_path.glob("runs/*/checkpoints"))
    assert KEY not in done.stdout + done.stderr
    assert files_with(KEY, tmp_path) == []


def parameters() -> dict[str, dict[str, Any]]:
    return yaml.safe_load(SWEEP.read_text())["parameters"]


@pytest.mark.parametrize("name", parameters())
def test_every_value_of_the_wandb_sweep_is_a_setting(name: str) -> None:
    space = parameters()[name]
    fixed = [part for part in yaml.safe_load(SWEEP.read_text())["command"] if not part.startswith("${")]
    for value in space["values"] if "values" in space else (space["min"], space["max"]):
        compose("train", [*fixed, f"{name}={value}"])


@pytest.mark.slow
def test_a_wandb_agent_gets_the_run_that_it_asked_for(tmp_path: Path, sample_products: Path) -> None:
    from wandb.sdk.launch.sweeps.utils import create_sweep_command, create_sweep_command_args  # seconds

    sweep = yaml.safe_load(SWEEP.read_text())
    chosen = {name: space["values"][0] if "values" in space else space["max"] for name, space in parameters().items()}
    asked = {"args": {name: {"value": value} for name, value in chosen.items()}}
    filled = {
        "${env}": ["/usr/bin/env"],
        "${interpreter}": ["python"],
        "${program}": [sweep["program"]],
        "${args_no_hyphens}": create_sweep_command_args(asked)["args_no_hyphens"],
    }
    parts = [word for part in create_sweep_command(sweep["command"]) for word in filled.get(part, [part])]
    told = tmp_path / "config.yaml"
    save_config_file_from_dict(str(told), asked["args"])
    done = command(
        *parts,
        *TINY,
        f"paths.outputs={tmp_path}",
        f"data.dir={sample_products}",
        WANDB_MODE="offline",
        WANDB_SWEEP_ID="sweep1",
        WANDB_RUN_ID="run00001",
        WANDB_PROJECT="elsewhere",
        WANDB_SWEEP_PARAM_PATH=str(told),
    )
    assert done.returncode == 0, done.stderr
    (folder,) = (tmp_path / "runs").iterdir()
    (read,) = offline_runs(folder)
    assert (read.run.run_id, read.run.sweep_id, read.run.project) == ("run00001", "sweep1", "elsewhere")
    assert read.config["loss"] == {"name": "focal", "alpha": chosen["loss.alpha"], "gamma": chosen["loss.gamma"]}
    assert {name: read.config[name] for name in chosen} == chosen  # where the sweep's own panels look
    assert sweep["metric"]["name"] in read.summary


@pytest.mark.parametrize(
    ("environment", "netrc", "online"),
    [
        ({}, None, False),
        ({"WANDB_API_KEY": "x" * 40}, None, True),
        ({"WANDB_API_KEY": "x" * 40, "WANDB_MODE": "offline"}, None, False),
        ({}, "machine {host}\n  login user\n  password {key}\n", True),
        ({}, "machine example.org\n  login user\n  password secret\n", False),
    ],
)
def test_online_only_with_credentials(
    environment: dict[str, str], netrc: str | None, online: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    if netrc:
        host = urlparse(wandb.Settings().base_url).hostname
        file = Path(os.environ["NETRC"])
        file.write_text(netrc.format(host=host, key="x" * 40))
        file.chmod(0o600)
    assert has_credentials() is online
