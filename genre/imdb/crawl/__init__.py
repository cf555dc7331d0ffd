"""Missing descriptions, asked from a provider that answers JSON over HTTP."""

from genre.imdb.crawl.crawl import crawl as crawl
from genre.imdb.crawl.table import read_crawled as read_crawled
