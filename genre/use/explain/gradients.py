"""Integrated gradients of a network."""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from numpy.polynomial.legendre import leggauss
from torch import Tensor, nn

from genre.models.tokenizer import JsonTokenizer
from genre.use.explain.explanation import Attribution, Span
from genre.use.network import NetworkScorer

_STEPS = (32, 64, 128, 256)
_TOLERANCE = 0.01  # of a probability
_TOKENS = 4_096  # of all texts that are between nothing and the text, in one pass: what they leave in memory is bounded
_NO_WORD = -1


def embedding_layer(scorer: NetworkScorer) -> nn.Embedding | None:
    """What makes vectors of token ids: of all such tables of a network the longest; None where there is none."""
    root = scorer.model if scorer.model.encoder is None else scorer.model.encoder.encoder
    tables = [part for part in root.modules() if isinstance(part, nn.Embedding)]
    return max(tables, key=lambda table: table.num_embeddings, default=None)


def integrated_gradients(
    scorer: NetworkScorer, layer: nn.Embedding, text: str, chunks: Sequence[Span], labels: Sequence[int]
) -> Attribution:
    """What each word adds to the probability of each of K labels.

    Sundararajan, Taly and Yan, Axiomatic attribution for deep networks (2017): the gradient of the probability by the
    word embeddings, on the straight way from nothing to the text, times what the embeddings change on that way. All of
    it adds up to what the probability changes, but for the error of the sum that stands for the integral, which is
    taken at the nodes of Gauss and Legendre, more and more of them until the error is below 0.01 for every label, or
    they are 256.

    Nothing is a text of as many tokens that are all padding, but for the special ones and what separates columns, which
    stay. None of them is hidden from attention, so that the way is one through texts of one length. Padding is the one
    token that never told a network anything: of [MASK] it was once taught to guess what stood there, and zeros are no
    token at all.

    Args:
        scorer: of the network, which computes in float32 here.
        layer: its word embeddings.
        text: as it reads it.
        chunks: the W words with their marks.
        labels: columns of the K labels.
    """
    ids, owners = _tokens(scorer, text, chunks)
    chosen = list(labels)
    with torch.no_grad():
        here = layer(ids)  # (T, D)
        replaced = torch.from_numpy(owners != _NO_WORD).to(ids.device)
        there = torch.where(replaced[:, None], layer(torch.full_like(ids, scorer.model.tokenizer.pad_token_id)), here)
        nothing, whole = _probabilities(scorer, layer, ids, torch.stack([there, here]))[:, chosen].double().cpu()
    for steps in _STEPS:
        tokens = _integral(scorer, layer, ids, there, here, chosen, steps)  # (T, K)
        error = (tokens.sum(dim=0) - (whole - nothing)).abs()
        if error.max() <= _TOLERANCE:
            break
    weights = np.zeros((len(chunks), len(chosen)))
    np.add.at(weights, owners[owners != _NO_WORD], tokens.numpy()[owners != _NO_WORD])
    return Attribution(weights, whole.numpy(), nothing.numpy(), error.numpy())


def _tokens(scorer: NetworkScorer, text: str, chunks: Sequence[Span]) -> tuple[Tensor, npt.NDArray[np.int64]]:
    """Token ids (T,) of a text, and the number of the word that each is of (T,)."""
    tokenizer = scorer.model.tokenizer
    backend = tokenizer.backend if isinstance(tokenizer, JsonTokenizer) else tokenizer.backend_tokenizer
    backend.no_padding()
    backend.enable_truncation(scorer.max_tokens)
    encoded = backend.encode(text)
    starts = [start for start, _ in chunks]
    owners = []
    for start, end in encoded.offsets:
        word = bisect_right(starts, end - 1) - 1  # the last one that begins before the token ends
        inside = end > start and word >= 0 and start < chunks[word][1]
        owners.append(word if inside else _NO_WORD)  # a special token, or what separates columns
    return torch.tensor(encoded.ids, device=scorer.machine.device), np.array(owners)


def _integral(
    scorer: NetworkScorer,
    layer: nn.Embedding,
    ids: Tensor,
    there: Tensor,
    here: Tensor,
    labels: list[int],
    steps: int,
) -> Tensor:
    """What each token (T,) adds to each probability (T, K): one forward pass serves all labels."""
    nodes = torch.from_numpy(np.stack(leggauss(steps)) / 2).float().to(here.device)  # (2, steps), from -1/2 to 1/2
    change = here - there
    total = torch.zeros(len(ids), len(labels), dtype=torch.float64)
    texts = max(1, _TOKENS // len(ids))
    for first in range(0, steps, texts):
        place, share = nodes[:, first : first + texts]
        points = (there + (place[:, None, None] + 0.5) * change).requires_grad_()  # (S, T, D)
        values = share @ _probabilities(scorer, layer, ids, points)[:, labels]  # (K,)
        for column, value in enumerate(values):
            (gradient,) = torch.autograd.grad(value, points, retain_graph=True)
            total[:, column] += (gradient.sum(dim=0) * change).sum(dim=1).double().cpu()
    return total


def _probabilities(scorer: NetworkScorer, layer: nn.Embedding, ids: Tensor, embeddings: Tensor) -> Tensor:
    """Of each label (S, L), with these word embeddings (S, T, D) in the place of those of the text."""
    batch = {"input_ids": ids.expand(len(embeddings), -1)}
    batch["attention_mask"] = torch.ones_like(batch["input_ids"])
    handle = layer.register_forward_hook(lambda *_: embeddings)
    try:
        model = scorer.model
        logits: Tensor = (
            model(**batch)
            if model.encoder is None
            else model(features=model.encoder.features(batch["input_ids"], batch["attention_mask"]))
        )
    finally:
        handle.remove()
    return logits.float().sigmoid()
