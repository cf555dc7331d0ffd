"""Parts of the report about descriptions: which are missing, how long they are, what they say."""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from genre.report.document import Section, counted
from genre.report.explore import counts, plots, words
from genre.report.explore.films import NO_YEAR, TEXT_GAPS, Films

WORDS_SHOWN = 8
DUPLICATES_SHOWN = 20


def lengths(films: Films, film_words: pa.ListArray) -> Section:
    """How long descriptions are, in characters and words.

    Args:
        films: whose whole descriptions are measured.
        film_words: words of these descriptions.
    """
    number = pc.fill_null(pc.list_value_length(film_words), 0).to_pandas()
    characters = films.table["description"][films.whole].str.len().reset_index(drop=True)
    measured = pd.DataFrame({"characters": characters.astype(int), "words": number.astype(int)})
    table = counts.length_quantiles(measured)
    text = "Only whole descriptions: placeholders and cut texts are left out. A word is a run of letters and digits."
    if measured.empty:
        return Section("lengths", "Length of descriptions", table.head(0), text, "No description is whole")
    text += " The longest 0.5 % lie to the right of the picture; the table has the longest."
    median, most = (measured.quantile(quantile) for quantile in (0.5, 0.95))
    finding = (
        f"Median {median['characters']:,.0f} characters or {median['words']:,.0f} words; "
        f"95 % have up to {most['characters']:,.0f} or {most['words']:,.0f}"
    )
    figure = plots.length_histograms(measured, title=finding)
    return Section("lengths", "Length of descriptions", table, text, finding, figure)


def gaps_by_genre(films: Films) -> Section:
    """What films lack, by genre."""
    kinds = [str(kind) for kind, there in films.gaps.any().items() if there]
    table = counts.gaps_by_genre(films.gaps, films.labels, films.genres)
    # the genres with least to read on top
    worst = table.assign(text=table[list(TEXT_GAPS)].sum(axis="columns")).sort_values(["text", NO_YEAR], kind="stable")
    table = table.loc[worst.index[::-1]]
    parts = [f"{kind} {100 * films.gaps[kind].mean():.0f} %" for kind in kinds]
    finding = f"All films: {', '.join(parts)}" if parts else "No film lacks its description or its year"
    figure = plots.gaps_by_genre(table, kinds, title=finding) if kinds else None
    text = (
        "% of each genre's films. A placeholder says nothing of the film; a cut text is the beginning of a longer one."
    )
    return Section("gaps_by_genre", "Gaps by genre", table, text, finding, figure)


def gaps_by_year(films: Films) -> Section:
    """What descriptions lack, by year."""
    gaps = films.gaps[list(TEXT_GAPS)]
    table = counts.gaps_by_year(gaps, films.years)
    kinds = [kind for kind in TEXT_GAPS if gaps[kind].any()]
    if not kinds:
        return Section("gaps_by_year", "Gaps by year", table.head(0), "", "Every film has a whole text")
    undated = films.gaps[NO_YEAR]
    rates = [f"{100 * (~films.whole[part]).mean():.0f} %" for part in (undated, ~undated) if part.any()]
    finding = f"No whole text: {rates[0]} of the films"
    if len(rates) == 2:
        finding = f"No whole text: {rates[0]} of the films without a year, {rates[1]} of the others"
    enough = (table["films"] >= plots.MIN_FILMS_OF_A_YEAR).sum() > 1
    figure = plots.gaps_by_year(table, kinds, title=finding) if enough else None
    text = "% of each year's films."
    if figure:
        text += f" The picture leaves out years with fewer than {plots.MIN_FILMS_OF_A_YEAR} films."
    return Section("gaps_by_year", "Gaps by year", counts.years_as_names(table), text, finding, figure)


def distinctive_words(films: Films, film_words: pa.ListArray, source: str) -> Section:
    """Which words tell a genre from the rest.

    Args:
        films: of whose whole descriptions the words are.
        film_words: of each of these descriptions.
        source: what these words are.
    """
    table = words.distinctive_words(film_words, films.labels[films.whole], films.genres, top=2 * WORDS_SHOWN)
    text = (
        f"Counted are {source}, once for each film, where at least {words.MIN_FILMS} films of the genre and "
        f"{100 * words.MIN_SHARE:g} % of all films use them; function words are left out. z is the log-odds ratio of "
        "the genre's films against all others in standard errors, with an informative Dirichlet prior (Monroe, "
        f"Colaresi, Quinn 2008); words below {words.SIGNIFICANT} are not shown. So many are tried that "
        "some of the smaller z are chance: with the genres of films shuffled, some words of each would stand here."
    )
    if table.empty:
        return Section("words", "Distinctive words", table, text, "No word tells a genre from the others")
    finding = "The words that tell each genre from the others, by z"
    having = set(table["genre"])
    if lacking := [genre for genre in films.genres if genre not in having]:
        text += f" None stands out in {', '.join(lacking)}."
    told = [genre for genre in films.genres if genre in having]
    figure = plots.word_panels(table, told, top=WORDS_SHOWN, title=finding)
    return Section("words", "Distinctive words", table, text, finding, figure)


def duplicates(films: Films) -> Section:
    """Descriptions that several films share."""
    shared = counts.duplicates(films.table["description"][films.whole])
    text = "Whole descriptions that are equal but for case and white space; placeholders and cut texts are left out."
    if shared.empty:
        return Section("duplicates", "Duplicates", shared, text, "No two films share a description")
    text += f" The table has the {DUPLICATES_SHOWN} most shared ones." * (len(shared) > DUPLICATES_SHOWN)
    finding = (
        f"{shared['films'].sum():,} films share {counted(len(shared), 'description')}, "
        f"up to {shared['films'].max():,} films one"
    )
    groups = counts.duplicate_groups(shared)
    labels = [f"{row.descriptions:,} ({row.films:,} films)" for row in groups.itertuples()]
    names = [f"{size} films" for size in groups["shared by"]]
    figure = plots.bars(
        names, groups["descriptions"], labels, title=finding, unit="descriptions that so many films share"
    )
    return Section("duplicates", "Duplicates", shared.head(DUPLICATES_SHOWN), text, finding, figure)
