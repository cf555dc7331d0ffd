"""A finished model behind a page and a JSON endpoint on this machine."""

from genre.use.serve.server import serve as serve
