"""The same sweep through every launcher that runs on one machine."""

import pytest

from tests.sweep.conftest import SweepRunner
from tests.sweep.test_failures import results


@pytest.mark.slow
@pytest.mark.parametrize("launcher", ["parallel", "slurm_local", "ray"])
def test_every_launcher_gives_the_same_results(sweeps: SweepRunner, sample_products, launcher: str) -> None:
    package = {"parallel": "hydra_plugins.hydra_joblib_launcher", "ray": "ray"}
    pytest.importorskip(package.get(launcher, "hydra_plugins.hydra_submitit_launcher"))
    here = SweepRunner(sweeps.outputs / "here", sample_products)
    assert here.run("loss=bce,focal").returncode == 0
    done = sweeps.run("loss=bce,focal", f"hydra/launcher={launcher}")
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr
    assert sweeps.states() == ["completed", "completed"]
    assert results(sweeps.outputs) == results(here.outputs)


@pytest.mark.slow
def test_a_job_that_is_killed_on_ray_fails_alone(sweeps: SweepRunner) -> None:
    pytest.importorskip("ray")
    done = sweeps.run("seed=1,2,3", "hydra/launcher=ray", faults="2:killed 3:exception")
    assert done.returncode == 1
    assert sweeps.states() == ["completed", "failed", "failed"]
    killed, broken = (sweeps.record()["jobs"][number]["error"] for number in (1, 2))
    assert "the job's process was killed" in killed
    assert broken == "RuntimeError: something broke"


def test_an_address_where_no_ray_answers_is_named(sweeps: SweepRunner) -> None:
    pytest.importorskip("ray")
    done = sweeps.run("seed=1,2", "hydra/launcher=ray", "hydra.launcher.address=127.0.0.1:1")
    assert done.returncode == 2
    assert "error: hydra.launcher.address=127.0.0.1:1: no Ray answers there" in done.stderr
