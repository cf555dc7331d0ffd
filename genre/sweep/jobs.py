"""From the command line to jobs, each one checked before the first begins."""

from typing import Any

from hydra.core.hydra_config import HydraConfig
from hydra.types import HydraContext
from omegaconf import DictConfig, open_dict, read_write

from genre.config.compose import typed
from genre.config.explain import explaining
from genre.errors import UserError
from genre.sweep.job import Job


class JobMaker:
    """Composes and checks jobs as their processes will.

    Attributes:
        fingerprints: of the films, by the settings they are made with; made once for all jobs.
    """

    def __init__(self, hydra_context: HydraContext, master: DictConfig) -> None:
        self.hydra_context, self.master = hydra_context, master
        self.fingerprints: dict[str, str] = {}

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
        from genre.tracking import RunFolder, essential_settings
        from genre.training import check, each_seed

        try:
            with explaining(str(self.master.hydra.job.config_name), overrides):
                composed = self.hydra_context.config_loader.load_sweep_config(self.master, overrides)
            HydraConfig.instance().set_config(composed)  # the names of runs tell its overrides
            with read_write(composed), open_dict(composed):
                del composed["hydra"]
            cfg = typed(composed)
            check(cfg)
            fingerprint = self._fingerprint(cfg)
        except UserError as error:
            raise UserError(f"{error} [job {number}: {' '.join(own)}]" if own else str(error)) from error
        folders = [RunFolder.of(settings, fingerprint).path for settings in each_seed(cfg)]
        return Job(number, overrides, own, folders, essential_settings(cfg), fingerprint)

    def _fingerprint(self, cfg: Any) -> str:
        from genre.data.prepare import clean_file
        from genre.files import file_sha256

        key = repr(cfg.data)
        if key not in self.fingerprints:
            self.fingerprints[key] = file_sha256(clean_file(cfg.data))
        return self.fingerprints[key]
