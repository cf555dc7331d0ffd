"""A stage runs again when something that it depends on changed, and only then."""

import json
from pathlib import Path

import pytest

from genre.data.pipeline import Pipeline, Stage
from genre.errors import UserError


class Kitchen:
    """Two stages that copy text, and one that may add a second file to the last product; they write down their runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ran: list[str] = []
        self.settings: dict[str, int] = {}
        self.failed = 0
        self.code = folder / "code.py"
        self.code.write_text("1")
        (folder / "raw.txt").write_text("raw")

    def run(self, *names: str) -> list[str]:
        self.ran.clear()
        path = self.folder.joinpath

        def copy(name: str, *sources: str, target: str) -> dict[str, int]:
            self.ran.append(name)
            path(target).write_text(" ".join(path(source).read_text() for source in sources if path(source).exists()))
            return {"copied": 1, "failed": self.failed}

        stages = [
            Stage(
                name="first",
                inputs=[path("raw.txt")],
                optional=[],
                outputs=[path("first.txt")],
                settings=dict(self.settings),
                code=[self.code],
                run=lambda: copy("first", "raw.txt", target="first.txt"),
            ),
            Stage(
                name="second",
                inputs=[path("first.txt")],
                optional=[],
                outputs=[path("second.txt")],
                settings={},
                code=[],
                run=lambda: copy("second", "first.txt", target="second.txt"),
            ),
            Stage(
                name="third",
                inputs=[path("first.txt")],
                optional=[path("more.txt")],
                outputs=[path("second.txt")],
                settings={},
                code=[],
                run=lambda: copy("third", "first.txt", "more.txt", target="second.txt"),
            ),
        ]
        Pipeline(self.folder, stages).run(names or ("first", "second", "third"))
        return list(self.ran)


@pytest.fixture
def kitchen(tmp_path: Path) -> Kitchen:
    return Kitchen(tmp_path)


def test_nothing_runs_twice(kitchen: Kitchen) -> None:
    assert kitchen.run() == ["first", "second"]
    assert kitchen.run() == []


def test_a_changed_input_runs_what_depends_on_it(kitchen: Kitchen) -> None:
    kitchen.run()
    (kitchen.folder / "raw.txt").write_text("other")
    assert kitchen.run() == ["first", "second"]
    assert (kitchen.folder / "second.txt").read_text() == "other"


def test_a_touched_input_with_the_same_content_runs_nothing(kitchen: Kitchen) -> None:
    kitchen.run()
    (kitchen.folder / "raw.txt").touch()
    assert kitchen.run() == []


def test_an_unchanged_product_stops_the_chain(kitchen: Kitchen) -> None:
    kitchen.run()
    kitchen.settings = {"unused": 1}
    assert kitchen.run() == ["first"]


def test_changed_code_runs_its_stage(kitchen: Kitchen) -> None:
    kitchen.run()
    kitchen.code.write_text("2")
    assert kitchen.run() == ["first"]


@pytest.mark.parametrize("damage", ["removed", "changed"])
def test_a_lost_or_changed_product_is_made_again(kitchen: Kitchen, damage: str) -> None:
    kitchen.run()
    product = kitchen.folder / "second.txt"
    product.unlink() if damage == "removed" else product.write_text("by hand")
    assert kitchen.run() == ["second"]
    assert product.read_text() == "raw"


def test_a_later_stage_adds_to_a_product_when_it_has_something(kitchen: Kitchen) -> None:
    kitchen.run()
    (kitchen.folder / "more.txt").write_text("more")
    assert kitchen.run() == ["third"]
    assert (kitchen.folder / "second.txt").read_text() == "raw more"
    assert kitchen.run() == []
    (kitchen.folder / "raw.txt").write_text("new")
    assert kitchen.run() == ["first", "second", "third"]
    assert (kitchen.folder / "second.txt").read_text() == "new more"
    (kitchen.folder / "more.txt").unlink()
    assert kitchen.run() == ["third"]
    assert (kitchen.folder / "second.txt").read_text() == "new"


def test_a_product_made_anew_is_added_to_again(kitchen: Kitchen) -> None:
    (kitchen.folder / "more.txt").write_text("more")
    assert kitchen.run() == ["first", "second", "third"]
    (kitchen.folder / "second.txt").unlink()
    assert kitchen.run() == ["second", "third"]
    assert (kitchen.folder / "second.txt").read_text() == "raw more"


def test_a_stage_that_tells_of_failures_is_tried_again(kitchen: Kitchen) -> None:
    kitchen.failed = 1
    kitchen.run("first")
    kitchen.failed = 0
    assert kitchen.run("first") == ["first"]
    assert kitchen.run("first") == []


def test_a_missing_input_names_the_stage_that_makes_it(kitchen: Kitchen) -> None:
    with pytest.raises(UserError, match=r"stage second: .*first.txt is missing; run the stage first first"):
        kitchen.run("second")


def test_an_input_of_other_settings_is_refused(kitchen: Kitchen) -> None:
    kitchen.run()
    kitchen.settings = {"chosen": 1}
    with pytest.raises(UserError, match="was made by the stage first with other settings; run that stage too"):
        kitchen.run("second")


@pytest.mark.parametrize("content", ["{", "{}", "[]", '{"stages": {}}', '{"stages": {}, "products": [], "files": {}}'])
def test_a_damaged_manifest_means_everything_runs(kitchen: Kitchen, content: str) -> None:
    kitchen.run()
    (kitchen.folder / "manifest.json").write_text(content)
    assert kitchen.run() == ["first", "second"]


def test_the_manifest_tells_hashes_counts_and_times(kitchen: Kitchen) -> None:
    kitchen.run()
    record = json.loads((kitchen.folder / "manifest.json").read_text())["stages"]["first"]
    assert record["counts"]["copied"] == 1
    assert set(record["depends"]) == {"inputs", "settings", "code"}
    ((name, digest),) = record["depends"]["inputs"]
    assert (name, len(digest)) == ("raw.txt", 64)
    assert record["seconds"] >= 0
    assert record["finished"].startswith("20")
