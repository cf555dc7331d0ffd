"""Texts with their words in dictionary form."""

from collections.abc import Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from genre.data.caches import kept
from genre.files import short_hash
from genre.linguistics import Lemmatiser
from genre.linguistics.parallel import in_order

_TEXTS = 2_000  # per task of a process


def lemmatised(texts: Sequence[str], lemmatiser: Lemmatiser, cache: Path | None = None) -> list[str]:
    """The lemmas of each text with a space between them.

    Args:
        texts: any.
        lemmatiser: that finds them.
        cache: folder in which they are kept, and found when the same texts come again; None does without.
    """
    if cache is None:
        return _lemmatise(lemmatiser, texts)
    file = cache / f"lemmas-{short_hash([list(texts), lemmatiser.describe()])}.txt"

    def make() -> list[str]:
        chunks = [texts[start : start + _TEXTS] for start in range(0, len(texts), _TEXTS)]
        return list(chain.from_iterable(in_order(partial(_lemmatise, lemmatiser), chunks, None)))

    def read(file: Path) -> list[str]:
        lines = file.read_text(encoding="utf-8").split("\n")[:-1]
        if len(lines) != len(texts):
            raise ValueError("not all texts are there")
        return lines

    return kept(file, make, _write, read)


def _write(file: Path, lines: Sequence[str]) -> None:
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _lemmatise(lemmatiser: Lemmatiser, texts: Sequence[str]) -> list[str]:
    # no lemma holds white space, so each text is a line
    return [
        " ".join(token.lemma for sentence in sentences for token in sentence.tokens)
        for sentences in lemmatiser.analyse(texts)
    ]
