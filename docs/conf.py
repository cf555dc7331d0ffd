"""Sphinx: these pages as a site, `make docs`."""

import genre

project = "genre"
author = "the authors of genre"
version = release = genre.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "genre"
nitpicky = False

# pages stay plain Markdown that GitHub shows as well
myst_heading_anchors = 3
myst_enable_extensions = ["dollarmath"]

# a name in single backticks is code, as in Markdown
default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
