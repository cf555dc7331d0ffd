"""What the loggers of all trackers have in common: of what is logged, the curves that are worth it."""

from collections.abc import Mapping

from pytorch_lightning.loggers import Logger
from pytorch_lightning.utilities import rank_zero_only

from genre.config import RunConfig
from genre.runs.folder import RunFolder
from genre.runs.history import read_history_rows
from genre.tracking.content import curves_in


class CurvesLogger(Logger):
    """Stands before a logger of Lightning's in the bases of a class that sets `_folder` and `_cfg`, of its run."""

    _folder: RunFolder
    _cfg: RunConfig
    _last_step = 0

    @rank_zero_only
    def log_metrics(self, metrics: Mapping[str, float], step: int | None = None) -> None:
        """Log what is worth a curve."""
        curves = curves_in(dict(metrics), self._cfg.metric)
        if curves:
            self._last_step = step or 0
            super().log_metrics(curves, step)  # type: ignore[safe-super]

    def log_history(self) -> None:
        """Log the curves of a finished run."""
        for row in read_history_rows(self._folder):
            self.log_metrics(row, int(row.pop("step")))
