"""What a person reads where the package of one feature is not installed."""

import sys

import pytest

from genre.errors import UserError
from genre.extras import extra
from genre.imdb.download.catalogue import CATALOGUE
from genre.models.baselines import Word2Vec
from genre.sampling import SMOTE


def test_it_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(UserError) as told, extra("optuna", "hydra/sweeper=optuna"):
        import optuna  # noqa: F401
    line = "hydra/sweeper=optuna: the package optuna is not installed; run: pip install 'genre[optuna]'"
    assert str(told.value) == line


def test_each_feature_tells_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    for package in ("gensim", "gensim.models", "gdown", "kagglehub", "imblearn"):
        monkeypatch.setitem(sys.modules, package, None)
    for module in ("drive", "kaggle"):
        monkeypatch.delitem(sys.modules, f"genre.imdb.download.{module}", raising=False)
    with pytest.raises(UserError, match=r"^kaggle=true: the package kagglehub .* pip install 'genre\[download\]'$"):
        CATALOGUE["kaggle"].fetch(tmp_path, 1)
    with pytest.raises(UserError, match=r"^crawl_data.csv: the package gdown .* pip install 'genre\[download\]'$"):
        CATALOGUE["crawl_data"].fetch(tmp_path, 1)
    words = Word2Vec(tokens="words", width=2, window=1, min_count=1, epochs=1)
    with pytest.raises(UserError, match=r"^features=word2vec: the package gensim.* pip install 'genre\[word2vec\]'$"):
        words.fit(["a b"], seed=1)
    with pytest.raises(ValueError, match=r"imbalanced-learn is not installed; run: pip install 'genre\[smote\]'$"):
        SMOTE(ratio=0.5, neighbours=3)
