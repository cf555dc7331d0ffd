"""Predict the genres of one description, or of all rows of a file, with a finished run or an exported model.

Examples:
  python scripts/predict.py text="A retired safe-cracker is talked into one last job."          the newest finished run
  python scripts/predict.py run=outputs/runs/NAME input=films.csv output=predicted.csv
  python scripts/predict.py run=outputs/runs/NAME input=films.parquet output=predicted.jsonl probabilities=true
  python scripts/predict.py input=films.parquet output=predicted.parquet engine=ray
  cat descriptions.txt | python scripts/predict.py input=- output=- > predicted.csv
"""

import sys
from contextlib import nullcontext
from pathlib import Path

from genre.cli import entry_point
from genre.config import PredictConfig


@entry_point("predict")
def main(cfg: PredictConfig) -> None:
    # heavy imports: only when there is something to predict
    from genre.use import load, newest_run
    from genre.use.on_ray import probabilities_on_ray
    from genre.use.predict import predict_file, predict_text, told

    folder = cfg.run or newest_run(Path(cfg.paths.outputs))
    if cfg.run is None:
        print(f"Run: {folder}, the newest finished one", file=sys.stderr)
    model = load(folder)
    if cfg.text is not None:
        print(told(model, predict_text(model, cfg.text, cfg.title)))
    elif cfg.input is not None and cfg.output is not None:
        ray = probabilities_on_ray(model, cfg.input, cfg.address, cfg.code) if cfg.engine == "ray" else nullcontext()
        with ray as elsewhere:
            done = predict_file(model, cfg.input, cfg.output, probabilities=cfg.probabilities, elsewhere=elsewhere)
        print(f"{done} written to {cfg.output}", file=sys.stderr if cfg.output == "-" else sys.stdout)


if __name__ == "__main__":
    main()
