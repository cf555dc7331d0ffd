"""A training that is cut off and started again."""

import json
from pathlib import Path

import pytest

from genre.config import TrainConfig
from genre.models import GenreClassifier
from genre.runs import RunFolder
from genre.training import train


def cut_off_and_resumed(cfg: TrainConfig, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    """The run that Ctrl-C ended before its second epoch, and that was then started again; alone in its outputs."""
    starts: list[int] = []
    start = GenreClassifier.on_train_epoch_start

    def interrupting(self: GenreClassifier) -> None:
        starts.append(self.current_epoch)
        if starts == [0, 1]:
            raise KeyboardInterrupt
        start(self)

    with monkeypatch.context() as patch:
        patch.setattr(GenreClassifier, "on_train_epoch_start", interrupting)
        with pytest.raises(KeyboardInterrupt):
            train(cfg)
        (status,) = Path(cfg.paths.outputs).glob("runs/*/status.json")
        assert json.loads(status.read_text())["state"] == "interrupted"
        resumed = train(cfg)
    assert starts == [0, 1, *range(1, cfg.trainer.max_epochs)]
    return resumed
