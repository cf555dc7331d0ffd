"""The page of suggestions, on which a person decides."""

import numpy as np
import pandas as pd

from genre.report.doctor.suggestions import Examined
from genre.report.document import Section
from genre.report.pages import origin, render

_HEADS = {
    "genre": "genre",
    "films": "films with it",
    "unknown": "unknown",
    "estimated_missing": "missing, estimated",
    "suggested_missing": "missing, suggested",
    "estimated_missing_unknown": "of unknown, estimated",
    "suggested_missing_unknown": "of unknown, suggested",
    "estimated_wrong": "wrong, estimated",
    "suggested_wrong": "wrong, suggested",
}

_ESTIMATED = (
    "Estimated by confident learning from all films, and how many of them are suggested by name in suggestions.csv."
)


def page(name: str, data: str, films: Examined, suggestions: pd.DataFrame, genres: pd.DataFrame) -> str:
    """The page in HTML.

    Args:
        name: of the run.
        data: their fingerprint.
        films: all of them.
        suggestions: those that are shown.
        genres: the table of labels.
    """
    has = dict(zip(films.movie_ids, films.truth.labels, strict=True))
    shown = [
        {**row, "has": [films.label_names[place] for place in np.flatnonzero(has[row["movie_id"]]).tolist()]}
        for row in suggestions.to_dict("records")
    ]
    return render(
        "doctor/doctor.html.jinja",
        script="doctor/doctor.js",
        title=f"Labels of {name.rpartition('_')[0] or name}",  # without the hash
        facts=[
            ("films", f"{len(films.movie_ids):,}"),
            ("likely missing", f"{genres[['suggested_missing', 'suggested_missing_unknown']].to_numpy().sum():,}"),
            ("likely wrong", f"{genres['suggested_wrong'].sum():,}"),
            ("shown here", f"{len(shown):,}"),
        ],
        origin=origin(f"{name}, fingerprint {data[:10]}"),
        suggestions=shown,
        shown_genres=[genre for genre in films.label_names if genre in set(suggestions["genre"])],
        genres=Section("genres", "Genres", _counts(genres), _ESTIMATED),
        # the name of a run tells its settings and data: its marks are kept however many suggestions the page shows
        content={
            "key": f"genre doctor: {name}",
            "asked": [[row["movie_id"], row["genre"]] for row in shown],
            "decided": films.decided,
        },
    )


def _counts(genres: pd.DataFrame) -> pd.DataFrame:
    """Whole numbers of films."""
    table = genres[list(_HEADS)].rename(columns=_HEADS)
    return table.assign(**{name: table[name].round().astype(int) for name in table.columns[1:]})
