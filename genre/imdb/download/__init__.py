"""Fetching what others publish: the Kaggle set, the crawled texts, NLTK's data."""

from genre.imdb.download.download import download as download
