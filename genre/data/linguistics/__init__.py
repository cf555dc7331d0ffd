"""Descriptions to sentences, words, parts of speech and lemmas; `lemmas.parquet` and CoNLL-U."""

from genre.data.linguistics.conllu import read_conllu as read_conllu
from genre.data.linguistics.conllu import write_conllu as write_conllu
from genre.data.linguistics.document import Document as Document
from genre.data.linguistics.document import Sentence as Sentence
from genre.data.linguistics.document import Token as Token
from genre.data.linguistics.lemmatiser import Lemmatiser as Lemmatiser
from genre.data.linguistics.light import LightLemmatiser as LightLemmatiser
from genre.data.linguistics.run import lemmatise as lemmatise
from genre.data.linguistics.spacy_model import SpacyLemmatiser as SpacyLemmatiser
from genre.data.linguistics.store import FilmLemmas as FilmLemmas
from genre.data.linguistics.store import read_documents as read_documents
from genre.data.linguistics.store import read_lemmas as read_lemmas
from genre.data.linguistics.wordnet import NLTKLemmatiser as NLTKLemmatiser
