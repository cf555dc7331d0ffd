"""The films of IMDb, as Kaggle's set has them: downloaded, merged, cleaned, their missing descriptions crawled.

Nothing outside this package knows the 21 genres and the layout of the files.
"""

from genre.imdb.source import ImdbSource as ImdbSource
