"""What a linear baseline has learnt, on a case worked out by hand and in the report of a real run."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from genre.config import ReportConfig, compose
from genre.errors import UserError
from genre.report.figures import style
from genre.report.run import write_report
from genre.report.weights import Interpretation, interpret
from genre.report.weights.feature_tables import (
    reference_table,
    shared_features,
    similarity_table,
    told_words,
    top_features,
)
from genre.report.weights.interpretation import cosines
from genre.report.weights.plots import draw_weights
from genre.runs import RunFolder
from genre.training import train_baseline
from tests.corpora import corpus_of

# three genres, three words and the beginning of one
FOUND = Interpretation(
    genres=("Drama", "War", "Western"),
    ngrams=pd.DataFrame(
        {"kind": ["words"] * 3 + ["characters"], "ngram": ["a", "b", "c", "a…"], "films": [4, 2, 2, 4]}
    ),
    weights=np.array([[3.0, -4, 0, 0], [1, 2, 2, 0], [0, 0, -1, 5]]),
    centroids=np.array([[1.0, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1]]),
    with_genre=np.array([[3, 0, 1, 3], [1, 2, 2, 1], [0, 0, 1, 2]]),
    reference="Drama",
)


def test_cosines() -> None:
    rows = np.array([[3.0, 4, 0], [4, 3, 0], [0, 0, 2], [0, 0, 0]])
    expected = [[1, 0.96, 0, 0], [0.96, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]
    np.testing.assert_allclose(cosines(rows), expected, atol=1e-12)


def test_top_features_of_each_genre_and_direction() -> None:
    top = top_features(FOUND)
    drama = top[top["genre"] == "Drama"].drop(columns="genre").to_numpy().tolist()
    assert drama == [["for", "words", 1, "a", 3.0, 4, 0.75], ["against", "words", 1, "b", -4.0, 2, 0.0]]
    war = top[(top["genre"] == "War") & (top["direction"] == "for")]
    assert war["ngram"].tolist() == ["b", "c", "a"]
    western = top[top["genre"] == "Western"][["kind", "direction", "ngram"]].to_numpy().tolist()
    assert western == [["words", "against", "c"], ["characters", "for", "a…"]]
    assert told_words(top).to_numpy().tolist() == [["Drama", "a", "b"], ["War", "b, c, a", ""], ["Western", "", "c"]]


def test_pairs_of_genres_and_the_words_they_share() -> None:
    shared = shared_features(FOUND)
    assert shared[["genre", "other", "shared"]].to_numpy().tolist() == [
        ["Drama", "Western", ""],
        ["War", "Western", ""],
        ["Drama", "War", "a"],
    ]
    expected = [0, -2 / (3 * np.sqrt(26)), (3 - 8) / (5 * 3)]
    np.testing.assert_allclose(shared["similarity"], expected)


def test_likeness_to_the_reference() -> None:
    table = reference_table(FOUND)
    assert table["genre"].tolist() == ["Western", "War"]
    np.testing.assert_allclose(table["by_weights"], [0, -1 / 3])
    np.testing.assert_allclose(table["by_centroids"], [0, np.sqrt(0.5)])
    wide = similarity_table(FOUND, FOUND.centroids).set_index("genre")
    assert wide.loc["War", "Drama"] == pytest.approx(np.sqrt(0.5))


@pytest.fixture(scope="module")
def make_baseline(sample_products: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., RunFolder]:
    def make(*overrides: str) -> RunFolder:
        outputs = tmp_path_factory.mktemp("weights")
        fixed = ["logger=csv", "report.resamples=50", f"data.dir={sample_products}", f"paths.outputs={outputs}"]
        return train_baseline(compose("baseline", [*fixed, *overrides]))

    return make


@pytest.fixture(scope="module")
def run(make_baseline: Callable[..., RunFolder]) -> RunFolder:
    return make_baseline("baseline.C=[1]", "features.tokens=words")


def test_the_report_tells_what_was_learnt(run: RunFolder) -> None:
    write_report(run, ReportConfig(plots=False, resamples=50, reference_genre="War"))
    top = pd.read_csv(run.report / "top_features.csv", keep_default_na=False)
    war = top[(top["genre"] == "War") & (top["direction"] == "for") & (top["kind"] == "words")]
    assert "war" in war["ngram"].tolist()
    assert war["weight"].is_monotonic_decreasing
    assert (war["share_with_genre"] <= 1).all()
    text = (run.report / "report.md").read_text()
    assert "## Cosine of each genre to War" in text
    assert f"| War | {', '.join(war['ngram'].head(10))} |" in text
    assert "War" not in pd.read_csv(run.report / "similarity_to_reference.csv")["genre"].tolist()
    assert (run.report / "shared_features.csv").is_file()


def test_plots_show_what_was_learnt(run: RunFolder, tmp_path: Path) -> None:
    found = interpret(run, None)
    assert found is not None
    with style():
        drawn = dict(draw_weights(found))
        for name, figure in drawn.items():
            figure.savefig(tmp_path / f"{name}.png", dpi=60)
    assert list(drawn) == [
        "words_1",
        "words_2",
        "similarity_weights",
        "similarity_centroids",
        "similarity_to_reference",
    ]
    panels = [axes.get_title() for name in ("words_1", "words_2") for axes in drawn[name].axes if axes.get_title()]
    assert tuple(panels) == found.genres
    for file in tmp_path.glob("*.png"):
        with Image.open(file) as picture:
            assert len(set(picture.convert("L").tobytes())) > 10


def test_centroids_are_means_of_training_films(run: RunFolder) -> None:
    found = interpret(run, None)
    assert found is not None
    corpus = corpus_of(run.config().data)
    counts = dict(zip(corpus.label_names, corpus.label_counts.tolist(), strict=True))
    assert [counts[genre] for genre in found.genres] == sorted(counts.values(), reverse=True)
    assert found.reference == found.genres[0]
    column = found.ngrams.query("kind == 'words' and ngram == 'sheriff'").index[0]
    films = corpus.films("train")
    holds = films["description"].str.contains(r"\bsheriff\b", case=False)
    assert found.ngrams["films"][column] == holds.sum()
    western = films["genres"].str.contains("Western")
    assert found.with_genre[found.genres.index("Western"), column] == (holds & western).sum()


def test_what_was_learnt_is_told_where_the_data_are_not(run: RunFolder, tmp_path: Path) -> None:
    found = interpret(run, None)  # which keeps what it counts
    moved = RunFolder(Path(shutil.copytree(run.path, tmp_path / "run")))
    cfg = run.config()
    text = moved.config_file.read_text().replace(cfg.data.dir, f"{tmp_path}/no").replace(cfg.data.raw, f"{tmp_path}/no")
    moved.config_file.write_text(text)
    again = interpret(moved, None)
    assert found
    assert again
    assert np.array_equal(again.centroids, found.centroids)
    assert np.array_equal(again.with_genre, found.with_genre)
    pd.testing.assert_frame_equal(again.ngrams, found.ngrams)


def test_other_runs_have_no_weights_to_show(make_baseline, make_run) -> None:
    assert interpret(make_baseline("baseline=knn", "features=bow", "data.size=100"), None) is None
    assert interpret(make_baseline("features=word2vec", "features.epochs=1", "data.size=100"), None) is None
    assert interpret(make_run("loss-bce_0123456789"), None) is None


def test_a_reference_that_no_film_has(run: RunFolder) -> None:
    with pytest.raises(UserError, match="report.reference_genre=News: no training film has it; there are: Drama, "):
        interpret(run, "News")
