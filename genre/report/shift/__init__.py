"""How a finished run does on texts from elsewhere: what differs, what it costs, what adapting to it brings."""

from genre.report.shift.shift import examine_shift as examine_shift
