"""Missing descriptions, asked from a provider that answers JSON over HTTP."""

from genre.data.crawl.run import crawl as crawl
from genre.data.crawl.table import read_crawled as read_crawled
