"""Fetching what others publish: the Kaggle set, the crawled texts, NLTK's data."""

from genre.data.download.download import download as download
