"""The lemmatiser of NLTK's own models."""

from functools import lru_cache
from importlib.metadata import version

from nltk.corpus import wordnet
from nltk.tag.perceptron import PerceptronTagger
from nltk.tokenize.punkt import PunktTokenizer

from genre.config.overrides import command
from genre.errors import UserError
from genre.linguistics.lemmatiser import PennLemmatiser
from genre.linguistics.words import CACHE_SIZE

_BRACKETS = {"(": "-LRB-", ")": "-RRB-"}
_WORDNET_PARTS = {"NOUN": "n", "VERB": "v", "AUX": "v", "ADJ": "a", "ADV": "r"}


class NLTKLemmatiser(PennLemmatiser):
    """Punkt and the averaged perceptron tagger, trained on English, and WordNet's lemmas.

    Raises:
        UserError: when NLTK does not find its data.
    """

    def __init__(self) -> None:
        super().__init__()
        try:
            self.punkt = PunktTokenizer()
            self._tagger = PerceptronTagger()
            wordnet.ensure_loaded()
        except LookupError as error:
            raise UserError(
                "lemmatiser=nltk: NLTK does not find its data (punkt_tab, averaged_perceptron_tagger_eng, wordnet); "
                f"run `{command('download', nltk='true')}`, or name their folder in "
                "NLTK_DATA, or take lemmatiser=light"
            ) from error

    def describe(self) -> dict[str, str]:
        """See `Lemmatiser`."""
        return {"name": "nltk", "nltk": version("nltk"), "wordnet": str(wordnet.get_version())}

    def tag(self, words: list[str]) -> list[str]:
        """See `PennLemmatiser`."""
        # its model writes brackets as they are
        return [_BRACKETS.get(tag, tag) for _, tag in self._tagger.tag(words)]

    def lemma(self, word: str, xpos: str, upos: str) -> str:
        """See `PennLemmatiser`."""
        return _morphy(word, upos)


@lru_cache(maxsize=CACHE_SIZE)
def _morphy(word: str, upos: str) -> str:
    if upos == "PROPN":
        return word
    lower = word.lower()
    part = _WORDNET_PARTS.get(upos)
    return (part and wordnet.morphy(lower, part)) or lower
