"""What every command does around its task: help, errors as one line, exit codes."""

from genre.cli.entry_point import entry_point as entry_point
from genre.cli.entry_point import sweeping as sweeping
