"""A package of somebody's own, as docs/how-to/add-a-model.md describes: a network, a loss and an optimiser with their schemas."""

from cinema.parts import ConfidentLoss as ConfidentLoss
from cinema.parts import SignDescent as SignDescent
from cinema.textcnn import TextCNN as TextCNN
