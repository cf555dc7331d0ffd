"""Training sets given by how many films have which labels."""

import numpy as np
import pytest


@pytest.fixture(scope="session")
def make_labels():
    """`make_labels(labels, (films, "AB"), ...)`: 0/1 matrix (B, labels) of so many films with the labels A and B, ..."""

    def make(labels: int, *groups: tuple[int, str]) -> np.ndarray:
        rows = [
            [int(chr(65 + label) in names) for label in range(labels)] for films, names in groups for _ in range(films)
        ]
        return np.array(rows, dtype=np.uint8)

    return make
