"""The command `genre`: each of the scripts by its name."""

import ast
import difflib
import runpy
import sys

from genre.paths import SCRIPTS

_SWEEP = "sweep"  # train -m
# as work goes; others follow
_ORDER = (
    *("download", "prepare", "explore", "doctor", "train", "sweep", "baseline", "evaluate", "compare", "shift"),
    *("ensemble", "results", "dashboard", "predict", "explain", "export", "serve"),
)


def main() -> None:
    """Run the script that the first argument names; what it prints and returns are its own."""
    names = sorted(file.stem for file in SCRIPTS.glob("*.py"))
    name, *arguments = sys.argv[1:] or ["--help"]
    if name in ("-h", "--help"):
        print(_help(names))
        return
    if name == _SWEEP:
        name, arguments = "train", ["-m", *arguments]
    if name not in names:
        known = sorted([*names, _SWEEP])
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        meant = f"did you mean '{near[0]}'? " if near else ""
        print(f"error: genre {name}: no such command; {meant}(there are: {', '.join(known)})", file=sys.stderr)
        sys.exit(2)
    sys.argv = [str(SCRIPTS / f"{name}.py"), *arguments]
    runpy.run_path(sys.argv[0], run_name="__main__")


def _help(names: list[str]) -> str:
    """The commands, each with the first line of its own help."""
    lines = ["Usage: genre COMMAND [SETTING=VALUE ...]; genre COMMAND --help tells its settings.", "", "Commands:"]
    told = {_SWEEP: "Train many models: every combination of settings, or a search; the same as train -m."}
    for name in names:
        docstring = ast.get_docstring(ast.parse((SCRIPTS / f"{name}.py").read_text(encoding="utf-8")))
        told[name] = str(docstring).splitlines()[0]
    told = {name: told[name] for name in [*_ORDER, *sorted(told.keys() - set(_ORDER))]}
    lines += [f"  {name:<{max(map(len, told))}}  {line}" for name, line in told.items()]
    return "\n".join(lines)
