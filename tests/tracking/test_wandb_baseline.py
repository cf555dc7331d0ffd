"""A classical baseline in W&B: no epochs, and a model that is a folder."""

from pathlib import Path

from genre.config import compose
from genre.training import train_baseline


def test_a_baseline_is_recorded_like_any_run(sample_products: Path, tmp_path: Path, offline_runs) -> None:
    overrides = ["data.size=200", "baseline.C=[1]", "features.tokens=words", "report.resamples=50"]
    logger = ["logger.mode=offline", "logger.checkpoint=true"]
    places = [f"data.dir={sample_products}", f"paths.outputs={tmp_path}"]
    run = train_baseline(compose("baseline", [*overrides, *logger, *places]))
    (record,) = offline_runs(run)
    assert record.run["job_type"] == "logreg"
    summary = record.summary["summary"]
    assert summary["test/jaccard"] == run.metrics()["test/jaccard"]
    assert not [name for name in summary if name.startswith("best/")]
    (artifact,) = [artifact for artifact in record.records["artifact"] if artifact["type"] == "model"]
    files = {entry["path"] for entry in artifact["manifest"]["contents"]}
    assert files == {path.name for path in run.architecture.iterdir()}
