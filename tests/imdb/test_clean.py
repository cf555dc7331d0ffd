"""The rules of cleaning together: what they repair, drop and count."""

from dataclasses import fields, replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genre.config import DataConfig, RulesConfig, compose
from genre.imdb.clean import clean_films, clean_texts, enrich

RULES = [field.name for field in fields(RulesConfig)]


@pytest.fixture(scope="module")
def cfg() -> DataConfig:
    return compose("train").data


def films(*descriptions: str, genres: str = "Drama") -> pd.DataFrame:
    ids = [f"t{number}" for number in range(len(descriptions))]
    table = pd.DataFrame({"movie_id": ids, "title": "A", "year": "", "description": descriptions, "genres": genres})
    return table.assign(cells=genres, unknown="").astype("str")


def cleaned(table: pd.DataFrame, cfg: DataConfig) -> tuple[pd.DataFrame, dict[str, int], dict[str, int]]:
    texts, repaired = clean_texts(table, cfg)
    result, dropped = clean_films(texts.assign(source="kaggle"), cfg)
    return result, repaired, dropped


def only(cfg: DataConfig, *rules: str, **settings: object) -> DataConfig:
    return replace(cfg, rules=RulesConfig(**{rule: rule in rules for rule in RULES}), **settings)


# one film for each rule that drops films, and what becomes of it
FOR_EACH_RULE = {
    "placeholder": "The plot is being kept under wraps for now.",
    "cut_text": "A king and his three sons go to ... See full summary »",
    "too_short": "A king dies.",
    "not_text": "4711 0815 4711 0815 4711",
    "duplicate": "A FERRYMAN carries a stranger across the river at night and learns his name",
    "near_duplicate": "A ferryman carries a stranger across the river at night, and learns his name too.",
}
KEPT = "A ferryman carries a stranger across the river at night and learns his name."


@pytest.mark.parametrize("rule", FOR_EACH_RULE)
def test_each_rule_drops_its_film_and_can_be_switched_off(cfg: DataConfig, rule: str) -> None:
    table = films(KEPT, FOR_EACH_RULE[rule])
    result, _, dropped = cleaned(table, cfg)
    assert result["movie_id"].tolist() == ["t0"]
    assert {name for name, count in dropped.items() if count} == {rule}
    result, _, dropped = cleaned(table, only(cfg, *(name for name in RULES if name != rule)))
    assert rule not in dropped
    # without its rule a placeholder is an ordinary text; a duplicate is found by the rule for near ones
    assert len(result) == (1 if rule == "duplicate" else 2)


def test_a_film_without_a_genre_is_dropped(cfg: DataConfig) -> None:
    table = films(KEPT, genres="")
    assert cleaned(table, cfg)[2]["no_genre"] == 1
    assert len(cleaned(table, only(cfg))[0]) == 1


@pytest.mark.parametrize(
    ("rule", "text", "repaired"),
    [
        ("unicode", "The  caf\u00c3\u00a9 opens at dawn.", "The café opens at dawn."),
        ("html", "A king &amp; his<br>sons walk.", "A king & his sons walk."),
        ("source_tail", "A king dies in his bed. Written by Ann Lee", "A king dies in his bed."),
        ("placeholder", "Plot unknown. Sequel to a heist film.", "Sequel to a heist film."),
    ],
)
def test_each_repair_is_counted_and_can_be_switched_off(cfg: DataConfig, rule: str, text: str, repaired: str) -> None:
    result, counts, _ = cleaned(films(text), cfg)
    assert result["description"].tolist() == [repaired]
    assert {name for name, count in counts.items() if count} == {rule}
    result, counts, _ = cleaned(films(text), only(cfg, *(name for name in RULES if name != rule)))
    assert result["description"].tolist() == [text]
    assert rule not in counts


def test_what_one_repair_lays_open_another_mends(cfg: DataConfig) -> None:
    text = "A king dies in his bed. &amp;lt;br&amp;gt; &lt;i&gt;[Synopsis from the publisher]&lt;/i&gt; Plot unknown."
    assert cleaned(films(text), cfg)[0]["description"].tolist() == ["A king dies in his bed."]


def test_cut_texts_can_be_kept_up_to_their_last_sentence(cfg: DataConfig) -> None:
    table = films("A king dies in his bed. His sons ... See full summary »", "A king and ... See full summary »")
    texts, counts = clean_texts(table, replace(cfg, truncated="keep"))
    assert texts["description"].tolist() == ["A king dies in his bed.", ""]
    assert texts["unusable"].tolist() == ["", "cut_text"]
    assert texts["wanted"].tolist() == ["cut_text", "cut_text"]  # the whole text is still worth asking for
    assert counts["cut_text"] == 1


