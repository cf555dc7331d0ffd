"""Sphinx: these pages as a site, `make docs`."""

from pathlib import Path

from sphinx.application import Sphinx

import genre

project = "genre"
author = "the authors of genre"
version = release = genre.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.mathjax", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "_static", "_templates"]
templates_path = ["_templates"]
html_theme = "furo"
html_title = "genre"
html_show_copyright = False
html_static_path = ["_static"]
html_css_files = ["site.css"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # a test does

default_role = "code"  # a name in single backticks is code, as in Markdown
# each package has a page, with all its modules on it
_root = Path(genre.__file__).parent
autosummary_context = {
    "modules_of": {
        ".".join(file.parent.relative_to(_root.parent).parts): sorted(
            module.stem for module in file.parent.glob("[!_]*.py")
        )
        for file in _root.rglob("__init__.py")
    }
}
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
napoleon_use_ivar = True
suppress_warnings = ["ref.python"]  # what stands before a colon in a Returns section need be no type


def _link_to_results(app: Sphinx, name: str, source: list[str]) -> None:
    """On GitHub pages link to the file in the root, which the site has as a page of its own."""
    source[0] = source[0].replace("(../../RESULTS.md)", "(../results.md)")


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", _link_to_results)
