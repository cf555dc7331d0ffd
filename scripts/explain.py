"""Show which words of a text speak for each genre that a finished model predicts, and which against it.

Examples:
  python scripts/explain.py text="A retired safe-cracker is talked into one last job."          the newest finished run
  python scripts/explain.py run=outputs/runs/NAME text="..." labels=[Crime,Comedy]
  python scripts/explain.py run=outputs/runs/NAME text="..." method=occlusion                    a cross-check
  python scripts/explain.py run=outputs/runs/NAME input=films.csv output=explained.html
"""

import sys
from pathlib import Path

from genre.cli import entry_point
from genre.config import ExplainConfig


@entry_point("explain")
def main(cfg: ExplainConfig) -> None:
    # heavy imports: only when there is something to explain
    from genre.report.explain import explained_page, print_explanation
    from genre.use import load, newest_run
    from genre.use.explain import explain
    from genre.use.explain.files import explain_file
    from genre.use.predict import one_row

    folder = cfg.run or newest_run(Path(cfg.paths.outputs))
    if cfg.run is None:
        print(f"Run: {folder}, the newest finished one", file=sys.stderr)
    model = load(folder)
    if cfg.text is not None:
        print_explanation(explain(model, one_row(model, cfg.text, cfg.title), cfg.labels, cfg.method))
    elif cfg.input is not None and cfg.output is not None:
        file = explain_file(model, cfg.input, cfg.output, cfg.labels, cfg.method, explained_page)
        print(f"Explained: {file}")


if __name__ == "__main__":
    main()
