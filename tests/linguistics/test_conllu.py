"""CoNLL-U and `lemmas.parquet`: what goes in comes out."""

from itertools import islice
from pathlib import Path

import conllu
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from genre.errors import UserError
from genre.linguistics import Document, LightLemmatiser, Sentence, Token, read_conllu, read_documents, write_conllu
from genre.linguistics.conllu import to_conllu
from genre.linguistics.store import to_batch

LIGHT = LightLemmatiser()

texts = st.one_of(
    st.text(),
    st.text(st.sampled_from("ab.?\"'_#|\\=\t\n\r\x0b\x0c\x1c\x85\xa0\u2028\u2029\ufeff\0 ")),
    st.lists(
        st.sampled_from(["She", "can't", "go.", "#", "_", "1\t2", '"', "Mr.", "\\s", " ", "\n\n", "# text = x"])
    ).map(" ".join),
)


def document(text: str, name: str = "tt1", genres: tuple[str, ...] = ("Drama", "War")) -> Document:
    (sentences,) = LIGHT.analyse([text])
    return Document(name, genres, sentences, text[: len(text) - len(text.lstrip())])


def store(folder: Path, documents: list[Document]) -> Path:
    batch = to_batch(documents)
    with pq.ParquetWriter(folder / "lemmas.parquet", batch.schema) as writer:
        writer.write_batch(batch)
        writer.write_batch(batch)
    return folder / "lemmas.parquet"


def test_what_a_file_looks_like() -> None:
    text = "\tThe wives\u2028ran.  (Why?)\n\r"
    assert to_conllu(document(text)).split("\n") == [
        "# newdoc id = tt1",
        "# genres = Drama|War",
        "# sent_id = tt1-1",
        "# text = The wives ran.",
        r"1	The	the	DET	DT	_	_	_	_	SpacesBefore=\t",
        r"2	wives	wife	NOUN	NNS	_	_	_	_	SpacesAfter=\u2028",
        "3	ran	run	VERB	VBD	_	_	_	_	SpaceAfter=No",
        r"4	.	.	PUNCT	.	_	_	_	_	SpacesAfter=\s\s",
        "",
        "# sent_id = tt1-2",
        "# text = (Why?)",
        "1	(	(	PUNCT	-LRB-	_	_	_	_	SpaceAfter=No",
        "2	Why	why	ADV	WRB	_	_	_	_	SpaceAfter=No",
        "3	?	?	PUNCT	.	_	_	_	_	SpaceAfter=No",
        r"4	)	)	PUNCT	-RRB-	_	_	_	_	SpacesAfter=\n\r",
        "",
        "",
    ]


@given(st.lists(texts, min_size=1, max_size=3))
@example(["", "  ", "\u2028a", "_ _"])
@example([" a", "a\n"])
def test_any_texts_come_back_exactly(tmp_path_factory: pytest.TempPathFactory, written: list[str]) -> None:
    folder = tmp_path_factory.getbasetemp() / "round"
    folder.mkdir(exist_ok=True)
    documents = [document(text, f"tt{number}", ()) for number, text in enumerate(written)]
    assert [found.text for found in documents] == written
    lemmas = store(folder, documents)
    assert [*read_documents(lemmas)] == documents * 2
    counts = write_conllu(lemmas, folder / "x.conllu", 1)
    assert [*read_conllu(folder / "x.conllu")] == documents * 2
    assert counts["documents"] == 2 * len(documents)
    assert counts["tokens"] == 2 * sum(len(sentence.tokens) for found in documents for sentence in found.sentences)


@given(texts)
def test_the_conllu_package_reads_the_same(text: str) -> None:
    written = document(text)
    parsed = conllu.parse(to_conllu(written))
    tokens = [token for sentence in written.sentences for token in sentence.tokens]
    rows = [(row["form"], row["lemma"], row["upos"], row["xpos"]) for sentence in parsed for row in sentence]
    assert rows == [token[:4] for token in tokens]
    assert parsed[0].metadata["newdoc id"] == "tt1"
    assert [sentence.metadata["text"] for sentence in parsed if sentence] == [
        sentence.text.strip() for sentence in written.sentences
    ]


def test_a_form_may_be_an_underscore_or_a_hash(tmp_path: Path) -> None:
    tokens = tuple(Token(form, form, "SYM", "SYM", "") for form in ("_", "#", "\\", "|"))
    written = Document("tt1", ("Drama",), (Sentence(tokens),))
    (tmp_path / "x.conllu").write_text(to_conllu(written))
    assert [*read_conllu(tmp_path / "x.conllu")] == [written]


def test_documents_are_read_one_by_one(tmp_path: Path) -> None:
    good = to_conllu(document("It rains."))
    (tmp_path / "x.conllu").write_text(good * 3 + good.replace("\tPRON\t", " "))
    assert len([*islice(read_conllu(tmp_path / "x.conllu"), 3)]) == 3
    with pytest.raises(UserError, match="x.conllu, line 29: 8 columns where CoNLL-U has 10"):
        list(read_conllu(tmp_path / "x.conllu"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("1\tIt\tit\tPRON\tPRP\t_\t_\t_\t_\t_\n\n", "line 1: a document begins with"),
        ("# newdoc id = tt1\n# sent_id = tt1-1\n# text = It\n\n", "line 1: a document begins with"),
    ],
)
def test_a_file_of_another_kind_is_named(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "x.conllu").write_text(content)
    with pytest.raises(UserError, match=message):
        list(read_conllu(tmp_path / "x.conllu"))


def test_missing_files_are_named(tmp_path: Path) -> None:
    for read in (read_conllu, read_documents):
        with pytest.raises(UserError, match=r"nowhere: no such file; `python scripts/prepare.py` makes it"):
            next(read(tmp_path / "nowhere"))
