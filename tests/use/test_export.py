"""Networks written down for other programs."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pandas as pd
import pytest
from huggingface_hub import ModelCard
from onnx import TensorProto, helper, numpy_helper
from transformers import AutoConfig, AutoTokenizer, pipeline

import genre
from genre.calibration import Beta
from genre.config import TrainConfig, compose
from genre.decision import PerLabelThresholds
from genre.errors import UserError
from genre.files import write_json
from genre.models.classifiers import TransformersClassifier
from genre.models.pooling import MEAN_POOLED
from genre.report.card import model_card
from genre.runs import RunFolder
from genre.runs.calibration import write_calibration
from genre.runs.films import kept_films
from genre.runs.predictions import read_predictions
from genre.runs.records import read_labels
from genre.training import train
from genre.use import Model
from genre.use.export import Exported, export
from genre.use.predict import predict_file

TEXTS = ["A sheriff comes out of retirement.", "Two friends, one bank.", "war and song " * 300]


def exported(run: RunFolder, folder: Path, **settings: str) -> tuple[Path, Exported]:
    cfg = compose(
        "export", [f"run={run.path}", f"output={folder}", *(f"{key}={value}" for key, value in settings.items())]
    )
    return export(cfg, model_card)


def in_float32(run: RunFolder, folder: Path) -> Model:
    """The run as a machine without bfloat16 computes it."""
    copy = RunFolder(Path(shutil.copytree(run.path, folder)))
    copy.config_file.write_text(copy.config_file.read_text().replace("precision: auto", "precision: 32-true"))
    return genre.load(copy.path)


@pytest.fixture(scope="module")
def cls_run(finished_run: RunFolder, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """The same weights, read at the first token."""
    run = RunFolder(Path(shutil.copytree(finished_run.path, tmp_path_factory.mktemp("cls") / "run")))
    for file in (run.config_file, run.architecture / "config.json"):
        text = file.read_text()
        file.write_text(text.replace("pooling: mean", "pooling: cls").replace('"pooling": "mean"', '"pooling": "cls"'))
        assert file.read_text() != text
    return run


@pytest.fixture(scope="module")
def probe_run(make_settings: Callable[..., TrainConfig], tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    overrides = ["model=probe", "model.skip_layers=4", "data.size=60", "trainer.max_epochs=1", "report.plots=false"]
    return train(make_settings(tmp_path_factory.mktemp("probe"), *overrides))


@pytest.fixture(scope="module")
def cls_folder(cls_run: RunFolder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(cls_run, tmp_path_factory.mktemp("exported") / "cls")[0]


@pytest.fixture(scope="module")
def mean_folder(finished_run: RunFolder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(finished_run, tmp_path_factory.mktemp("exported") / "mean")[0]


def test_plain_transformers_gives_the_scores_of_the_run(cls_run: RunFolder, cls_folder: Path, tmp_path: Path) -> None:
    run, folder = in_float32(cls_run, tmp_path / "run"), genre.load(cls_folder)
    expected = run.probabilities(TEXTS)
    classify = pipeline("text-classification", str(cls_folder), top_k=None, function_to_apply="sigmoid")
    said = classify(TEXTS, truncation=True)
    for row, labels in zip(expected.itertuples(index=False), said, strict=True):
        assert {item["label"]: item["score"] for item in labels} == pytest.approx(
            dict(zip(run.labels, row, strict=True)), abs=1e-6
        )
    np.testing.assert_allclose(folder.probabilities(TEXTS), expected, atol=1e-6)
    assert folder.predict(TEXTS) == run.predict(TEXTS)
    assert (folder.thresholds, folder.fallback, folder.columns) == (run.thresholds, run.fallback, run.columns)
    with pytest.raises(Exception):  # noqa: B017, PT011 - a longer text than was trained is an error, never another score
        classify(TEXTS[2:])


def test_a_calibration_goes_with_it_and_raw_scores_have_thresholds_of_their_own(
    cls_run: RunFolder, tmp_path: Path
) -> None:
    run = RunFolder(Path(shutil.copytree(cls_run.path, tmp_path / "run")))
    text = run.config_file.read_text()
    run.config_file.write_text(text.replace("genre.calibration.NoCalibration", "genre.calibration.Beta"))
    labels = read_labels(run)
    films = read_predictions(run)
    calibration = Beta().fit(films.val.probabilities, films.val.targets)
    write_calibration(run.calibration_file, calibration, labels)
    thresholds = PerLabelThresholds("balanced", 1, 0.0, "probability").fit(
        calibration(films.val.probabilities), films.val.targets
    )
    write_json(run.thresholds_file, dict(zip(labels, thresholds.tolist(), strict=True)))
    folder, told = exported(run, tmp_path / "exported")
    model, texts = genre.load(folder), kept_films(run).films("test")["description"].tolist()[:40]
    assert model.calibration == calibration
    expected = in_float32(run, tmp_path / "exact")
    np.testing.assert_allclose(model.probabilities(texts), expected.probabilities(texts), atol=1e-5)
    assert model.predict(texts) == expected.predict(texts)
    raw = json.loads((folder / "thresholds.json").read_text())["raw"]
    classify = pipeline("text-classification", str(folder), top_k=None, function_to_apply="sigmoid")
    reached = model.probabilities(texts).ge(pd.Series(model.thresholds)).any(axis=1)
    assert reached.any()
    for film, given, some in zip(classify(texts, truncation=True), model.predict(texts), reached, strict=True):
        scores = {item["label"]: item["score"] for item in film}
        chosen = [label for label in labels if scores[label] >= raw[label]]
        assert chosen == (given if some else [])
    assert told.pipeline_difference is not None
    assert told.pipeline_difference < 1e-4
    card = (folder / "README.md").read_text()
    assert "take the thresholds under `raw` in `thresholds.json`" in card
    assert "Probabilities are calibrated (beta) by validation films" in card
    (folder / "calibration.json").unlink()
    with pytest.raises(UserError, match="calibration.json: is missing; export the run again"):
        genre.load(folder)


def test_a_mean_of_tokens_is_refused_by_transformers_and_right_here(
    finished_run: RunFolder, mean_folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="does not recognize this architecture"):
        AutoConfig.from_pretrained(mean_folder)
    run = in_float32(finished_run, tmp_path / "run")
    np.testing.assert_allclose(genre.load(mean_folder).probabilities(TEXTS), run.probabilities(TEXTS), atol=1e-6)
    card = ModelCard.load(mean_folder / "README.md")
    assert "Plain transformers refuses this folder" in card.text


def test_networks_that_are_no_distilbert_are_read_by_transformers(mean_folder: Path, cls_folder: Path) -> None:
    for folder, pooling in ((mean_folder, "mean"), (cls_folder, "cls")):
        model = TransformersClassifier.load(folder)
        assert model.net.config.pooling == pooling
        assert model.net.config.model_type.removesuffix(MEAN_POOLED) == "distilbert"


def test_the_card_tells_where_it_is_from_and_nothing_of_this_machine(cls_run: RunFolder, cls_folder: Path) -> None:
    card = ModelCard.load(cls_folder / "README.md")
    metrics = cls_run.metrics()
    results = {result.metric_type: result.metric_value for result in card.data.eval_results}
    assert results == {name: round(metrics[f"test/{name}"], 4) for name in ("jaccard", "f1_samples", "f1_macro")}
    assert (card.data.library_name, card.data.pipeline_tag) == ("transformers", "text-classification")
    low, high = json.loads(cls_run.intervals_file.read_text())["test/jaccard"]
    assert f"| Jaccard (samples) | {metrics['test/jaccard']:.3f} ({low:.3f}–{high:.3f}) |" in card.text
    for told in (
        "truncation=True",
        "scripts/train.py",
        "A genre cell there holds three names",
        "## Licences",
        "| Drama | 0.50 |",
    ):
        assert told in card.text
    assert str(cls_folder.parents[2]) not in card.text
    assert not list(cls_folder.parent.glob(".*"))


def test_what_cannot_be_exported(
    finished_run: RunFolder, baseline_run: RunFolder, cls_folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="is classical; its folder is as small as it gets"):
        exported(baseline_run, tmp_path / "out")
    probe = RunFolder(Path(shutil.copytree(finished_run.path, tmp_path / "probe")))
    text = probe.config_file.read_text()
    start = text.index("model:")
    section = "model:\n  _target_: genre.models.Probe\n  pooling: mean\n  pretrained: minilm\n  skip_layers: 5\n  width: 0\n  dropout: 0.0\n"
    probe.config_file.write_text(text[:start] + section + text[text.index("\noptimizer:", start) + 1 :])
    with pytest.raises(UserError, match="transformers has no such network; take format=onnx"):
        exported(probe, tmp_path / "out")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("years of work")
    with pytest.raises(UserError, match="holds something else than an exported model; name another folder"):
        exported(finished_run, tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.tex").read_text() == "years of work"
    with pytest.raises(UserError, match="format=pickle: must be one of huggingface, onnx, onnx_int8"):
        compose("export", ["format=pickle"])
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("genre.json", b"{}", "genre.json: is damaged"),
        ("genre.json", b'{"columns": ["description"], "max_tokens": "x", "fallback": "ratio"}', "genre.json: is damaged"),
        ("genre.json", b'{"columns": ["description"], "max_tokens": 8, "fallback": "any"}', "genre.json: is damaged"),
        ("thresholds.json", None, "thresholds.json: is missing; export the run again"),
        ("thresholds.json", b'{"Drama": "high"}', "thresholds.json: is damaged"),
        ("thresholds.json", b'{"Drama": 0.5}', "model.safetensors: is damaged"),
        ("model.safetensors", None, "model.safetensors: is missing; export the run again"),
        ("model.safetensors", b"\x80\x04\x95", "model.safetensors: is damaged"),
        ("config.json", None, "config.json: is missing"),
        ("config.json", b"[]", "holds no network"),
        ("config.json", b'{"model_type": "distilbert", "auto_map": {"AutoConfig": "trap.Config"}}', "holds no network"),
        ("config.json", b'{"model_type": "trap", "auto_map": {"AutoConfig": "trap.Config"}}', "holds no network"),
        ("tokenizer.json", b"{}", ""),
    ],
)  # fmt: skip
def test_a_damaged_folder_or_a_trap_is_named(
    name: str, content: bytes | None, message: str, mean_folder: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(mean_folder, tmp_path / "copy"))
    (folder / "trap.py").write_text("raise SystemExit('imported')")
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    with pytest.raises(UserError) as caught:
        genre.load(folder)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_exported_model_predicts_files(mean_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("\n".join(TEXTS))
    model = genre.load(mean_folder)
    predict_file(model, f"{tmp_path}/in.txt", f"{tmp_path}/out.csv")
    result = pd.read_csv(tmp_path / "out.csv")
    assert result["predicted_genres"].tolist() == ["|".join(labels) for labels in model.predict(TEXTS)]


def test_a_graph_is_read_by_onnxruntime(mean_folder: Path, tmp_path: Path) -> None:
    """One whose logits are numbers of tokens."""
    labels = list(genre.load(mean_folder).labels)
    names = ("input_ids", "attention_mask")
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"]) for name in names]
    output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["texts", len(labels)])
    scale = numpy_helper.from_array(np.linspace(-1, 1, len(labels), dtype=np.float32)[None], "scale")  # (1, L)
    axis = numpy_helper.from_array(np.array([1]), "axis")
    nodes = [
        helper.make_node("ReduceSum", ["attention_mask", "axis"], ["lengths"], keepdims=1),
        helper.make_node("Cast", ["lengths"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["numbers", "scale"], ["logits"]),
    ]
    graph = helper.make_graph(nodes, "lengths", inputs, [output], [scale, axis])
    folder = Path(shutil.copytree(mean_folder, tmp_path / "onnx"))
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), folder / "model.onnx"
    )
    model = genre.load(folder)
    lengths = np.array([len(AutoTokenizer.from_pretrained(folder)(text)["input_ids"]) for text in TEXTS[:2]])
    expected = 1 / (1 + np.exp(-lengths[:, None] * np.linspace(-1, 1, len(labels))))
    np.testing.assert_allclose(model.probabilities(TEXTS[:2]), expected, rtol=1e-5)
    assert model.predict(TEXTS[:1]) == [labels[len(labels) // 2 :]]
    (folder / "model.onnx").write_bytes(b"no graph")
    with pytest.raises(UserError, match="model.onnx: is damaged"):
        genre.load(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "onnxruntime", None)
        with pytest.raises(
            UserError, match=r"model.onnx: the package onnxruntime is not installed; run: pip install 'genre\[onnx\]'"
        ):
            genre.load(folder)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["finished_run", "cls_run", "probe_run"])
def test_networks_as_graphs_and_their_eight_bits(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    finished: RunFolder = request.getfixturevalue(kind)
    run = in_float32(finished, tmp_path / "run")
    folder, told = exported(finished, tmp_path / "onnx", format="onnx_int8")
    rows = told.models.set_index("model")
    assert rows.loc["ONNX", "largest difference"] < 1e-5
    assert rows.loc["ONNX, int8", "MB"] < 0.4 * rows.loc["ONNX", "MB"]
    assert told.lost is not None
    small = genre.load(folder)
    films = kept_films(finished).films("test")
    difference = np.abs(small.probabilities(films) - run.probabilities(films)).to_numpy().max()
    assert difference == pytest.approx(rows.loc["ONNX, int8", "largest difference"], abs=1e-3)
    assert 0 < difference < 0.3
    for texts in (TEXTS[:1], TEXTS, []):  # any number, of any length
        assert small.probabilities(texts).shape == (len(texts), len(small.labels))
    card = (folder / "README.md").read_text()
    assert "Weights of 8 bits are not exact" in card
    assert f"jaccard {told.lost.loc[0, 'difference']:+.3f}" in card
    plain, _ = exported(finished, tmp_path / "plain", format="onnx")
    np.testing.assert_allclose(genre.load(plain).probabilities(TEXTS), run.probabilities(TEXTS), atol=1e-5)
