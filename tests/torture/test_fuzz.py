"""Whatever bytes come in: they are read, or refused with a `UserError`; nothing hangs, and nothing else is written."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from genre.config import compose
from genre.config.overrides import taken_as_typed
from genre.data.rows import open_rows
from genre.errors import UserError
from genre.imdb.crawl.answers import Unanswered, plot_in
from genre.imdb.raw import read_raw
from genre.linguistics.conllu import read_conllu
from genre.runs import RunFolder
from tests.torture.scenes import Counted

PHASES = [Phase.explicit, Phase.generate, Phase.shrink]
CSV = b'movie_id,movie_name,year,genre,description\ntt0000001,A,1950,"Drama, War",A long walk.\n"tt2","B, C",,Comedy,"a\n""b"""\n'
JSON_LINES = (
    b'{"description": "A ferryman rows.", "n": 1}\n{"description": null}\n{"title": "\\ud83d\\ude00", "n": [1e999]}\n'
)
TREEBANK = (
    b"# newdoc id = tt1\n# genres = Drama|War\n# sent_id = tt1-1\n# text = A walk.\n"
    b"1\tA\ta\tDET\tDT\t_\t_\t_\t_\t_\n2\twalk\twalk\tNOUN\tNN\t_\t_\t_\t_\tSpaceAfter=No\n"
    b"3\t.\t.\tPUNCT\t.\t_\t_\t_\t_\tSpacesAfter=\\s\\n|SpacesBefore=\\t\n\n"
)
ANSWER = b'{"Response": "True", "Plot": "A storm.", "Error": "x", "results": [{"overview": "A ship."}], "plot": "z"}'
PIECES = [
    *(b"\0", b"\xff", b"\xef\xbb\xbf", b"\xe2\x80\xae", b"\x1b[31m", b"\xed\xa0\x80", b"\r", b"\n", b"\t", b"=", b"|"),
    *(
        b'"',
        b"'",
        b",",
        b"${oc.env:HOME}",
        b"!!python/object/apply:os.mkdir",
        b"NaN",
        b"-1e999",
        b"9" * 400,
        b"[" * 2000,
    ),
    *(b"null", b"true", b"{}", b"# newdoc id = ", b": ", b"&a ", b"*a ", b"- "),
]


def mutated(sound: bytes) -> st.SearchStrategy[bytes]:
    """A sound file with some bytes cut out and others put in; now and then any bytes at all."""
    places = st.integers(0, len(sound))
    edits = st.lists(
        st.tuples(places, st.integers(0, 12), st.one_of(st.sampled_from(PIECES), st.binary(max_size=8))),
        min_size=1,
        max_size=5,
    )

    def edited(changes: list[tuple[int, int, bytes]]) -> bytes:
        content = sound
        for start, length, new in changes:
            content = content[:start] + new + content[start + length :]
        return content

    return st.one_of(edits.map(edited), edits.map(edited), st.binary(max_size=200))


def fuzzed(examples: int, inputs: st.SearchStrategy[bytes], read: Callable[[bytes], object], record: Counted) -> None:
    """Read inputs; each is taken, or refused in one line."""
    counts = {"taken": 0, "refused": 0}

    @settings(max_examples=examples, phases=PHASES, suppress_health_check=[*HealthCheck])
    @given(inputs)
    def check(content: bytes) -> None:
        try:
            read(content)
        except UserError:
            counts["refused"] += 1
        else:
            counts["taken"] += 1

    check()
    record(f"fuzzed inputs of {read.__name__}", f"{counts['taken']} taken, {counts['refused']} refused")


def sizes(slow: int, quick: int = 25) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("examples", [quick, pytest.param(slow, marks=pytest.mark.slow)])


@sizes(2500)
def test_raw_files(examples: int, tmp_path: Path, record_property: Counted) -> None:
    file = tmp_path / "drama.csv"

    def raw_files(content: bytes) -> None:
        file.write_bytes(content)
        read_raw([file])

    fuzzed(examples, mutated(CSV), raw_files, record_property)
    assert list(tmp_path.iterdir()) == [file]


