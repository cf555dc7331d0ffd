"""Words for and against a label: each method against what is known of it otherwise."""

import html
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from captum.attr import LayerIntegratedGradients
from scipy.special import expit
from torch import Tensor, nn

import genre
from genre.calibration import Calibration
from genre.config import ReportConfig, compose
from genre.errors import UserError
from genre.machine import Machine
from genre.models import TextModel, minilm_folder
from genre.models.tokenizer import read_tokenizer
from genre.report.run import write_report
from genre.runs import RunFolder
from genre.runs.films import kept_films
from genre.training import train_baseline
from genre.use import Model
from genre.use.explain import Explanation, explain
from genre.use.explain.explanation import chunks_of, word_in
from genre.use.network import NetworkScorer

TEXT = 'A sheriff comes out of retirement — "for one last ride", into the haunted, haunted İstanbul; he can\'t shoot.'
TITLE = "The Duel"
LABELS = ["Western", "Horror", "Drama"]


@pytest.fixture(scope="module")
def network(finished_run: RunFolder) -> Model:
    return genre.load(finished_run.path)


@pytest.fixture(scope="module")
def linear(baseline_run: RunFolder) -> Model:
    return genre.load(baseline_run.path)


def words(explanation: Explanation) -> list[str]:
    return [explanation.text[start:end] for start, end in explanation.words]


def one_row(text: str = TEXT, title: str = TITLE) -> pd.DataFrame:
    return pd.DataFrame({"title": [title], "description": [text]})


def test_words_are_those_of_the_text(linear: Model) -> None:
    said = explain(linear, one_row(), LABELS)
    assert said.text == f"{TITLE} {linear.scorer.separator} {TEXT}"
    assert (
        words(said)
        == (
            "The Duel A sheriff comes out of retirement — for one last ride into the haunted haunted İstanbul he can't shoot"
        ).split()
    )
    assert said.labels == tuple(LABELS)
    assert said.weights.shape == (len(said.words), 3)
    assert said.probabilities.shape == said.baseline.shape == said.error.shape == (3,)


@pytest.mark.parametrize(
    "features", [None, ["features=tfidf", "features.tokens=lemmas"], ["features=bow", "baseline=linear_svm"]]
)
def test_parts_of_a_linear_model_are_exact(
    features: list[str] | None, linear: Model, sample_products: Path, tmp_path: Path
) -> None:
    """Against scikit-learn's own features of the text and the weights of the model."""
    model = linear
    if features:
        overrides = [*features, "baseline.C=[1]", "data.size=150", f"data.dir={sample_products}", "logger=csv"]
        overrides += ["report.plots=false", "report.resamples=40", f"paths.outputs={tmp_path}"]
        model = genre.load(train_baseline(compose("baseline", overrides)).path)
    said = explain(model, TEXT if features else one_row(), method="auto")
    assert (said.method, said.unit) == ("linear", "log odds")
    expected = model.probabilities([said.text])[list(said.labels)].to_numpy()[0]
    np.testing.assert_allclose(said.probabilities, expected, rtol=1e-6)
    columns = [model.labels.index(label) for label in said.labels]
    intercepts = model.scorer.model.intercepts[columns]
    scores = np.log(expected / (1 - expected))
    np.testing.assert_allclose(intercepts + said.weights.sum(axis=0), scores, atol=2e-6)
    np.testing.assert_allclose(said.baseline, expit(intercepts), rtol=1e-6)
    assert said.error.max() < 1e-6
    assert explain(model, said.text, said.labels, "gradients").weights.tolist() == said.weights.tolist()


def test_a_word_has_its_n_grams_and_half_of_those_that_it_shares(linear: Model) -> None:
    """Worked by hand: `out of out`, whose features are known."""
    features, model = linear.scorer.features, linear.scorer.model
    said = explain(linear, "out of, out", ["Horror"])
    values = features.transform([said.text]).toarray()[0]
    weights = values * model.weights[linear.labels.index("Horror")]
    expected = np.zeros(3)
    for column, ngram in enumerate(features.ngram_columns()):
        if not values[column]:
            continue
        if ngram.kind == "words":
            owners = {"out": [0, 2], "of": [1], "out of": [0, 1], "of out": [1, 2]}[ngram.text]
        else:
            inside = ngram.text.strip("…")
            owners = [0, 2] if inside in "out" else [1]
        expected[owners] += weights[column] / len(owners)
    np.testing.assert_allclose(said.weights[:, 0], expected, atol=1e-12)
    assert {"out", "of", "out of"} <= {
        ngram.text for ngram, value in zip(features.ngram_columns(), values, strict=True) if value
    }


