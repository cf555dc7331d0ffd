"""NLTK's data, as far as the `nltk` lemmatiser needs them."""

from collections.abc import Iterator

from genre.errors import UserError

PAGE = "https://www.nltk.org/nltk_data/"
# package -> where NLTK looks for it
PACKAGES = {
    "punkt_tab": "tokenizers/punkt_tab",
    "averaged_perceptron_tagger_eng": "taggers/averaged_perceptron_tagger_eng",
    "wordnet": "corpora/wordnet",
}


def fetch_nltk_data() -> Iterator[str]:
    """Install what is missing where NLTK looks by default; yield a line for each package.

    NLTK checks size and SHA-256 of what it downloads against its index.

    Raises:
        UserError: when a package cannot be fetched, or NLTK does not find it afterwards.
    """
    # NLTK loads scikit-learn and SciPy: only for those who want its data
    from nltk.downloader import Downloader, ErrorMessage

    missing = [package for package, place in PACKAGES.items() if _find(place) is None]
    downloader = Downloader()
    by_hand = f"or unpack it from {PAGE} by hand into {downloader.download_dir}"
    for package in missing:
        for message in downloader.incr_download(package):
            if isinstance(message, ErrorMessage):
                reason = " ".join(str(message.message).split())
                raise UserError(f"nltk: {reason}; {by_hand}/{PACKAGES[package]}")
    for package, place in PACKAGES.items():
        found = _find(place)
        if found is None:
            raise UserError(f"nltk: {package} was installed, but NLTK does not find it; {by_hand}/{place}")
        yield f"{found}: NLTK's {package}{'' if package in missing else ', already there'}"


def _find(place: str) -> str | None:
    import nltk.data

    try:
        return str(nltk.data.find(place))
    except LookupError:
        return None
