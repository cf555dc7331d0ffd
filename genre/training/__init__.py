"""Training of one run."""

from genre.training.baseline import train_baseline as train_baseline
from genre.training.run import check as check
from genre.training.run import check_labels as check_labels
from genre.training.run import each_seed as each_seed
from genre.training.train import train as train
