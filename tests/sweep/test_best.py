"""What a search has found, as an experiment."""

from dataclasses import asdict
from pathlib import Path

import yaml

from genre.config import compose
from genre.runs import RunFolder, essential_settings, flatten
from genre.sweep.best import best_yaml
from genre.sweep.job import Job


def test_the_best_settings_are_spelled_out(tmp_path: Path) -> None:
    overrides = ["data=imdb", "experiment=published/focal", "loss.gamma=1.234", "optimizer.learning_rate=3e-05"]
    cfg = compose("train", [*overrides, "trainer.stop_below=[0.1,0.2]"])
    run = RunFolder(tmp_path / "a_0123456789")
    run.path.mkdir()
    run.config_file.write_text(yaml.safe_dump(asdict(cfg)))
    content = yaml.safe_load(best_yaml(Job(0, overrides, [], [run.path], cfg, ""), "the best"))
    defaults = content.pop("defaults")
    groups = [f"{key.removeprefix('override /')}={value}" for entry in defaults for key, value in entry.items()]
    assert not any(group.startswith("experiment=") for group in groups)
    values = [f"{key}={value}" for key, value in flatten(content).items()]
    assert not any(value.startswith("trainer.stop_below") for value in values)
    again = compose("train", [*groups, *values])
    assert essential_settings(again) == essential_settings(compose("train", overrides))
