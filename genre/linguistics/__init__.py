"""Descriptions to sentences, words, parts of speech and lemmas; `lemmas.parquet` and CoNLL-U."""

from genre.linguistics.conllu import read_conllu as read_conllu
from genre.linguistics.conllu import write_conllu as write_conllu
from genre.linguistics.document import Document as Document
from genre.linguistics.document import Sentence as Sentence
from genre.linguistics.document import Token as Token
from genre.linguistics.lemmatise import lemmatise as lemmatise
from genre.linguistics.lemmatiser import Lemmatiser as Lemmatiser
from genre.linguistics.light import LightLemmatiser as LightLemmatiser
from genre.linguistics.spacy_model import SpacyLemmatiser as SpacyLemmatiser
from genre.linguistics.store import FilmLemmas as FilmLemmas
from genre.linguistics.store import read_documents as read_documents
from genre.linguistics.store import read_lemmas as read_lemmas
from genre.linguistics.wordnet import NLTKLemmatiser as NLTKLemmatiser
