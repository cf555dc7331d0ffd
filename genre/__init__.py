"""Experiments in multi-label movie-genre classification from plot descriptions.

>>> import genre
>>> model = genre.load("outputs/runs/NAME")  # doctest: +SKIP
>>> model.predict(["A sheriff comes out of retirement."])  # doctest: +SKIP
[['Western']]
"""

from typing import TYPE_CHECKING

from genre.lazy import lazily

if TYPE_CHECKING:
    from genre.use import Model as Model
    from genre.use import load as load

__version__ = "0.1.0"

__getattr__ = lazily(__name__, {"Model": "use", "load": "use"})  # `import genre` takes no time
