"""The lemmatiser that needs no download."""

from importlib.metadata import version

from genre.linguistics.lemmas import dictionary_form
from genre.linguistics.lemmatiser import PennLemmatiser
from genre.linguistics.sentences import given_punkt
from genre.linguistics.tagger import tag


class LightLemmatiser(PennLemmatiser):
    """Punkt with given abbreviations, Brill's tagger with TextBlob's lexicon and rules, LemmInflect's dictionary."""

    tag = staticmethod(tag)
    lemma = staticmethod(dictionary_form)

    def __init__(self) -> None:
        super().__init__()
        self.punkt = given_punkt()

    def describe(self) -> dict[str, str]:
        """See `Lemmatiser`."""
        return {"name": "light", **{package: version(package) for package in ("nltk", "textblob", "lemminflect")}}
