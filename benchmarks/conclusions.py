"""Whether what four commands conclude is true, by computations of their own from what runs and films are.

python benchmarks/forty_runs.py FOLDER
python benchmarks/conclusions.py FOLDER [COMMAND ...]

- compare: of the runs in FOLDER, each sweep by itself, and all against the first baseline, every sentence, every title
  of a picture and every number of runs.csv, seeds.csv and genres.csv
- results: RESULTS.md and its tables for a paper
- evaluate: the console and the page of some of the runs, beside others
- explore: the reports of the sample before and after cleaning, and of a copy whose cells and files leave things open

All is computed anew with numpy, pandas and scikit-learn from predictions.parquet, thresholds.json, config.yaml,
histories and raw files, without a line of the package; whether a command that is told trains just that system, the
command itself is asked. Prints what it could not confirm and, for each command, how much it could. What is told of
random resamples is held against others: p and ends of intervals may differ by four standard errors of resampling; those
of `compare`, by 0.05 and 0.015.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from truths.compare import check
from truths.documents import SCRIPTS
from truths.evaluate import check_evaluate
from truths.explore import check_explore
from truths.raw import RAW, damage
from truths.results import check_results
from truths.truth import Checks

EVALUATED = {  # and what stands beside it
    "model-probe_loss-focal_[!l]*": ["baseline-logreg_features-tfidf*", "model-tiny_trainer-smoke_loss-bce*"],
    "baseline-linear_svm_features-bow*": ["model-probe_decision-fixed*"],
    "model-probe_decision-global*": [],
    "model-tiny_trainer.max_epochs-4*seed-5*": [],
    "model-tiny_trainer-smoke_loss-bce*": [],
}
UNKNOWN = {"model-probe*loss-focal*": ["baseline*"], "baseline*": []}


def compare(checks: Checks, outputs: Path, folder: Path) -> None:
    """All runs, each sweep, and all against a baseline."""
    against = str(min((outputs / "runs").glob("*baseline*")))
    sweeps = sorted((outputs / "sweeps").iterdir())
    places = {"all": f"{outputs}/runs", **{f"sweep_{place}": str(sweep) for place, sweep in enumerate(sweeps)}}
    for name, runs in places.items():
        check(checks, compared(outputs, folder / name, runs, None), None)
    check(checks, compared(outputs, folder / "against", f"{outputs}/runs", against), against)


def compared(outputs: Path, output: Path, runs: str, against: str | None) -> Path:
    """Run the command."""
    overrides = [f"runs=[{runs}]", f"output={output}", f"paths.outputs={outputs}"]
    overrides += [f"against={against}"] if against else []
    subprocess.run([sys.executable, str(SCRIPTS / "compare.py"), *overrides], check=True, stdout=subprocess.DEVNULL)
    return output


def results(checks: Checks, outputs: Path, folder: Path) -> None:
    """Of films of which all is known, and of others."""
    check_results(checks, outputs, folder / "known")
    check_results(checks, outputs / "unknown", folder / "unknown")


def evaluate(checks: Checks, outputs: Path, folder: Path) -> None:
    """Copies of some runs."""
    for place, chosen in ((outputs, EVALUATED), (outputs / "unknown", UNKNOWN)):
        for run, beside in chosen.items():
            found = [min((place / "runs").glob(name)) for name in (run, *beside)]
            check_evaluate(checks, found[0], found[1:], folder / "runs")


def explore(checks: Checks, outputs: Path, folder: Path) -> None:
    """The sample, and the copy of it."""
    damaged = damage(folder / "damaged")
    for name, raw, own in (("sample", RAW, outputs), ("damaged", damaged, folder / "outputs")):
        for which in ("clean", "raw"):
            check_explore(checks, which, raw, own, folder / f"{name}_{which}")


COMMANDS: dict[str, Callable[[Checks, Path, Path], None]] = {
    "compare": compare,
    "results": results,
    "evaluate": evaluate,
    "explore": explore,
}


def main() -> None:
    """Print what is false, and counts."""
    outputs = Path(sys.argv[1]).resolve()
    totals = []
    for name in sys.argv[2:] or COMMANDS:
        checks, folder = Checks(), outputs / "conclusions" / name
        folder.mkdir(parents=True, exist_ok=True)
        COMMANDS[name](checks, outputs, folder)
        for line in checks.false:
            print(f"not confirmed: {name}, {line}", flush=True)
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(checks.counts.items()))
        totals.append(f"{name}: {sum(checks.counts.values())} statements, {len(checks.false)} not confirmed ({kinds})")
    print("\n".join(totals))


if __name__ == "__main__":
    main()
