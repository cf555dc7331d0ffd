"""From settings to the folder of the page."""

from pathlib import Path

import pandas as pd

from genre.config import ShiftConfig
from genre.data.corrections import corrected, data_fingerprint
from genre.data.sources import prepared
from genre.data.tokens import join_columns
from genre.errors import UserError
from genre.report.document import new_document
from genre.report.explore.page import CONTENT, write_report
from genre.report.figures import style
from genre.report.shift import sections
from genre.report.shift.answers import shift_of
from genre.runs import RunFolder
from genre.runs.films import kept_films
from genre.use import load

_SAID = "probabilities.parquet"


def examine_shift(cfg: ShiftConfig) -> tuple[str, Path]:
    """Ask a finished run about texts from elsewhere; write the page, its tables and the probabilities.

    Returns:
        What was found, in one line, and the page.

    Raises:
        UserError: when the run is not finished, the texts are those that it was trained on, can not be read, or have no
            labels that it knows, or the folder holds other files.
    """
    run = RunFolder.existing(cfg.run)
    settings, source = run.config(), prepared(cfg.data)
    fingerprint = data_fingerprint(source, cfg.data)
    if fingerprint == run.environment().get("data_fingerprint"):
        raise UserError("data: are those that the run was trained on; evaluate.py tells of its test films")
    table = source.read()
    truth = corrected(source.truth(table), table["movie_id"].tolist(), source.label_names, cfg.data)
    model = load(run.path)
    said = model.probabilities(join_columns(table, cfg.data.text, model.scorer.separator))
    read = said.notna().all(axis=1).to_numpy()
    shift = shift_of(run, settings, said[read], truth.of(read.nonzero()[0]), source.label_names)
    kept = pd.concat([kept_films(run).films(part) for part in ("val", "test")])
    # apart by what is no word, as a tokenizer's separator would be
    own = pd.Series(join_columns(kept, settings.data.text, "."))
    here = pd.Series(join_columns(table[read], cfg.data.text, "."))
    parts = [
        sections.scores(shift, cfg.resamples),
        sections.labels(shift),
        sections.words(own, here),
    ]
    name = run.path.resolve().name
    place = Path(cfg.paths.outputs) / "reports" / "shift" / f"{name}_{fingerprint[:10]}"
    output = Path(cfg.output) if cfg.output else place
    with new_document(output, {*CONTENT, _SAID}, "a report of a shift") as folder, style():
        said.assign(movie_id=table["movie_id"]).to_parquet(folder / _SAID)
        facts = [
            ("texts", f"{read.sum():,}"),
            *([("without a text", f"{(~read).sum():,}")] if not read.all() else []),
            ("labels in common", f"{len(shift.labels)} of {len(model.labels)}"),
            ("labels a text", f"{shift.here.targets.sum(dim=1).double().mean():.2f}"),
        ]
        title = f"{name.rpartition('_')[0] or name} on texts from elsewhere"
        data = f"fingerprint {fingerprint[:10]}"
        write_report(folder, title=title, facts=facts, data=data, sections=parts, digits=3)
    return parts[0].finding, output / "report.html"
