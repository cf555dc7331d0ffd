"""Films a second in prediction, against the pipeline of transformers: the same weights and texts, in turns.

python benchmarks/inference_throughput.py RUN_FOLDER [FILMS [ROUNDS]]

RUN_FOLDER is a finished run of a network of transformers; its own test films are read, again and again until there are
FILMS (default 1,000). The pipeline reads them one by one, which is its default, and in batches of 32; this project in
float32 and in the precision that suits the machine. Label sets are compared with those of the pipeline in float32.
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import cycle, islice

import torch
import transformers
from torch import Tensor

from genre.config import TrainConfig
from genre.data.tokens import join_columns
from genre.decision import decide
from genre.machine import Machine
from genre.models.classifiers import TransformersClassifier
from genre.runs import RunFolder
from genre.runs.films import kept_films
from genre.runs.records import read_labels, read_thresholds
from genre.use import scorer_of
from genre.use.network import NetworkScorer
from genre.use.scorer import probabilities


def piped(reader: transformers.Pipeline, texts: list[str], labels: list[str], batch: int, longest: int) -> Tensor:
    """Probabilities (B, L) by the pipeline."""
    answers = reader(
        texts, top_k=None, function_to_apply="sigmoid", batch_size=batch, truncation=True, max_length=longest
    )
    told = [{one["label"]: one["score"] for one in answer} for answer in answers]
    return torch.tensor([[film[label] for label in labels] for film in told])


def own(scorer: NetworkScorer, texts: list[str], labels: list[str]) -> Tensor:
    """Probabilities (B, L) by this project."""
    return torch.from_numpy(probabilities(scorer, texts, len(labels))[1])


def main() -> None:
    """Print a line for each way."""
    films = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    run = RunFolder.existing(sys.argv[1])
    cfg = run.config()
    assert isinstance(cfg, TrainConfig)
    labels = list(read_labels(run))
    scorer = scorer_of(run, cfg)
    assert isinstance(scorer, NetworkScorer)
    told = join_columns(kept_films(run).films("test"), cfg.data.text, scorer.separator)
    texts = list(islice(cycle(told), films))

    model = TransformersClassifier.load(run.architecture)
    model.load_state_dict(scorer.model.state_dict())
    reader = transformers.pipeline("text-classification", model=model.net.eval(), tokenizer=model.tokenizer, device=-1)
    longest = cfg.data.max_tokens
    machine = replace(scorer.machine, device="cpu", precision="32-true")
    fast = Machine.here("cpu", "auto")
    ways: dict[str, Callable[[], Tensor]] = {
        "pipeline, one by one": partial(piped, reader, texts, labels, 1, longest),
        "pipeline, batches of 32": partial(piped, reader, texts, labels, 32, longest),
        "this project, 32-true": partial(own, NetworkScorer(scorer.model, longest, machine), texts, labels),
    }
    if fast.precision != machine.precision:
        name = f"this project, {fast.precision}"
        ways[name] = partial(own, NetworkScorer(scorer.model, longest, fast), texts, labels)
    print(
        f"{fast.processor}, {fast.threads} threads; torch {torch.__version__}, transformers {transformers.__version__}"
    )
    print(f"{films:,} films, median of {rounds} rounds:")
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    answers: dict[str, Tensor] = {}
    for number in range(rounds + 1):  # the first warms up
        for name, way in ways.items():
            begun = time.perf_counter()
            answers[name] = way()
            if number:
                seconds[name].append(time.perf_counter() - begun)
    thresholds = read_thresholds(run)
    sets = {name: decide(values, thresholds, cfg.decision.fallback) for name, values in answers.items()}
    (single, batched), wanted = list(seconds.values())[:2], next(iter(sets.values()))
    for name, times in seconds.items():
        ratios = [statistics.median(a / b for a, b in zip(other, times, strict=True)) for other in (single, batched)]
        same = (sets[name] == wanted).all(dim=1).double().mean()
        print(
            f"{name:26} {films / statistics.median(times):7.1f} films a second, {ratios[0]:5.2f} x one by one, "
            f"{ratios[1]:5.2f} x batched; label sets equal: {same:.1%}"
        )


if __name__ == "__main__":
    main()
