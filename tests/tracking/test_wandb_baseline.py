"""A classical baseline in W&B: no epochs, and a model that is a folder."""

from pathlib import Path

from genre.config import compose
from genre.training import train_baseline
from tests.tracking.offline import offline_runs


def test_a_baseline_is_recorded_like_any_run(sample_products: Path, tmp_path: Path) -> None:
    overrides = ["data.size=200", "baseline.C=[1]", "features.tokens=words", "report.resamples=50"]
    logger = ["logger.wandb.mode=offline", "logger.wandb.checkpoint=true"]
    places = [f"data.dir={sample_products}", f"paths.outputs={tmp_path}"]
    run = train_baseline(compose("baseline", [*overrides, *logger, *places]))
    (read,) = offline_runs(run.path)
    assert read.run.job_type == "baseline"
    named = {
        "baseline.name": "logreg",
        "features.name": "tfidf",
        "data.name": "sample",
        "films.train": 200,
        "data.size": 200,
    }
    assert {key: read.settings[key] for key in named} == named
    assert read.settings["parameters"] > 1000
    assert read.summary["test/jaccard"] == run.metrics()["test/jaccard"]
    assert read.summary["chosen/C"] == 1
    assert "best/epoch" not in read.summary
    (artifact,) = [artifact for artifact in read.records["artifact"] if artifact.type == "model"]
    assert {entry.path for entry in artifact.manifest.contents} == {path.name for path in run.architecture.iterdir()}
