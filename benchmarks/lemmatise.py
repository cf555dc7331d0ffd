"""What `lemmatiser=light` and CoNLL-U cost: processor time of each part, and films per second of the whole.

python benchmarks/lemmatise.py CLEAN_DATA.csv [processes]

Every string is tokenised, tagged and lemmatised once and then remembered: the first figure of a part is that of texts
never seen, the second that of the same texts again. Real films lie between the two, nearer to the second the more they
are.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from genre.data.tables import read_table
from genre.linguistics import LightLemmatiser, lemmatise, read_conllu, read_lemmas, write_conllu
from genre.linguistics.lemmas import dictionary_form
from genre.linguistics.sentences import given_punkt, split_sentences
from genre.linguistics.tagger import tag
from genre.linguistics.universal import universal
from genre.linguistics.words import split_words

PART_FILMS = 10_000


def microseconds(work: Callable[[], object], films: int) -> float:
    """Processor time of one call, per film."""
    start = time.process_time()
    work()
    return (time.process_time() - start) / films * 1e6


def print_parts(texts: list[str]) -> None:
    """Cold and warm cost of each part in this process."""
    lemmatiser = LightLemmatiser()
    punkt = given_punkt()
    tag(["Start", "."]), dictionary_form("starts", "VBZ", "VERB")  # files are read at the first use
    sentences = [sentence for text in texts for sentence in split_sentences(text, punkt)]
    parts: list[tuple[str, Callable[[], object]]] = [
        ("sentences", lambda: [split_sentences(text, punkt) for text in texts]),
        ("words", lambda: [split_words(sentence) for sentence in sentences]),
    ]
    costs = {name: (microseconds(work, len(texts)), microseconds(work, len(texts))) for name, work in parts}
    words = [split_words(sentence).words for sentence in sentences]
    parts = [("tags", lambda: [tag(sentence) for sentence in words])]
    costs |= {name: (microseconds(work, len(texts)), microseconds(work, len(texts))) for name, work in parts}
    tagged = [
        (sentence, tags, universal(sentence, tags)) for sentence, tags in zip(words, map(tag, words), strict=True)
    ]
    parts = [
        ("parts of speech", lambda: [universal(sentence, tags) for sentence, tags, _ in tagged]),
        ("lemmas", lambda: [[dictionary_form(*token) for token in zip(*sentence, strict=True)] for sentence in tagged]),
        ("all of these", lambda: list(lemmatiser.analyse(texts))),
    ]
    costs |= {name: (microseconds(work, len(texts)), microseconds(work, len(texts))) for name, work in parts}
    print(f"{'microseconds per film':24}{'first':>8}{'again':>8}")
    for name, (first, again) in costs.items():
        print(f"{name:24}{first:8.0f}{again:8.0f}")


def main() -> None:
    """Print parts and whole."""
    table = Path(sys.argv[1])
    processes = int(sys.argv[2]) if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lemmas, corpus = folder / "lemmas.parquet", folder / "conllu_data.conllu"
        stages: list[tuple[str, Callable[[], object]]] = [
            ("lemmatise", lambda: lemmatise(table, lemmas, LightLemmatiser(), processes)),
            ("write_conllu", lambda: write_conllu(lemmas, corpus, processes)),
            ("read_conllu", lambda: sum(1 for _ in read_conllu(corpus))),
            ("read_lemmas", lambda: sum(1 for _ in read_lemmas(lemmas))),
        ]
        films = len(read_table(table, ["movie_id"]))
        for stage, work in stages:
            start = time.perf_counter()
            work()
            seconds = time.perf_counter() - start
            print(f"{stage:16}{films:9,} films{seconds:8.1f} s{films / seconds:9,.0f} films/s")
        megabytes = [
            resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        ]
        print(f"peak memory: {megabytes[0]:.0f} MB, largest worker {megabytes[1]:.0f} MB")
    print_parts(read_table(table, ["description"])["description"][:PART_FILMS].tolist())


if __name__ == "__main__":
    main()
