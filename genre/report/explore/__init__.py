"""The look at the data: a report folder with a page, plots and tables."""

from genre.report.explore.explore import explore as explore
