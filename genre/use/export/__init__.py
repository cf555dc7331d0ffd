"""A trained network written down for other programs."""

from genre.use.export.export import Exported as Exported
from genre.use.export.export import export as export
