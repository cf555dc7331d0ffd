"""What a model card says in words."""

import shlex
from pathlib import Path

from genre.config import DataConfig, ImdbConfig, TableConfig, TrainConfig
from genre.config.schema import ConformalConfig, FixedConfig, GlobalConfig, NoCalibrationConfig, PublishedConfig
from genre.imdb.genres import MEANING
from genre.paths import program
from genre.runs import spelled_out
from genre.runs.command import option
from genre.runs.films import KeptFilms
from genre.runs.scores import Scores
from genre.use.export import Exported

_FALLBACKS = {
    "probability": "the likeliest one",
    "ratio": "the one with the highest probability over threshold",
}
_CALIBRATED = 0.05  # mean error of probabilities that may still be read as such

PACKAGED = "minilm"
PACKAGED_NAME = "sentence-transformers/all-MiniLM-L6-v2"


def usage(exported: Exported) -> str:
    """How other programs use it, or why they cannot."""
    if exported.format != "huggingface":
        return (
            "Any program with an ONNX runtime reads `model.onnx`: `input_ids` and `attention_mask` (texts, tokens) of "
            "`tokenizer.json`, cut as below, give `logits` (texts, labels); a sigmoid makes them probabilities"
            f"{', uncalibrated ones' if exported.calibrated else ''}. `genre.load` needs `pip install 'genre[onnx]'`."
            + _uncalibrated(exported)
        )
    if not exported.plain:
        return (
            "**Plain transformers refuses this folder**, by its `model_type`: the network reads the mean of all tokens'"
            " vectors, and the class that transformers has for it reads the first one's and would give other scores "
            "without a word. Use `genre.load`, or export with `format=onnx`."
        )
    scores = "the run's before calibration" if exported.calibrated else "the run's"
    return f"""Or with transformers alone:

```python
from transformers import pipeline

classify = pipeline("text-classification", "THIS-FOLDER", top_k=None, function_to_apply="sigmoid")
classify(["A sheriff comes out of retirement."], truncation=True)
```

`truncation=True` cuts long texts as the training did. The scores are {scores}: on its first test films they differ by
{exported.pipeline_difference:.1g} at most. The thresholds are in `thresholds.json`.{_uncalibrated(exported)}"""


def _uncalibrated(exported: Exported) -> str:
    """What programs that calibrate nothing have to know."""
    if not exported.calibrated:
        return ""
    return (
        " `genre.load` calibrates: it maps each label's score by `calibration.json` (log odds `a ln p - b ln(1 - p) + "
        "c`, or straight lines from `at` to `to`). Without that, take the thresholds under `raw` in `thresholds.json`: "
        "as every map only rises, they choose the same labels; only of a text that reaches none the one label may be "
        "another."
    )


def fallback(cfg: TrainConfig) -> str:
    """Which label a text gets that reaches no threshold."""
    return _FALLBACKS[cfg.decision.fallback]


def data(cfg: DataConfig) -> str:
    """Where the texts are from."""
    if isinstance(cfg, ImdbConfig) and cfg.source == "invented":
        return "1,520 films that were invented for the project: good for a first look, not for films that exist."
    if isinstance(cfg, ImdbConfig):
        return f"Plot descriptions of IMDb's films in the layout of the Kaggle set (source: {cfg.source})."
    name = Path(cfg.file).name if isinstance(cfg, TableConfig) else cfg._target_
    return f"Labelled texts of {name}."


def command(cfg: TrainConfig) -> str:
    """The command that trains it; of files on that machine the names alone."""
    overrides = [*spelled_out(cfg), f"seed={cfg.seed}"]
    return " ".join([program("train"), *(shlex.quote(_without_folder(item)) for item in overrides)])


def _without_folder(override: str) -> str:
    key, _, value = override.partition("=")
    return f"{key}={Path(value).name}" if Path(value).is_absolute() else override