def test_occlusion_is_the_difference_that_a_word_makes(linear: Model, network: Model) -> None:
    for model in (linear, network):
        said = explain(model, "Haunted riders! A duel.", LABELS, "occlusion")
        without = [
            "Haunted riders! A duel.",
            " riders! A duel.",
            "Haunted  A duel.",
            "Haunted riders!  duel.",
            "Haunted riders! A ",
        ]
        values = model.probabilities(without)[LABELS].to_numpy(dtype=float)
        np.testing.assert_allclose(said.weights, values[0] - values[1:], atol=5e-3)  # the network's own are rounded
        np.testing.assert_allclose(said.error, np.abs(said.weights.sum(axis=0) - (said.probabilities - said.baseline)))
        assert (said.method, said.unit) == ("occlusion", "probability")


def test_gradients_are_those_of_captum(network: Model) -> None:
    """Of every token, and they add up to what the probability changes."""
    said = explain(network, TEXT, LABELS)
    assert (said.method, said.unit) == ("gradients", "probability")
    assert said.error.max() <= 0.01
    np.testing.assert_allclose(said.weights.sum(axis=0), said.probabilities - said.baseline, atol=0.01)
    scorer = network.scorer
    tokenizer, columns = scorer.model.tokenizer, [network.labels.index(label) for label in LABELS]
    encoded = tokenizer.backend.encode(TEXT)
    ids = torch.tensor([encoded.ids])
    nothing = ids.clone()
    nothing[:, 1:-1] = tokenizer.pad_token_id

    def forward(ids: Tensor) -> Tensor:
        return scorer.model(input_ids=ids, attention_mask=torch.ones_like(ids)).sigmoid()

    (layer,) = [part for name, part in scorer.model.named_modules() if name.endswith("word_embeddings")]
    captum = LayerIntegratedGradients(forward, layer)
    for place, column in enumerate(columns):
        tokens = captum.attribute(ids, nothing, target=column, n_steps=32, method="gausslegendre").sum(dim=-1)[0]
        assert tokens.sum() == pytest.approx(said.weights[:, place].sum(), abs=1e-5)
        for word, (start, end) in enumerate(chunks_of(TEXT, "[SEP]")):
            inside = [start <= first and last <= end and last > first for first, last in encoded.offsets]
            assert tokens[torch.tensor(inside)].sum() == pytest.approx(said.weights[word, place], abs=1e-5)


class SumOfWords(TextModel):
    """Log odds that are a sum over the words: of its probability the integral is known."""

    def __init__(self) -> None:
        super().__init__(read_tokenizer(minilm_folder()))
        torch.manual_seed(0)
        self.table = nn.Embedding(self.tokenizer.backend.get_vocab_size(), 4)
        self.output = nn.Linear(4, 2)

    def forward(self, **inputs: Tensor) -> Tensor:
        logits: Tensor = self.output(self.table(inputs["input_ids"]).sum(dim=1))
        return logits


def untrained(model: TextModel, labels: list[str], max_tokens: int = 64) -> Model:
    scorer = NetworkScorer(model, max_tokens, Machine.here("cpu", "32-true"))
    return Model(
        Path("here"),
        scorer,
        dict.fromkeys(labels, 0.5),
        "probability",
        ["title", "description"],
        Calibration.none(len(labels)),
    )


def test_an_integral_that_is_known() -> None:
    """Along the way the log odds grow evenly, so each word has its share of the difference of the probabilities."""
    net = SumOfWords()
    model = untrained(net, ["A", "B"])
    said = explain(model, one_row("Unbelievable riders, again."), ["B", "A"])
    with torch.no_grad():
        table = net.table.weight
        added = []
        for word in ("the", "duel", "unbelievable", "riders ,", "again ."):
            ids = net.tokenizer([word], max_length=64)["input_ids"][0][1:-1]
            change = table[ids] - table[net.tokenizer.pad_token_id]
            added.append((change @ net.output.weight.T).sum(dim=0))  # its marks are its own
        parts = torch.stack(added).double().flip(1)  # (W, K), of B and A
        probabilities = model.probabilities([said.text]).loc[0, ["B", "A"]].tolist()
        whole = torch.logit(torch.tensor(probabilities, dtype=torch.float64))
        nothing = whole - parts.sum(dim=0)
        expected = parts / parts.sum(dim=0) * (whole.sigmoid() - nothing.sigmoid())
    assert words(said) == ["The", "Duel", "Unbelievable", "riders", "again"]  # not what separates the columns
    np.testing.assert_allclose(said.weights, expected, atol=1e-4)
    np.testing.assert_allclose(said.baseline, nothing.sigmoid(), atol=1e-5)
    assert np.abs(expected.numpy()).max() > 0.05


