"""Labels that are likely missing or wrong: found by a run's cross-validation, shown to a person who decides."""

from genre.report.doctor.doctor import examine as examine
