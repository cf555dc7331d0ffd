"""What a finished run says of the training films, for another one to learn."""

import hashlib
import logging
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from genre.data.caches import kept
from genre.data.corpus import Corpus
from genre.errors import UserError
from genre.files import short_hash
from genre.runs import RunFolder
from genre.runs.records import read_labels, read_prediction_table, stacked
from genre.use import load

log = logging.getLogger(__name__)

_EDGE = 1e-4  # nearer to 0 and 1 a teacher is taken for so sure: log odds of about 9


def taught_log_odds(folder: str, corpus: Corpus) -> npt.NDArray[np.float32]:
    """Log odds (films, L) that a teacher gives the training films; NaN for the others, and where it says nothing.

    A film that the teacher has learnt from is better asked of by a cross-validation, where the teacher has one: there
    it has not seen the film. Of other films it is asked once, for all students: an ensemble may take an hour.

    Raises:
        UserError: when the run cannot be loaded, has other labels, or reads columns that the films lack.
    """
    run = RunFolder.existing(folder, "teacher.run")
    labels = read_labels(run)
    if labels != corpus.label_names:
        odd = sorted(set(labels) ^ set(corpus.label_names)) or ["another order"]
        raise UserError(f"teacher.run={folder}: its labels are not those of the films ({', '.join(odd[:5])})")
    rows = corpus.split.train
    said = np.full((len(corpus.table), len(labels)), np.nan, dtype=np.float32)
    told = read_prediction_table(run).query("split == 'cv'")
    films = corpus.table["movie_id"].iloc[rows]
    known = films.isin(told["movie_id"]).to_numpy()
    if known.any():
        places = told.reset_index(drop=True).reset_index().set_index("movie_id")["index"]
        said[rows[known]] = stacked(told["probabilities"])[places[films[known]]]
    unseen = rows[~known]
    if len(unseen):
        said[unseen] = _asked(run, corpus.table.iloc[unseen], corpus.cache)
    log.info("Teacher: %s, on %d training films, %d of them by its cross-validation", run.path, len(rows), known.sum())
    if not known.any() and run.environment().get("data_fingerprint") == corpus.fingerprint:
        log.info("It has learnt from these films, and is surer of them than of others; one with cv=5 would not be")
    odds: npt.NDArray[np.float32] = np.log(said.clip(_EDGE, 1 - _EDGE)) - np.log1p(-said.clip(_EDGE, 1 - _EDGE))
    return odds


def _asked(run: RunFolder, films: pd.DataFrame, cache: Path) -> npt.NDArray[np.float32]:
    """Probabilities (B, L) that a run gives B films; what it says is kept in `cache`.

    Raises:
        UserError: when the films lack a column that it reads.
    """
    columns = run.config().data.text
    if missing := [column for column in columns if column not in films]:
        raise UserError(
            f"teacher.run={run.path}: reads {', '.join(columns)}, and the films have no {', '.join(missing)}"
        )
    # as it was last trained: another training says something else of validation and test films as well
    teacher = hashlib.sha256(run.predictions_file.read_bytes()).hexdigest()
    file = cache / f"taught-{short_hash([teacher, films[columns].astype(str).to_numpy().tolist()])}.npy"
    shape = (len(films), len(read_labels(run)))

    def ask() -> npt.NDArray[np.float32]:
        log.info("Asking the teacher about %d films, once", len(films))
        said: npt.NDArray[np.float32] = load(run.path).probabilities(films).to_numpy()
        return said

    def read(file: Path) -> npt.NDArray[np.float32]:
        said: npt.NDArray[np.float32] = np.load(file)
        if said.shape != shape:
            raise ValueError("not all films are there")
        return said

    return kept(file, ask, np.save, read)
