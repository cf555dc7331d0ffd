"""What tokenising once and batches of nearly one length save, as ratios measured in turns in one process.

python benchmarks/input_pipeline.py [overrides of conf/train.yaml]
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch

from genre.config import compose, instantiate
from genre.data.batching import LengthPoolSampler
from genre.data.datamodule import GenreDataModule
from genre.data.sources import prepared
from genre.data.tokens import cached_tokens, join_columns, tokenise

STEPS = 20
ROUNDS = 3


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Print the ratios."""
    cfg = compose("train", sys.argv[1:])
    torch.manual_seed(cfg.seed)
    source = prepared(cfg.data)
    model = instantiate(cfg.model, labels=source.label_names)
    tokenizer = model.tokenizer
    data = GenreDataModule(source, cfg.data, tokenizer, seed=cfg.seed)
    data.setup()
    texts = join_columns(data.corpus.table, cfg.data.text, tokenizer.sep_token)
    with tempfile.TemporaryDirectory() as folder:
        cached_tokens(texts, tokenizer, cfg.data.max_tokens, Path(folder), progress=False)
        pairs = [
            (
                seconds(lambda: tokenise(texts, tokenizer, cfg.data.max_tokens)),
                seconds(lambda: cached_tokens(texts, tokenizer, cfg.data.max_tokens, Path(folder), progress=False)),
            )
            for _ in range(ROUNDS)
        ]
    print(f"tokenising {len(texts):,} texts / reading them back: {statistics.median(a / b for a, b in pairs):.0f} x")

    dataset = data.dataset("train")
    random = np.random.default_rng(0).permutation(len(dataset))
    size = cfg.data.batch_size
    plain = [random[at : at + size].tolist() for at in range(0, len(random), size)]
    pools = list(LengthPoolSampler(dataset.lengths, size, seed=0))

    def padded(batches: Iterable[list[int]]) -> int:
        return sum(len(batch) * int(dataset.lengths[batch].max()) for batch in batches)

    def steps(batches: list[list[int]]) -> None:
        for batch in batches[:STEPS]:
            inputs = dataset[batch]
            logits = model(input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"])
            torch.nn.functional.binary_cross_entropy_with_logits(logits, inputs["labels"]).backward()

    print(f"padded tokens, random batches / length pools: {padded(plain) / padded(pools):.2f} x")
    steps(pools)  # warm-up
    pairs = [(seconds(lambda: steps(plain)), seconds(lambda: steps(pools))) for _ in range(ROUNDS)]
    print(f"time of {STEPS} steps, random batches / length pools: {statistics.median(a / b for a, b in pairs):.2f} x")


if __name__ == "__main__":
    main()