def test_transformers_own_network_and_the_light_one_are_explained_alike(
    finished_run: RunFolder, network: Model
) -> None:
    from genre.models import TransformersClassifier

    heavy = genre.load(finished_run.path, TransformersClassifier)
    assert type(heavy.scorer.model) is not type(network.scorer.model)
    said, other = explain(heavy, TEXT, LABELS), explain(network, TEXT, LABELS)
    np.testing.assert_allclose(said.weights, other.weights, atol=1e-5)


def test_a_probe_is_explained_through_its_encoder() -> None:
    from genre.models import Probe

    model = untrained(Probe("minilm", "mean", 5, 0, 0.0, ["A", "B"]), ["A", "B"])
    said = explain(model, "A sheriff rides out.", ["A"])
    assert said.method == "gradients"
    assert said.error[0] <= 0.01
    np.testing.assert_allclose(said.probabilities[0], model.probabilities([said.text])["A"][0], atol=1e-3)


def test_what_is_cut_off_adds_nothing() -> None:
    model = untrained(SumOfWords(), ["A", "B"], max_tokens=6)
    said = explain(model, "one two three four five six", ["A"])
    assert np.flatnonzero(said.weights[:, 0]).tolist() == [0, 1, 2, 3]
    assert len(said.words) == 6


def test_models_without_gradients(
    baseline_run: RunFolder, linear: Model, sample_products: Path, tmp_path: Path
) -> None:
    overrides = ["baseline=knn", "features.tokens=words", "baseline.neighbours=[3]", "data.size=100", "logger=csv"]
    overrides += [
        f"data.dir={sample_products}",
        "report.plots=false",
        "report.resamples=40",
        f"paths.outputs={tmp_path}",
    ]
    model = genre.load(train_baseline(compose("baseline", overrides)).path)
    said = explain(model, TEXT, LABELS)
    assert said.method == "occlusion"
    with pytest.raises(UserError, match="is no network in torch and no linear model of n-grams; take method=occlusion"):
        explain(model, TEXT, LABELS, "gradients")


def test_labels_and_texts(linear: Model) -> None:
    assert explain(linear, TEXT).labels == tuple(linear.predict([TEXT])[0])
    with pytest.raises(UserError, match="labels: the model knows no 'Westen'; did you mean 'Western'"):
        explain(linear, TEXT, ["Westen"])
    for text, reason in (("", "no text"), ("12", "no text"), ("half \ud83e", "broken characters")):
        with pytest.raises(UserError, match=f"there is nothing to explain \\({reason}\\)"):
            explain(linear, text)


def test_words_of_any_text() -> None:
    text = "  ¡Hola!  (a-b) [SEP] … x\x85y"
    chunks = chunks_of(text, "[SEP]")
    assert [text[start:end] for start, end in chunks] == ["¡Hola!", "(a-b)", "…", "x", "y"]
    assert [text[slice(*word_in(text, chunk))] for chunk in chunks] == ["Hola", "a-b", "…", "x", "y"]


def test_the_page_of_films_has_the_words_of_a_linear_run(
    baseline_run: RunFolder, linear: Model, tmp_path: Path
) -> None:
    run = RunFolder(Path(shutil.copytree(baseline_run.path, tmp_path / "run")))
    write_report(run, ReportConfig(plots=False, resamples=40, reference_genre=None))
    page = (run.report / "errors.html").read_text(encoding="utf-8")
    assert "the words for and against each genre" in page
    films = kept_films(baseline_run).films("test")
    text = linear.read(films)[0]
    said = explain(linear, text)
    strongest = said.words[int(said.weights[:, 0].argmax())]
    told = f"<li><b>{said.labels[0]}</b> for {html.escape(text[slice(*strongest)])} {said.weights[:, 0].max():+.2f}"
    assert told in page
