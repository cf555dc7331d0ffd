"""Texts to sentences, without a trained model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.linguistics.sentences import given_punkt, split_sentences

# each line is a text; a bar stands where a sentence ends inside it
CASES = """
A widow opens an inn.
A widow opens an inn. | Nobody comes.
Nobody comes! | She waits.
Will she stay? | She will.
Who is he?! | Nobody knows.
Mr. Abel hides a map.
Mrs. Abel finds Mr. Orme. | They flee.
Dr. Lind returns to St. Brode.
St. Brode is burning. | Capt. Reyes is late.
Lt. Col. Harker obeys Gen. Moss.
Sgt. Pell and Det. Ames disagree.
Prof. Quill teaches at night.
The Rev. Amos Hale prays.
Gov. Tilly meets Sen. Crane.
J. R. Vane writes a will.
J.R. Vane writes a will.
The farm of Mary J. Oakes is sold.
Room No. 5 is locked.
He flees to the U.S. to start again.
He flees to the U.S. | He is poor there.
The U.S. Army lands at dawn.
The U.K. premiere is a disaster.
At 5 a.m. the bell rings.
It is 5 a.m. | The bell rings.
In 44 B.C. a general dies.
Washington D.C. is flooded.
Some birds, e.g. Rooks, return.
His last work, i.e. Nocturne, is lost.
Mills vs. Odell is the case of the year.
Odell, Mills, etc. are invited.
Odell & Co. is bankrupt.
Kite Inc. buys Lamp Ltd. in secret.
John Hale Jr. inherits the farm.
She holds a Ph.D. in botany.
Jack Rowe a.k.a. Blue runs the docks.
He waits... and waits.
He waits... | She never comes.
A war begins. | ...And ends.
The price is 3.50 a pound.
She says "Run." | He runs.
"Who are you?" she asks.
"Stay here." | She leaves.
(He was warned.) | He goes on.
He is warned (twice). | He goes on.
The story of Fort St. Ives. | Based on a play.
Everything burns ! | The end.
Set on Jan. 5 and again on Dec. 9.
Visit www.example.org today.
Version 2.0 is alive. | It learns.
The band Hey! plays on.
a small town. | one night.
Why? | Because. | So.
Wait!!! | She is gone.
""".strip().splitlines()


@pytest.mark.parametrize("case", CASES)
def test_sentences_of_invented_texts(case: str) -> None:
    sentences = case.split(" | ")
    found = split_sentences(" ".join(sentences), given_punkt())
    assert [sentence.rstrip() for sentence in found] == sentences


@given(st.text(st.sampled_from("aB .?!\"')(\n\t\x1c\u2028…0"), max_size=30))
def test_no_character_is_lost_and_no_sentence_is_blank(text: str) -> None:
    found = split_sentences(text, given_punkt())
    assert "".join(found) == text.lstrip()
    assert all(sentence[:1].strip() for sentence in found)
