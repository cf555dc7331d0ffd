"""Training of one run."""

from genre.training.train import train as train