@sizes(1200)
@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".txt"])
def test_tables_to_predict(examples: int, suffix: str, tmp_path: Path, record_property: Counted) -> None:
    file = tmp_path / f"films{suffix}"
    sound = {".csv": CSV, ".tsv": CSV.replace(b",", b"\t"), ".jsonl": JSON_LINES, ".txt": CSV}[suffix]

    def tables(content: bytes) -> None:
        file.write_bytes(content)
        rows = open_rows(str(file), "description")
        assert all(len(row) == len(rows.columns) for row in rows.rows())

    fuzzed(examples, mutated(sound), tables, record_property)


@sizes(1500)
def test_treebanks(examples: int, tmp_path: Path, record_property: Counted) -> None:
    file = tmp_path / "films.conllu"

    def treebanks(content: bytes) -> None:
        file.write_bytes(content)
        for document in read_conllu(file):
            assert document.id is not None

    fuzzed(examples, mutated(TREEBANK), treebanks, record_property)


@sizes(1500)
@pytest.mark.parametrize("provider", ["omdb", "tmdb", "imdbapi"])
def test_answers_of_providers(examples: int, provider: str, record_property: Counted) -> None:
    cfg = compose("prepare", [f"crawl={provider}"]).crawl

    def answers(content: bytes) -> None:
        with contextlib.suppress(Unanswered):
            plot = plot_in((200, 200, 200, 401, 404, 500)[len(content) % 6], content, cfg)
            assert plot is None or plot.split("\n") == [plot]

    fuzzed(examples, mutated(ANSWER), answers, record_property)


@sizes(600, 8)
def test_settings_of_runs(examples: int, finished_run: RunFolder, tmp_path: Path, record_property: Counted) -> None:
    run = RunFolder(tmp_path)

    def settings_of_runs(content: bytes) -> None:
        run.config_file.write_bytes(content)
        run.config()

    fuzzed(examples, mutated(finished_run.config_file.read_bytes()), settings_of_runs, record_property)
    assert list(tmp_path.iterdir()) == [run.config_file]


@sizes(600, 8)
def test_overrides(examples: int, record_property: Counted) -> None:
    def overrides(content: bytes) -> None:
        words = content.decode(errors="replace").split("\n")
        _, typed = taken_as_typed([word for word in words if word and not word.startswith("-")], "train")
        if examples < 100 or len(content) % 8 == 0:  # composing takes a quarter of a second
            compose("train", typed)

    sound = b"loss=focal\nloss.gamma=2\ndata.text=[title,description]\nmodel=tiny\npaths.outputs=/tmp/a b (1)"
    fuzzed(examples, mutated(sound), overrides, record_property)


@sizes(150, 4)
def test_studies(examples: int, tmp_path: Path, record_property: Counted) -> None:
    trials = pytest.importorskip("genre.sweep.trials", exc_type=ImportError)
    from optuna.distributions import FloatDistribution

    space = {"loss.gamma": FloatDistribution(0, 4)}
    file = tmp_path / "study.sqlite"
    begun = trials.Trials(file, space, maximize=True, seed=1)
    begun.tell(begun.ask([]).number, 0.5)
    sound = file.read_bytes()

    def studies(content: bytes) -> None:
        file.unlink()
        file.write_bytes(content)
        study = trials.Trials(file, space, maximize=True, seed=1)
        assert study.known() is not None

    anywhere = st.tuples(st.integers(0, len(sound)), st.one_of(st.sampled_from(PIECES), st.binary(max_size=64)))
    torn = st.integers(0, len(sound)).map(lambda end: sound[:end])
    changed = anywhere.map(lambda change: sound[: change[0]] + change[1] + sound[change[0] + len(change[1]) :])
    fuzzed(examples, st.one_of(torn, changed, st.binary(max_size=200)), studies, record_property)
