"""What every script does around its task: compose, validate, run, and end with one clear line when it cannot."""

import functools
import gc
import importlib
import io
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig

from genre.cli.help import help_text
from genre.config.compose import register, typed
from genre.config.explain import explaining
from genre.config.overrides import taken_as_typed
from genre.config.packages import import_packages
from genre.console import QUIET
from genre.errors import Outcome, UserError, ctrl_c_as_such, report_error
from genre.paths import CONF_DIR

_OBJECTS = 50_000  # new ones between two searches for garbage; imports make many and throw nothing away


def entry_point(config_name: str, plugins: str | None = None) -> Callable[[Callable[[Any], None]], Callable[[], None]]:
    """Make a script's `main(cfg)` a command that reads conf/`config_name`.yaml and the command line.

    The exit code is 0, or 2 when a person can mend what went wrong (one line, no traceback unless GENRE_DEBUG=1 or
    hydra.verbose), or 1 for a fault of the program (with its traceback), or 130 after Ctrl-C.

    Args:
        config_name: of the contents page.
        plugins: module to import for its Hydra plugins.
    """

    def decorate(task: Callable[[Any], None]) -> Callable[[], None]:
        def main() -> None:
            gc.set_threshold(_OBJECTS)
            _print_what_can_be_printed()
            if {"-h", "--help"} & set(sys.argv[1:]):
                print(help_text(config_name, str(task.__globals__["__doc__"])))
                return
            os.environ["HYDRA_FULL_ERROR"] = "1"  # Hydra then raises its errors, and they are explained here
            if plugins:
                importlib.import_module(plugins)
            outcomes: list[Outcome] = []

            @functools.wraps(task)
            def job(cfg: DictConfig) -> Outcome:
                outcome: Outcome = {"exit_code": 0, "error": ""}
                _print_what_can_be_printed()
                try:
                    _require_several(HydraConfig.get().runtime.choices)
                    with ctrl_c_as_such():
                        task(typed(cfg))
                except Exception as error:
                    outcome = report_error(error, " ".join(HydraConfig.get().overrides.task) if sweeping() else "")
                outcomes.append(outcome)  # of this process
                return outcome  # to the launcher, which may have started another one

            try:
                flags, overrides = taken_as_typed(sys.argv[1:], config_name)
                sys.argv[1:] = [*flags, *overrides, *_levels(overrides)]
                import_packages(overrides)
                register()
                with explaining(config_name, overrides):
                    hydra.main(version_base="1.3", config_path=str(CONF_DIR), config_name=config_name)(job)()
            except KeyboardInterrupt:
                print("interrupted", file=sys.stderr)
                sys.exit(130)
            except Exception as error:
                outcomes.append(report_error(error))
            exit_codes = {outcome["exit_code"] for outcome in outcomes}
            if exit_codes - {0}:
                sys.exit(1 if 1 in exit_codes else 2)

        return main

    return decorate


def _levels(overrides: list[str]) -> list[str]:
    """What `verbose=...` means to Hydra, which sets the levels of logging, also in the processes of a sweep's jobs."""
    chosen = next((item for item in reversed(overrides) if item.startswith("verbose=")), "")
    loggings = ("hydra.hydra_logging", "hydra.job_logging")
    levels = {"verbose=0": [f"{name}.root.level={QUIET}" for name in loggings], "verbose=2": ["hydra.verbose=true"]}
    return levels.get(chosen, [])


def _print_what_can_be_printed() -> None:
    """Put a ? for a character that a terminal, pipe or batch log does not know: it must not end a finished training."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _require_several(choices: Mapping[str, str | None]) -> None:
    """Refuse a sweep that would be a single run with the default settings."""
    chosen = choices.get("sweep")
    if chosen is not None and chosen != "null" and not sweeping():
        raise UserError(f"sweep={chosen}: is for several runs, which -m asks for: put -m before it")


def sweeping() -> bool:
    """Whether this is a job of a sweep."""
    return HydraConfig.initialized() and HydraConfig.get().mode == RunMode.MULTIRUN
