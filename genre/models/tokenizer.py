"""A tokenizer of transformers, with transformers or without: they take a second to import."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from genre.errors import UserError


class JsonTokenizer:
    """A fast tokenizer without transformers: as much of it as texts need to be cut into tokens.

    Args:
        file: tokenizer.json.
        sep_token: that ends a text.
        pad_token: that fills a batch.

    Raises:
        ValueError: when the file has no such tokens.
    """

    def __init__(self, file: Path, sep_token: str, pad_token: str) -> None:
        self.backend = Tokenizer.from_file(str(file))
        self.backend.no_padding()
        self.sep_token = sep_token
        self.pad_token_id = self.backend.token_to_id(pad_token)
        if self.backend.token_to_id(sep_token) is None or self.pad_token_id is None:
            raise ValueError(f"{file}: has no {sep_token} or no {pad_token}")

    def __call__(self, texts: Sequence[str], *, max_length: int, **_: Any) -> dict[str, list[list[int]]]:
        """Token ids of texts, cut to `max_length` with the special ones."""
        self.backend.enable_truncation(max_length)
        return {"input_ids": [text.ids for text in self.backend.encode_batch(list(texts))]}


def json_tokenizer(folder: Path) -> JsonTokenizer | None:
    """The tokenizer that transformers has saved in a folder; None where it takes transformers to understand it."""
    file, settings = folder / "tokenizer.json", folder / "tokenizer_config.json"
    if not (file.is_file() and settings.is_file()):
        return None
    try:
        tokens = json.loads(settings.read_text(encoding="utf-8"))
        return JsonTokenizer(file, tokens["sep_token"], tokens["pad_token"])
    except Exception:  # noqa: BLE001 - tokenizers raises nothing else; transformers says what is wrong
        return None


def read_tokenizer(folder: Path) -> Any:
    """The same with transformers where need be.

    Raises:
        UserError: when there is none.
    """
    found = json_tokenizer(folder)
    if found is not None:
        return found
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
    except (ValueError, OSError) as error:
        raise UserError(f"{folder}: holds no tokenizer ({str(error).strip().splitlines()[0]})") from error
