"""What was counted is told at the end, also by the processes of `-n`."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A line for each count that a test has recorded."""
    reports = [report for name in ("passed", "failed") for report in terminalreporter.stats.get(name, [])]
    counts = [count for report in reports for count in getattr(report, "user_properties", [])]
    for name, value in counts:
        terminalreporter.write_line(f"{name}: {value}")
