"""Ray, for as long as something runs on it."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from genre.errors import UserError
from genre.extras import extra


@contextmanager
def ray_for(feature: str, address: str | None, setting: str) -> Iterator[None]:
    """Have Ray in this block: its own on this machine, or a cluster, whose nodes need this package and the same paths.

    Args:
        feature: what needs it, as a person asks for it.
        address: of a cluster, as `ray.init` takes it; None starts Ray on this machine.
        setting: that holds the address.

    Raises:
        UserError: without Ray, or an answer from the cluster.
    """
    with extra("ray", feature):
        import ray
    os.environ["RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO"] = "0"  # what has no GPU of its own sees those there are
    os.environ.setdefault("RAY_worker_niceness", "0")  # Ray's 15 makes jobs wait for everything else here
    try:
        _knock(address)
        ray.init(address, include_dashboard=False if address is None else None)
    except OSError as error:
        raise UserError(f"{setting}={address}: no Ray answers there") from error
    try:
        yield
    finally:
        ray.shutdown()


def _knock(address: str | None) -> None:
    """Raise OSError where an address that names a port is deaf: Ray itself may try for minutes."""
    host, _, port = (address or "").rpartition("://")[2].rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host, int(port)), timeout=10).close()
