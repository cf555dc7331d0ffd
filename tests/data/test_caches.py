"""Caches: found again, remade where they are damaged, done without where nothing can be written."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from genre.data.caches import kept
from genre.data.tokens import cached_tokens
from genre.models.minilm import minilm_folder


def numbers(file: Path, made: list[int], *, new: object = None) -> list[int]:
    def make() -> list[int]:
        made.append(1)
        return [1, 2, 3]

    def write(path: Path, value: list[int]) -> None:
        path.write_text(" ".join(map(str, value)))

    def read(path: Path) -> list[int]:
        return [int(word) for word in path.read_text().split()]

    return kept(file, make, write, read, *([new] if new else []))  # type: ignore[arg-type]


def test_a_cache_is_made_once_and_again_where_it_is_damaged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    made: list[int] = []
    file = tmp_path / "numbers"
    assert numbers(file, made) == numbers(file, made) == [1, 2, 3]
    assert len(made) == 1
    file.write_text("1 2 x")
    assert numbers(file, made) == numbers(file, made) == [1, 2, 3]
    assert len(made) == 2
    assert f"{file} is damaged" in caplog.text


def test_where_nothing_can_be_written_it_is_made_each_time(tmp_path: Path) -> None:
    @contextmanager
    def refused(_: Path) -> Iterator[Path]:
        raise OSError(errno.EROFS, "Read-only file system")
        yield

    made: list[int] = []
    assert numbers(tmp_path / "numbers", made, new=refused) == [1, 2, 3]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["ids.npy", "offsets.npy"])
@pytest.mark.parametrize("content", [None, b"", b"\x93NUMPY", 0.5])
def test_damaged_tokens_are_cut_again(tmp_path: Path, name: str, content: bytes | float | None) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(minilm_folder())
    texts = ["A ferryman rows.", "Two friends, one bank."]
    sound = cached_tokens(texts, tokenizer, 16, tmp_path, progress=False)
    ids = np.array(sound.ids)
    (cache,) = tmp_path.iterdir()
    file = cache / name
    whole = file.read_bytes()
    file.unlink()
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else whole[: int(len(whole) * content)])
    again = cached_tokens(texts, tokenizer, 16, tmp_path, progress=False)
    assert np.array_equal(again.ids, ids)
    assert file.read_bytes() == whole
