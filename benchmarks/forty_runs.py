"""Makes some forty different runs on the sample in minutes, finished, failed and cut off, for `conclusions.py`.

python benchmarks/forty_runs.py OUTPUTS_FOLDER

Losses with seeds, alpha x gamma, sizes, baselines, decisions, oversampling, another text, a tiny network that learns
next to nothing, several seeds of it, a job that fails, a run that was killed and one that was killed and went on. In
OUTPUTS_FOLDER/unknown three more, of films of which not all genres are known.
"""

import signal
import subprocess
import sys
import time
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
QUICK = ["logger=csv", "report.resamples=200", "report.plots=false", "trainer.progress_bar=false"]
PROBE = ["-m", "model=probe", *QUICK]
TINY = ["model=tiny", "trainer=smoke", *QUICK]
COMMANDS = [
    ("train", [*PROBE, "loss=bce,log_weighted_bce,focal,class_balanced_focal", "seed=1,2,3"]),
    ("train", [*PROBE, "loss=focal", "loss.alpha=0.25,0.75", "loss.gamma=1,3"]),
    ("train", [*PROBE, "data.size=0.1,0.25,0.5,0.75"]),
    ("train", [*PROBE, "decision=fixed,global"]),
    ("train", [*PROBE, "oversample=ml_ros,lp_ros", "seed=1,2"]),
    ("train", [*PROBE, "data.text=[title,description]", "seed=1,2"]),
    ("baseline", ["-m", "baseline=logreg,linear_svm", "features=tfidf,bow", "logger=csv", "report.resamples=200"]),
    ("train", [*TINY, "-m", "loss=bce,focal"]),
    ("train", [*TINY, "seeds=3", "seed=11"]),
    ("train", [*TINY, "-m", "data.max_tokens=32,100000"]),
]
# few files are taken for whole, so that what full cells leave open is unknown, and predictions are scored in three ways
UNKNOWN = ["data.whole_files=[Drama,Western,Thriller]"]
COMMANDS_OF_UNKNOWN = [
    ("train", [*PROBE, *UNKNOWN, "loss=bce,focal"]),
    ("baseline", [*UNKNOWN, "logger=csv", "report.resamples=200"]),
]


def run(script: str, overrides: list[str]) -> None:
    """Run a command to its end, however that is."""
    subprocess.run([sys.executable, str(SCRIPTS / f"{script}.py"), *overrides], stdout=subprocess.DEVNULL)


def cut_off(overrides: list[str], outputs: Path) -> None:
    """Start a training and kill it once its first epoch is done."""
    before = set(outputs.glob("runs/*"))
    process = subprocess.Popen([sys.executable, str(SCRIPTS / "train.py"), *overrides], stdout=subprocess.DEVNULL)
    while process.poll() is None:
        new = set(outputs.glob("runs/*")) - before
        if any((folder / "checkpoints" / "last.ckpt").is_file() for folder in new):
            process.send_signal(signal.SIGKILL)
        time.sleep(0.1)


def main() -> None:
    """Make them all, one after the other."""
    outputs = Path(sys.argv[1])
    place = f"paths.outputs={outputs}"
    for script, overrides in COMMANDS:
        run(script, [*overrides, place])
    for script, overrides in COMMANDS_OF_UNKNOWN:
        run(script, [*overrides, f"{place}/unknown"])
    resumed = ["model=tiny", "trainer.max_epochs=4", "trainer.patience=4", "seed=5", *QUICK, place]
    cut_off(resumed, outputs)
    run("train", resumed)
    cut_off([*resumed, "seed=6"], outputs)


if __name__ == "__main__":
    main()
