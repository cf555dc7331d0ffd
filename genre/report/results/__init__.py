"""One document of all results."""

from genre.report.results.document import write_results_document as write_results_document
