"""What a run was made with: versions, hardware, code revision."""

import platform
import subprocess
from dataclasses import asdict
from importlib import metadata
from typing import Any

from genre.config.overrides import typed_command
from genre.machine import Machine
from genre.paths import INSTALLED, PROJECT_ROOT

_PACKAGES = ("torch", "pytorch-lightning", "transformers", "torchmetrics", "hydra-core", "omegaconf", "pandas", "numpy")


def environment(machine: Machine) -> dict[str, Any]:
    """Versions, hardware and git revision of this process, and the command, which is empty in a notebook."""
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {package: metadata.version(package) for package in _PACKAGES},
        "genre": metadata.version("genre"),
        "git_revision": _git("rev-parse", "HEAD"),
        "git_changed_files": len(_git("status", "--porcelain", "--untracked-files=no").splitlines()),
        **asdict(machine),
        "command": typed_command(),
    }


def _git(*arguments: str) -> str:
    """Output of a git command, empty where there is no git or no repository of this project."""
    if INSTALLED:
        return ""
    try:
        done = subprocess.run(["git", *arguments], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()
