"""From the command line to jobs, each one checked before the first begins."""

from typing import TYPE_CHECKING

from hydra.core.hydra_config import HydraConfig
from hydra.types import HydraContext
from omegaconf import DictConfig, open_dict, read_write

from genre.config import RunConfig
from genre.config.compose import typed
from genre.config.explain import explaining
from genre.errors import UserError
from genre.sweep.job import Job

if TYPE_CHECKING:
    from genre.data.sources import Source


class JobMaker:
    """Composes and checks jobs as their processes will.

    Attributes:
        sources: of the films, by the settings they are made with; prepared once for all jobs.
    """

    def __init__(self, hydra_context: HydraContext, master: DictConfig) -> None:
        self.hydra_context, self.master = hydra_context, master
        self.sources: dict[str, Source] = {}

    def job(self, number: int, overrides: list[str], own: list[str]) -> Job:
        """A job.

        Args:
            number: of the job.
            overrides: all of them.
            own: those that other jobs of the sweep do not have.

        Raises:
            UserError: naming the job, when it cannot be: an unknown key, a value out of range, data that are missing.
        """
        # seconds to import, which a misspelt key on the command line need not wait for
        from genre.runs import RunFolder, essential_settings
        from genre.training import check, check_reference, each_seed

        try:
            with explaining(str(self.master.hydra.job.config_name), overrides):
                composed = self.hydra_context.config_loader.load_sweep_config(self.master, overrides)
            HydraConfig.instance().set_config(composed)  # the names of runs tell its overrides
            with read_write(composed), open_dict(composed):
                del composed["hydra"]
            cfg = typed(composed)
            check(cfg)
            source = self._source(cfg)
            check_reference(cfg, source.label_names)
        except UserError as error:
            raise UserError(f"{error} [job {number}: {' '.join(own)}]" if own else str(error)) from error
        folders = [RunFolder.of(settings, source.fingerprint).path for settings in each_seed(cfg)]
        return Job(number, overrides, own, folders, essential_settings(cfg), source.fingerprint)

    def _source(self, cfg: RunConfig) -> "Source":
        from genre.data.sources import prepared

        key = repr(cfg.data)
        if key not in self.sources:
            self.sources[key] = prepared(cfg.data)
        return self.sources[key]
