"""Ask a finished run or an exported model in a browser: a page on this machine, and JSON for programs.

Examples:
  python scripts/serve.py                                                     the newest finished run
  python scripts/serve.py run=outputs/runs/NAME port=8000
  python scripts/serve.py run=outputs/runs/NAME beside=outputs/runs/OTHER     two models, one text
  curl localhost:7860/api/predict --json '{"text": "A sheriff comes out of retirement."}'
"""

from genre.cli import entry_point
from genre.config import ServeConfig


@entry_point("serve")
def main(cfg: ServeConfig) -> None:
    # heavy imports: only when there is something to serve
    from genre.report.colours import THEME
    from genre.use.serve import serve

    serve(cfg, THEME)


if __name__ == "__main__":
    main()
