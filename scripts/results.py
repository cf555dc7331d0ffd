"""Write RESULTS.md from run folders: all systems with intervals and costs, and what each change of them does.

Examples:
  python scripts/results.py
  python scripts/results.py 'runs=[outputs/sweeps/ID]' output=FILE
  python scripts/results.py latex=true                  and RESULTS.tex, for a paper
"""

from genre.cli import entry_point
from genre.config import ResultsConfig


@entry_point("results")
def main(cfg: ResultsConfig) -> None:
    # heavy imports: only when there is something to write
    from genre.report.document import counted
    from genre.report.results import write_results_document

    systems, output = write_results_document(cfg)
    runs = sum(len(system.runs) for system in systems)
    told = f"{counted(runs, 'run')} of {counted(len(systems), 'system')}"
    print(f"{output}: {told}; validation films prefer {systems[0].command}")


if __name__ == "__main__":
    main()
