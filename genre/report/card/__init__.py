"""The card that goes with an exported model."""

from genre.report.card.card import model_card as model_card
from genre.report.card.card import models_table as models_table
