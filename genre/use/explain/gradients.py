"""Integrated gradients of a network."""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from genre.extras import extra
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

    Sundararajan, Taly and Yan, Axiomatic attribution for deep networks (2017), by captum: the gradient of the
    probability by the word embeddings, on the straight way from nothing to the text, times what the embeddings change
    on that way. All of it adds up to what the probability changes, but for the error of the sum that stands for the
    integral, which is taken at the nodes of Gauss and Legendre, more and more of them until the error is below 0.01,
    or they are 256.

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

    Raises:
        UserError: when captum is not installed.
    """
    with extra("explain", "method=gradients"):
        from captum.attr import LayerIntegratedGradients  # a second, and other methods do without

    ids, owners = _tokens(scorer, text, chunks)
    words = owners != _NO_WORD  # (T,)
    nothing = torch.where(torch.from_numpy(words).to(ids.device), scorer.model.tokenizer.pad_token_id, ids)
    with torch.no_grad():
        ends = _probabilities(scorer, torch.stack([nothing, ids]))[:, list(labels)].double().cpu().numpy()  # (2, K)
    attribute = LayerIntegratedGradients(lambda some: _probabilities(scorer, some), layer).attribute
    weights, error = np.zeros((len(chunks), len(labels))), np.zeros(len(labels))
    for place, label in enumerate(labels):
        for steps in _STEPS:
            parts = attribute(
                ids[None],
                nothing[None],
                target=label,
                n_steps=steps,
                method="gausslegendre",
                internal_batch_size=max(1, _TOKENS // len(ids)),
            )
            tokens = parts[0].sum(dim=1).double().cpu().numpy()  # (T, D) -> (T,)
            error[place] = abs(tokens.sum() - (ends[1, place] - ends[0, place]))
            if error[place] <= _TOLERANCE:
                break
        np.add.at(weights[:, place], owners[words], tokens[words])
    return Attribution(weights, ends[1], ends[0], error)


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


def _probabilities(scorer: NetworkScorer, ids: Tensor) -> Tensor:
    """Of each label (S, L), of texts of one length (S, T)."""
    model, mask = scorer.model, torch.ones_like(ids)
    logits: Tensor = (
        model(input_ids=ids, attention_mask=mask)
        if model.encoder is None
        else model(features=model.encoder.features(ids, mask))
    )
    return logits.float().sigmoid()
