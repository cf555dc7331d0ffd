"""RESULTS.md and its tables."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from genre.config import compose
from genre.errors import UserError
from genre.report.results import write_results_document
from genre.report.results.effects import effects
from genre.report.results.reading import reading
from genre.report.results.system_tables import (
    all_table,
    best_of_each_model,
    genres_table,
    models_table,
    published_table,
)


def test_validation_films_choose_the_best_of_a_model(make_run, systems_of) -> None:
    runs = [make_run("a_0123456789"), make_run("b_0123456789", "loss=focal", seed=1)]
    probe = make_run("c_0123456789", "model=probe", seed=2)
    values = {"val/jaccard": [0.9, 0.1], "test/jaccard": [0.2, 0.8]}
    for number, run in enumerate(runs):
        changed = run.metrics() | {key: both[number] for key, both in values.items()}
        run.metrics_file.write_text(json.dumps(changed))
    systems, _ = systems_of(*runs, probe)
    chosen = best_of_each_model(systems)
    assert {system.model: system.runs[0].folder.path for system in chosen} == {
        "tiny": runs[0].path,
        "probe": probe.path,
    }


def test_tables_worked_by_hand(make_run, systems_of) -> None:
    runs = [make_run("a_0123456789"), make_run("b_0123456789", "model=probe", seed=1)]
    systems, _ = systems_of(*runs)
    best = systems[0].runs[0]
    table = all_table(systems)
    assert table["rank"].tolist() == [1, 2]
    assert table["Jaccard"].iloc[0] == pytest.approx(best.scores.metrics["test/jaccard"], abs=1e-6)
    low, high = np.quantile(systems[0].column("jaccard"), [0.025, 0.975])
    assert table.loc[0, ["Jaccard_low", "Jaccard_high"]].tolist() == [low, high]
    assert table.loc[0, "size (millions)"] == 2
    assert table.loc[0, "films a second"] == 1234
    assert pd.isna(table.loc[0, "training (s)"])
    models = models_table(systems)
    gap = systems[1].point("jaccard") - systems[0].point("jaccard")
    preferred = max(systems, key=lambda system: system.validation)
    gap = gap if preferred is systems[0] else -gap
    models = models.set_index("command")
    (other,) = (system for system in systems if system is not preferred)
    assert pd.isna(models.loc[preferred.command, "difference"])
    assert models.loc[other.command, "difference"] == pytest.approx(gap)
    assert models.loc[other.command, "difference_low"] <= gap <= models.loc[other.command, "difference_high"]


def test_the_best_of_each_genre(make_run, systems_of) -> None:
    systems, _ = systems_of(make_run("a_0123456789"), make_run("b_0123456789", "model=probe", seed=1))
    table = genres_table(systems, systems).set_index("genre")
    assert table["training films"].is_monotonic_decreasing
    for system in systems:
        per_genre = system.runs[0].scores.per_genre.set_index("genre")["f1"]
        assert table[system.model].to_dict() == pytest.approx(per_genre.to_dict())
    assert (table["best"] == table[["tiny", "probe"]].max(axis=1)).all()
    assert table.loc["Drama", "of"] in {system.command for system in systems}


def test_an_f1_that_no_resample_moves_has_no_interval(make_run, systems_of) -> None:
    (system,), _ = systems_of(make_run("a_0123456789"))
    system.genre_values[:] = 1.0
    assert genres_table([system], [system])[["best_low", "best_high"]].isna().all(axis=None)


def test_published_figures_stand_beside_ours(make_run, systems_of) -> None:
    systems, _ = systems_of(make_run("a_0123456789"))
    table = published_table(systems).set_index("system")
    assert table.iloc[0]["Jaccard"] == systems[0].point("jaccard")
    assert table.loc["DistilBERT, BCE (published)", ["Jaccard", "at least two"]].tolist() == [0.42, 0.25]


def test_the_document(make_run, systems_of, tmp_path) -> None:
    runs = [make_run("a_0123456789"), make_run("b_0123456789", "loss=focal", seed=1, thresholds=(0.9,))]
    failed = make_run("c_0123456789", "loss=zlpr")
    failed.status_file.write_text('{"state": "failed", "error": "no space left"}')
    systems_of(*runs)  # gives them costs
    file = tmp_path / "RESULTS.md"
    cfg = compose("results", [f"runs=[{runs[0].path.parent}]", f"output={file}", "report.resamples=100", "latex=true"])
    systems, output = write_results_document(cfg)
    assert (len(systems), output) == (2, file)
    text = file.read_text()
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)  # what is published says nothing of invented films
    assert headings == [
        "The best of each model",
        "Genres",
        "What helps, what does not, and at which cost",
        "All systems",
        "Left out",
    ]
    assert "| train.py model=tiny trainer=smoke loss=focal data.batch_size=16 | " in text
    assert re.search(r"^\| loss \| train.py .* \| (no difference shown|.*(better|worse)) \|$", text, re.MULTILINE)
    assert "1 run: no space left" in text
    assert str(tmp_path) not in text
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):  # every row has as many cells as its head
        assert len({line.count("|") - line.count("\\|") for line in block.splitlines()}) == 1
    paper = file.with_suffix(".tex").read_text()
    assert re.findall(r"label\{(.*)\}", paper) == ["tab:models", "tab:systems", "tab:changes"]
    for row in re.findall(r"^train\.py .*$", paper, re.MULTILINE):
        assert row.count(" & ") in (3, 4)
    again = write_results_document(cfg)[1].read_text()
    assert again == text


def test_a_single_run_has_no_effects(make_run, systems_of, tmp_path) -> None:
    run = make_run("a_0123456789")
    systems_of(run)
    cfg = compose("results", [f"runs=[{run.path}]", f"output={tmp_path}/R.md", "report.resamples=40"])
    assert "What helps" not in write_results_document(cfg)[1].read_text()


def test_what_a_seed_changes_is_measured_where_there_are_several(make_run, systems_of, tmp_path) -> None:
    runs = [
        make_run("a_0123456789"),
        make_run("b_0123456789", "seed=2", seed=1),
        make_run("c_0123456789", "loss=focal", seed=2),
    ]
    for number, run in enumerate(runs):
        run.metrics_file.write_text(json.dumps(run.metrics() | {"test/jaccard": (0.50, 0.52, 0.6)[number]}))
    systems_of(*runs)
    folders = ",".join(str(run.path) for run in runs)
    cfg = compose("results", [f"runs=[{folders}]", f"output={tmp_path}/R.md", "report.resamples=40"])
    limit = 1.96 * 2**0.5 * 0.02 / 2**0.5  # the deviation of two runs is their distance by the root of two
    assert f"Jaccard differences below {limit:.3f} may be the seed's" in write_results_document(cfg)[1].read_text()
    cfg.runs = [str(run.path) for run in runs[1:]]
    assert "no system here has several" in write_results_document(cfg)[1].read_text()


def test_nothing_to_write_is_told(tmp_path) -> None:
    with pytest.raises(UserError, match="no such folder"):
        write_results_document(compose("results", [f"runs=[{tmp_path}/none]", f"output={tmp_path}/R.md"]))


def test_the_reading_says_what_the_tables_say(make_run, systems_of) -> None:
    runs = [
        make_run("a_0123456789", "loss=bce", films=200, thresholds=(0.4,)),
        make_run("b_0123456789", "loss=focal", films=200, thresholds=(0.01,)),
        make_run("c_0123456789", "loss=bce", "model=probe", films=200, seed=3, thresholds=(0.4,)),
    ]
    systems, _ = systems_of(*runs)
    changes = effects(systems)
    lines = reading(best_of_each_model(systems), changes).splitlines()
    preferred = max(systems, key=lambda system: system.validation)
    assert lines[0].startswith(
        f"- Validation films prefer `{preferred.command}`: Jaccard {preferred.point('jaccard'):.3f} ("
    )
    assert sum("from that" in line for line in lines) == 1
    (worse,) = (line for line in lines if line.startswith("- Worse in a score, and better in none"))
    assert "loss=focal" in worse
    assert "Jaccard worse" in worse
    told = sum(effect.verdict == "no difference shown" for effect in changes)
    assert lines[-1] == f"- {told} of {len(changes)} single changes show no difference on these test films."
