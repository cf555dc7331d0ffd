"""Experiments in multi-label movie-genre classification from plot descriptions."""

__version__ = "0.1.0"
