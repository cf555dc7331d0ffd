"""The lock file holds the versions that are tested, and hashes for each."""

import re

from genre.paths import PROJECT_ROOT

ENTRY = re.compile(r"(?m)^(\S+)==(\S+).*\\\n(?: +--hash=sha256:[0-9a-f]{64}.*\n?)+")


def test_the_lock_has_the_versions_of_the_constraints_and_hashes() -> None:
    constraints, lock = ((PROJECT_ROOT / name).read_text() for name in ("constraints.txt", "requirements.lock"))
    tested = {
        name.lower().replace("_", "-"): version for name, version in re.findall(r"(?m)^(\S+)==(\S+)", constraints)
    }
    locked = dict(ENTRY.findall(lock))
    assert len(locked) == len(re.findall(r"(?m)^\S+==", lock))
    assert {"torch", "transformers", "wandb", "hydra-core", "pytorch-lightning"} <= locked.keys()
    assert {name: tested.get(name, version) for name, version in locked.items()} == locked
