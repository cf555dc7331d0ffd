"""The lemmatiser of any installed spaCy model."""

from collections.abc import Iterable, Iterator

from genre.errors import UserError
from genre.extras import extra
from genre.linguistics.document import Sentence, Token
from genre.linguistics.lemmatiser import Lemmatiser

# names are not needed, and a merged token would hold white space
_UNUSED = ["ner", "merge_entities", "merge_noun_chunks", "merge_subtokens"]


class SpacyLemmatiser(Lemmatiser):
    """A spaCy pipeline that tags, lemmatises and marks sentences.

    Args:
        model: name of an installed model, or its folder.

    Raises:
        UserError: when spaCy or the model is not installed, or the model lacks a part of the task.
    """

    def __init__(self, model: str) -> None:
        super().__init__(model)
        with extra("spacy", "lemmatiser=spacy"):
            import spacy  # seconds
        try:
            self._nlp = spacy.load(model, exclude=_UNUSED)
        except OSError as error:
            raise UserError(
                f"lemmatiser.model={model}: spaCy finds no such model; run `python -m spacy download {model}`"
            ) from error
        self._version = spacy.__version__
        probe = self._nlp("They ran.")
        missing = [name for name in ("TAG", "POS", "LEMMA", "SENT_START") if not probe.has_annotation(name)]
        if missing:
            raise UserError(
                f"lemmatiser.model={model}: its pipeline does not set {', '.join(missing)}; choose a model that tags, "
                "lemmatises and marks sentences"
            )

    def describe(self) -> dict[str, str]:
        """See `Lemmatiser`."""
        meta = self._nlp.meta
        return {"name": "spacy", "spacy": self._version, "model": f"{meta['lang']}_{meta['name']}-{meta['version']}"}

    def analyse(self, texts: Iterable[str]) -> Iterator[tuple[Sentence, ...]]:
        """See `Lemmatiser`."""
        for parsed in self._nlp.pipe(texts):
            # spaCy makes tokens of longer white space
            sentences = [[token for token in sentence if not token.is_space] for sentence in parsed.sents]
            starts = [token.idx for sentence in sentences for token in sentence]
            next_starts = iter([*starts[1:], len(parsed.text)])
            yield tuple(
                Sentence(
                    tuple(
                        Token(
                            form=token.text,
                            lemma=token.lemma_ or token.text,
                            upos=token.pos_ or "X",
                            xpos=token.tag_ or "XX",
                            space_after=parsed.text[token.idx + len(token) : next(next_starts)],
                        )
                        for token in sentence
                    )
                )
                for sentence in sentences
                if sentence
            )
