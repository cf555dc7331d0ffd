"""The report of a finished run: tables, plots and the films that tell most about it."""

from genre.report.run.report import write_report as write_report