def test_cut_texts_for_training_alone_give_way_to_whole_ones(cfg: DataConfig) -> None:
    beginning = "A king dies in his bed."
    table = films(f"{beginning} His sons ... See full summary »", beginning, "Nine men rob ... See full summary »")
    table.loc[len(table)] = table.loc[0].replace(
        {"t0": "t3", table["description"][0]: f"{KEPT} And ... See full summary »"}
    )
    result, _, dropped = cleaned(table, replace(cfg, truncated="train", source="kaggle"))
    assert result[["movie_id", "part"]].to_numpy().tolist() == [["t1", ""], ["t3", "train"]]
    assert (dropped["duplicate"], dropped["cut_text"]) == (1, 1)
    result, _, _ = cleaned(table, replace(cfg, truncated="keep", source="kaggle"))
    assert result["movie_id"].tolist() == ["t0", "t3"]  # in their order
    assert "part" not in result


def test_a_text_that_is_whole_without_its_end_is_for_all_parts(cfg: DataConfig) -> None:
    """What dropping cut texts keeps is kept as it is, or the split of all films would be another one."""
    table = films(f"{KEPT} © is about the various... See full summary »", "A king dies. And ... See full summary »")
    dropped, _, _ = cleaned(table, cfg)
    assert dropped[["movie_id", "description"]].to_numpy().tolist() == [["t0", KEPT]]
    result, _, _ = cleaned(table, replace(cfg, truncated="train", source="kaggle", min_chars=1))
    assert result["part"].tolist() == ["", "train"]
    assert result["description"].tolist() == [KEPT, "A king dies."]


def test_genres_are_kept_and_dropped(cfg: DataConfig) -> None:
    table = films(KEPT, "A quiet comedy about two bakers.", "Nine men rob a bank at noon.")
    table["genres"] = ["Drama|War", "Comedy|Drama", "Drama"]
    result, _, dropped = cleaned(table, replace(cfg, drop_genres=["Drama"]))
    assert result["genres"].tolist() == ["War", "Comedy"]
    assert dropped["no_genre"] == 1
    result, _, _ = cleaned(table, replace(cfg, genres=["War", "Drama"], drop_genres=["Drama"]))
    assert result["genres"].tolist() == ["War"]


def test_crawled_texts_fill_gaps_only_and_pass_the_same_rules(cfg: DataConfig) -> None:
    table, _ = clean_texts(films("Add a Plot", KEPT, "A king ... See full summary »", "", "Add a Plot"), cfg)
    crawled = pd.DataFrame(
        {
            "movie_id": ["t0", "t1", "t2", "t3", "t9"],
            "description": [
                "A  baker &amp; his old oven.",
                "Other text.",
                "A king dies of grief.",
                "N/A",
                "Not asked for.",
            ],
            "source": ["omdb", "omdb", "tmdb", "omdb", "omdb"],
        }
    ).astype("str")
    enriched, counts = enrich(table, crawled, cfg)
    result, dropped = clean_films(enriched, cfg)
    assert result[["movie_id", "description", "source"]].to_numpy().tolist() == [
        ["t0", "A baker & his old oven.", "omdb"],
        ["t1", KEPT, "invented"],
        ["t2", "A king dies of grief.", "tmdb"],
    ]
    assert counts == {"omdb": 1, "tmdb": 1}
    assert dropped["placeholder"] == 2


pieces = st.sampled_from(
    [
        "A king dies in his bed.",
        "Plot unknown.",
        "The plot is under wraps",
        " ",
        "\n",
        "&amp;",
        "&lt;b&gt;",
        "amp;",
        "<br>",
        "Written by Ann Lee",
        "[Synopsis from the publisher]",
        "...",
        "See full summary »",
        "\u00c3\u00a9",
        "\u00e2\u20ac\u2122",
        "e\u0301",
        "<more>",
        "Tags : king",
        "Add a Plot",
        "(",
        "- but",
        "4711",
    ]
)
descriptions = st.one_of(
    st.lists(pieces, max_size=7).map("".join), st.lists(pieces, max_size=7).map(" ".join), st.text()
)


@settings(max_examples=30)  # of many texts each: a call costs more than a text
@given(st.lists(descriptions, min_size=1, max_size=24), st.sampled_from(["drop", "keep"]))
def test_cleaning_is_idempotent(cfg: DataConfig, texts: list[str], truncated: str) -> None:
    cfg = replace(cfg, truncated=truncated)
    once, _, dropped = cleaned(films(*(text.replace("\0", "") for text in texts)), cfg)
    assert len(once) + sum(dropped.values()) == len(texts)
    twice, repaired, dropped = cleaned(once, cfg)
    pd.testing.assert_frame_equal(once, twice)
    assert not any([*repaired.values(), *dropped.values()])
