"""Finished runs beside each other, from their folders alone."""

from genre.report.compare.compare import compare as compare
from genre.report.compare.console import print_comparison as print_comparison