def meaning(cfg: DataConfig, films: KeptFilms) -> str:
    """What the labels mean and lack."""
    said = [MEANING] if isinstance(cfg, ImdbConfig) else ["What they mean is for those to say who gave them."]
    truths = [films.part_truth("val"), films.part_truth("test")]
    zeros = sum(int((truth.labels == 0).sum()) for truth in truths)
    unknown = sum(int((~truth.known).sum()) for truth in truths)
    if not unknown:
        return " ".join([*said, "A label that a film does not have was taken for false."])
    learnt = "taught nothing" if cfg.unknown == "mask" else "was taken for false in training"
    share = f"Of the labels that validation and test films do not have, {unknown / zeros:.0%} are unknown, not false"
    return " ".join([*said, f"{share} (by label in the table below); what is unknown {learnt}."])


def decision(cfg: TrainConfig) -> str:
    """How the thresholds were found."""
    if isinstance(cfg.decision, FixedConfig):
        return f"not tuned: all are {cfg.decision.threshold:g}"
    if isinstance(cfg.decision, ConformalConfig):
        found = "each true label is" if cfg.decision.promise == "label" else "all true labels of a text are"
        return f"conformal: {found} in the set with probability {1 - cfg.decision.alpha:g}"
    assert isinstance(cfg.decision, GlobalConfig)
    kind = "one for each label" if type(cfg.decision) is not GlobalConfig else "one for all"
    return f"tuned, {kind}, for `{cfg.decision.objective}`"


def models_note(exported: Exported) -> str:
    """What was measured."""
    return (
        f"Measured on the {exported.films:,} test films, on {exported.machine}, when it was exported; a busy machine "
        "is slower. *Largest difference*: of a probability from the run's in float32; *same label sets*: films that "
        "get the labels that they get from it."
    )


def models_reading(exported: Exported) -> str:
    """What the table says."""
    if exported.lost is None:
        return "The scores are those of the run; what is left is rounding."
    rows = [
        f"{row.metric} {row.difference:+.3f} ({row.low:+.3f} to {row.high:+.3f})"
        for row in exported.lost.itertuples(index=False)
    ]
    return (
        "Weights of 8 bits are not exact. What that costs on the test films, with 95 % intervals by paired bootstrap: "
        f"{', '.join(rows)}."
    )


def calibration(cfg: TrainConfig) -> str:
    """Whether its probabilities are calibrated, and how."""
    if isinstance(cfg.calibration, NoCalibrationConfig):
        return "not calibrated"
    return f"calibrated ({option(cfg, 'calibration')}) by validation films"


def limits(scores: Scores) -> str:
    """What it should not be used for."""
    rare = scores.per_genre[scores.per_genre["support"] < 20]["genre"].tolist()
    error = scores.metrics["test/calibration_error"]
    read_as = "may be read as such" if error < _CALIBRATED else "rank films, but are not to be read as such"
    said = [
        "It knows texts like those that it was trained on, in their language and of their length.",
        f"Its probabilities are {error:.3f} from the truth on average (expected calibration error): they {read_as}.",
        f"Nothing certain is known of {', '.join(rare)}: fewer than 20 test films each." if rare else "",
        "It repeats what the labels' makers found worth writing down; it should decide nothing about people.",
    ]
    return "\n".join(f"- {sentence}" for sentence in said if sentence)


def base_model(cfg: TrainConfig) -> str | None:
    """Name of the encoder that was fine-tuned, where it has one that others know."""
    if not isinstance(cfg.model, PublishedConfig):
        return None
    name = cfg.model.pretrained
    return PACKAGED_NAME if name == PACKAGED else name if not Path(name).expanduser().exists() else None


def licences(cfg: TrainConfig) -> str:
    """Under which terms its parts are."""
    base = base_model(cfg)
    terms = "Apache-2.0" if base == PACKAGED_NAME else "see its page"
    said = [
        "- The code that trained it: Apache-2.0.",
        *([f"- The encoder, {base}: {terms}."] if base else []),
        "- The texts that it learnt from are not in this folder. Whether what was learnt from them may be passed on is "
        "for their owners' terms to say; look before you publish it.",
    ]
    return "\n".join(said)
