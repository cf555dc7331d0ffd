r"""CoNLL-U: documents as text, a line per token, and back again.

Besides the columns ID, FORM, LEMMA, UPOS and XPOS, MISC says what white space follows: none (`SpaceAfter=No`), one
space (nothing) or other (`SpacesAfter=\s\s`, with UDPipe's escapes), and what precedes the first token
(`SpacesBefore`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from genre.config.overrides import command
from genre.data.tables import not_utf8
from genre.errors import UserError
from genre.files import atomic_path
from genre.linguistics.collector import collector_paused
from genre.linguistics.document import Document, Sentence, Token
from genre.linguistics.parallel import in_order
from genre.linguistics.store import read_row_group, row_groups
from genre.linguistics.words import CACHE_SIZE

_ESCAPES = {" ": r"\s", "\t": r"\t", "\r": r"\r", "\n": r"\n"}
_UNESCAPES = {escape: space for space, escape in _ESCAPES.items()}
_ESCAPE = re.compile(r"\\s|\\t|\\r|\\n|\\u[0-9a-f]{4}")
_DOCUMENT, _GENRES, _SPACES = "# newdoc id = ", "# genres = ", "# spaces = "
_NONE = "SpaceAfter=No"


def write_conllu(lemmas: Path, target: Path, processes: int | None = None) -> dict[str, int]:
    """Write the films of `lemmas.parquet` as CoNLL-U; memory does not grow with their number.

    Args:
        lemmas: `lemmas.parquet`.
        target: `conllu_data.conllu`.
        processes: to share the work between; None: one per core.

    Returns:
        How many documents, sentences and tokens there are.

    Raises:
        UserError: when `lemmas` is not there.
    """
    counts: Counter[str] = Counter(documents=0, sentences=0, tokens=0)
    parts = in_order(partial(_row_group, lemmas), range(row_groups(lemmas)), processes)
    with atomic_path(target) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        for text, counted in parts:
            file.write(text)
            counts.update(counted)
    return dict(counts)


def _row_group(lemmas: Path, group: int) -> tuple[str, dict[str, int]]:
    with collector_paused():
        documents = list(read_row_group(lemmas, group))
        sentences = [sentence for document in documents for sentence in document.sentences]
        tokens = sum(len(sentence.tokens) for sentence in sentences)
        text = "".join(map(to_conllu, documents))
    return text, {"documents": len(documents), "sentences": len(sentences), "tokens": tokens}


def to_conllu(document: Document) -> str:
    """A document as CoNLL-U, with the empty line that ends each sentence.

    A document without tokens, which CoNLL-U does not know, is a block of comments.
    """
    blocks = []
    head = f"{_DOCUMENT}{document.id}\n{_GENRES}{'|'.join(document.genres)}\n"
    before = escape(document.space_before)
    if not document.sentences:
        return f"{head}{_SPACES}{before}\n\n"
    for number, sentence in enumerate(document.sentences, 1):
        blocks.append(f"{head}# sent_id = {document.id}-{number}\n# text = {sentence.text}\n")
        columns = list(map(_columns, sentence.tokens))
        if before:
            columns[0] = _columns(sentence.tokens[0], before)
            before = ""
        blocks += [f"{place}\t{line}" for place, line in enumerate(columns, 1)]
        blocks.append("\n")
        head = ""
    return "".join(blocks)


@lru_cache(maxsize=CACHE_SIZE)
def _columns(token: Token, before: str = "") -> str:
    """All columns behind the first; the same few tokens make most of a corpus."""
    form, lemma, upos, xpos, space = token
    after = "" if space == " " else f"SpacesAfter={escape(space)}" if space else _NONE
    misc = "|".join(filter(None, (after, before and f"SpacesBefore={before}"))) or "_"
    return f"{form}\t{lemma}\t{upos}\t{xpos}\t_\t_\t_\t_\t{misc}\n"


def read_conllu(file: Path) -> Iterator[Document]:
    """The documents of a file that `write_conllu` wrote; memory does not grow with their number.

    Raises:
        UserError: naming the file and the line that is not as it should be.
    """
    if not file.is_file():
        raise UserError(f"{file}: no such file; `{command('prepare')}` makes it in its stage `conllu`")
    blocks: list[_Block] = []
    try:
        # only a line feed ends a line: texts hold what else Unicode has for it
        with file.open(encoding="utf-8", newline="\n") as lines:
            for block in _blocks(lines):
                if blocks and block.lines[0].startswith(_DOCUMENT):
                    yield _document(file, blocks)
                    blocks = []
                blocks.append(block)
    except UnicodeDecodeError:
        raise not_utf8(file) from None
    if blocks:
        yield _document(file, blocks)


class _Block(NamedTuple):
    """Lines up to an empty one, and the number of the first."""

    start: int
    lines: list[str]


def _blocks(lines: Iterable[str]) -> Iterator[_Block]:
    block = _Block(1, [])
    for number, line in enumerate(lines, 1):
        if line != "\n":
            block.lines.append(line.removesuffix("\n"))
        elif block.lines:
            yield block
            block = _Block(number + 1, [])
    if block.lines:
        yield block


def _document(file: Path, blocks: list[_Block]) -> Document:
    start, lines = blocks[0]
    if len(lines) < 3 or not lines[0].startswith(_DOCUMENT) or not lines[1].startswith(_GENRES):
        raise UserError(f"{file}, line {start}: a document begins with `{_DOCUMENT}` and `{_GENRES}`")
    movie_id = lines[0].removeprefix(_DOCUMENT)
    genres = tuple(filter(None, lines[1].removeprefix(_GENRES).split("|")))
    if lines[2].startswith(_SPACES):
        return Document(movie_id, genres, (), unescape(lines[2].removeprefix(_SPACES)))
    sentences = []
    before = ""
    for start, lines in blocks:
        tokens = []
        for number, line in enumerate(lines, start):
            if line.startswith("#"):
                continue
            columns = line.split("\t")
            if len(columns) != 10:
                raise UserError(
                    f"{file}, line {number}: {len(columns)} columns where CoNLL-U has 10; make the file again"
                )
            _, form, lemma, upos, xpos, *_, misc = columns
            after, space_before = _spaces(misc)
            tokens.append(Token(form, lemma, upos, xpos, after))
            before = before or space_before
        sentences.append(Sentence(tuple(tokens)))
    return Document(movie_id, genres, tuple(sentences), before)


def _spaces(misc: str) -> tuple[str, str]:
    """The white space behind a token, and before it where the column tells."""
    if misc == "_":
        return " ", ""
    if misc == _NONE:
        return "", ""
    told = {key: value for key, _, value in (item.partition("=") for item in misc.split("|"))}
    after = "" if "SpaceAfter" in told else unescape(told.get("SpacesAfter", r"\s"))
    return after, unescape(told.get("SpacesBefore", ""))


def escape(space: str) -> str:
    r"""White space as UDPipe writes it; what UDPipe does not escape, as its code point.

    Example:
        >>> print(escape(" \t\u2028"))
        \s\t\u2028
    """
    return "".join(_ESCAPES.get(character) or f"\\u{ord(character):04x}" for character in space)


def unescape(escaped: str) -> str:
    """White space that `escape` wrote."""
    return _ESCAPE.sub(lambda found: _UNESCAPES.get(found[0]) or chr(int(found[0][2:], 16)), escaped)
