"""Tables of what a linear baseline has learnt."""

import numpy as np
import pandas as pd

from genre.report.document import Section
from genre.report.weights.interpretation import Floats, Interpretation, cosines

TOP = 20  # n-grams of a kind that are told of each genre and direction
_SHARED = 10  # n-grams of a pair of genres
_TOLD = 10  # words of a genre, and pairs of genres, in the document


def top_features(found: Interpretation) -> pd.DataFrame:
    """The n-grams with the largest and the smallest weights of each genre.

    Returns:
        genre, direction (`for` or `against` it), kind, place, ngram, weight, films, share_with_genre (of these films).
    """
    parts = []
    for genre, weights, with_genre in zip(found.genres, found.weights, found.with_genre, strict=True):
        table = found.ngrams.assign(genre=genre, weight=weights, share_with_genre=with_genre / found.ngrams["films"])
        for kind, own in table.groupby("kind", sort=False):
            for direction, sign in (("for", 1), ("against", -1)):
                ordered = own[sign * own["weight"] > 0].sort_values(
                    "weight", ascending=sign < 0, kind="stable", ignore_index=True
                )
                top = ordered.head(TOP)
                parts.append(top.assign(direction=direction, kind=kind, place=np.arange(1, len(top) + 1)))
    columns = ["genre", "direction", "kind", "place", "ngram", "weight", "films", "share_with_genre"]
    return pd.concat(parts, ignore_index=True)[columns]


def told_words(top: pd.DataFrame) -> pd.DataFrame:
    """The first words of each genre in a row: genre, for, against."""
    words = top[(top["kind"] == "words") & (top["place"] <= _TOLD)]
    rows = words.groupby(["genre", "direction"], sort=False)["ngram"].agg(", ".join).unstack(fill_value="")
    return rows.reindex(index=words["genre"].unique(), columns=["for", "against"], fill_value="").reset_index()


def similarity_table(found: Interpretation, rows: Floats) -> pd.DataFrame:
    """Cosines between genres by their weights or centroids (L, F): a row and a column for each genre."""
    return pd.DataFrame(cosines(rows), columns=list(found.genres)).assign(genre=found.genres)[["genre", *found.genres]]


def reference_table(found: Interpretation) -> pd.DataFrame:
    """How alike each other genre is to the reference: genre, by_weights, by_centroids; most alike by weights first."""
    place = found.genres.index(found.reference)
    table = pd.DataFrame(
        {
            "genre": found.genres,
            "by_weights": cosines(found.weights)[place],
            "by_centroids": cosines(found.centroids)[place],
        }
    )
    others = table[table["genre"] != found.reference]
    return others.sort_values("by_weights", ascending=False, kind="stable", ignore_index=True)


def shared_features(found: Interpretation) -> pd.DataFrame:
    """For each pair of genres the words that speak for both, those first whose smaller weight is largest.

    Returns:
        genre, other, similarity (of their weights), shared; most alike pairs first.
    """
    words = (found.ngrams["kind"] == "words").to_numpy()
    weights, names = found.weights[:, words], found.ngrams["ngram"][words].to_numpy()
    similarities = cosines(found.weights)
    rows = []
    for one, other in zip(*np.triu_indices(len(found.genres), k=1), strict=True):
        both = np.minimum(weights[one], weights[other])
        best = np.argsort(-both, kind="stable")[:_SHARED]
        shared = ", ".join(names[best[both[best] > 0]])
        rows.append((found.genres[one], found.genres[other], similarities[one, other], shared))
    table = pd.DataFrame(rows, columns=["genre", "other", "similarity", "shared"])
    return table.sort_values("similarity", ascending=False, kind="stable", ignore_index=True)


def sections(found: Interpretation) -> list[Section]:
    """The parts of the report."""
    top, shared, reference = top_features(found), shared_features(found), reference_table(found)
    by_weights, by_centroids = (similarity_table(found, rows) for rows in (found.weights, found.centroids))
    return [
        Section("top_features", "Words for and against each genre", top, excerpt=told_words(top)),
        Section("similarity_to_reference", f"Cosine of each genre to {found.reference}", reference),
        Section("shared_features", "Genres most alike and the words they share", shared, excerpt=shared.head(_TOLD)),
        Section("similarity_weights", "Cosines of the genres' weights", by_weights, excerpt=_rounded(by_weights)),
        Section(
            "similarity_centroids", "Cosines of the genres' centroids", by_centroids, excerpt=_rounded(by_centroids)
        ),
    ]


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    return table.map(lambda value: value if isinstance(value, str) else f"{value:.2f}")
