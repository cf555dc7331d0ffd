"""Explanations as people read them."""

from genre.report.explain.console import print_explanation as print_explanation
from genre.report.explain.page import explained_page as explained_page
