"""Labels as cells hold them."""

import pytest

from genre.data.cells import flag, label_parser


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["Drama|War", "", "Comedy, Black | War|War"], [["Drama", "War"], [], ["Comedy, Black", "War"]]),
        (["Drama; War", "Film, Noir"], [["Drama", "War"], ["Film, Noir"]]),
        (["comedy, drama ", "western"], [["comedy", "drama"], ["western"]]),
        (["驚悚|劇情", "драма"], [["驚悚", "劇情"], ["драма"]]),
        (["2,27", "3"], [["2", "27"], ["3"]]),
        (['["Drama", "War"]', " ['Drama']", "", "[]"], [["Drama", "War"], ["Drama"], [], []]),
        (
            ['[{"id": 28, "name": "Action"}, {"id": 12, "name": "Adventure"}]', "[{'id': 18, 'name': 'Drama'}]"],
            [["Action", "Adventure"], ["Drama"]],
        ),
        (['{"/m/01jfsb": "Thriller", "/m/06n90": "Science Fiction"}', "{}"], [["Thriller", "Science Fiction"], []]),
        (['{"id": 18, "name": "Drama"}'], [["Drama"]]),
        (["[3, 11]"], [["3", "11"]]),
    ],
)
def test_layouts_are_found_out(cells: list[str], found: list[list[str]]) -> None:
    parse = label_parser(cells, None)
    assert [parse(cell) for cell in cells] == found


def test_a_separator_that_is_given_counts() -> None:
    assert label_parser(["a|b,c"], ",")("a|b,c") == ["a|b", "c"]
    assert label_parser(["a / b"], " / ")("a / b") == ["a", "b"]
    assert label_parser(["[a], b"], "")("[a], b") == ["[a], b"]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("Drama", "is no list and no dictionary"),
        ("['Drama'", "is no list and no dictionary"),
        ("7", "is no list"),
        ('[{"id": 3}]', "holds something that has no name"),
        ("[['Drama']]", "holds something that has no name"),
        ("[__import__('os')]", "is no list and no dictionary"),
    ],
)
def test_a_cell_that_is_no_list(cell: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        label_parser(["['Drama']"], None)(cell)


def test_flags() -> None:
    assert [flag(cell) for cell in ("1", "0", "", "1.0", "0.0", "True", "false")] == [1, 0, 0, 1, 0, 1, 0]
    with pytest.raises(ValueError, match="neither 0 nor 1"):
        flag("2")
