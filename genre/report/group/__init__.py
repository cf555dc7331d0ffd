"""Pages of several runs that were made together: over seeds, and of a sweep. They lead to the runs' own."""

from genre.report.group.seeds import write_seeds_page as write_seeds_page
from genre.report.group.sweep import write_sweep_page as write_sweep_page
