"""Words to tags, parts of speech and lemmas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textblob.en import parser

from genre.linguistics import LightLemmatiser
from genre.linguistics.tagger import tag
from genre.linguistics.universal import UPOS

# invented sentences, tagged by hand
GOLD = """
A/DT young/JJ detective/NN hunts/VBZ a/DT killer/NN who/WP leaves/VBZ riddles/NNS at/IN every/DT scene/NN ./.
When/WRB her/PRP$ brother/NN disappears/VBZ ,/, Maria/NNP returns/VBZ to/TO the/DT village/NN she/PRP left/VBD twenty/CD years/NNS ago/RB ./.
Two/CD friends/NNS plan/VBP a/DT robbery/NN but/CC things/NNS go/VBP wrong/JJ ./.
He/PRP does/VBZ n't/RB know/VB that/IN the/DT boat/NN has/VBZ been/VBN sold/VBN ./.
She/PRP must/MD choose/VB between/IN love/NN and/CC duty/NN ./.
The/DT soldiers/NNS were/VBD forced/VBN to/TO march/VB through/IN the/DT snow/NN ./.
Trapped/VBN in/IN a/DT collapsed/JJ mine/NN ,/, three/CD workers/NNS fight/VBP for/IN their/PRP$ lives/NNS ./.
An/DT old/JJ sailor/NN tells/VBZ the/DT story/NN of/IN the/DT ship/NN that/WDT never/RB came/VBD home/NN ./.
It/PRP 's/VBZ the/DT last/JJ night/NN of/IN summer/NN and/CC everyone/NN is/VBZ dancing/VBG ./.
John/NNP 's/POS wife/NN suspects/VBZ that/IN he/PRP is/VBZ lying/VBG about/IN his/PRP$ past/NN ./.
They/PRP want/VBP to/TO build/VB the/DT tallest/JJS tower/NN in/IN the/DT world/NN ./.
While/IN investigating/VBG a/DT series/NN of/IN murders/NNS ,/, Inspector/NNP Halloran/NNP falls/VBZ in/IN love/NN with/IN the/DT main/JJ suspect/NN ./.
Nobody/NN believes/VBZ the/DT boy/NN until/IN the/DT creature/NN attacks/VBZ again/RB ./.
What/WP would/MD you/PRP do/VB if/IN you/PRP could/MD change/VB the/DT past/NN ?/.
The/DT band/NN plays/VBZ its/PRP$ final/JJ show/NN at/IN the/DT Grand/NNP Hotel/NNP in/IN Lisbon/NNP ./.
A/DT widowed/JJ farmer/NN struggles/VBZ to/TO raise/VB his/PRP$ daughters/NNS during/IN the/DT war/NN ./.
After/IN losing/VBG his/PRP$ job/NN ,/, a/DT banker/NN moves/VBZ back/RB in/IN with/IN his/PRP$ mother/NN ./.
The/DT two/CD sisters/NNS have/VBP not/RB spoken/VBN for/IN ten/CD years/NNS ./.
As/IN the/DT storm/NN approaches/VBZ ,/, the/DT crew/NN discovers/VBZ a/DT stowaway/NN ./.
Set/VBN in/IN the/DT 1930s/NNS ,/, the/DT film/NN follows/VBZ a/DT group/NN of/IN travelling/VBG actors/NNS ./.
She/PRP gives/VBZ up/RP her/PRP$ career/NN to/TO look/VB after/IN her/PRP$ ailing/JJ father/NN ./.
Dr./NNP Keller/NNP has/VBZ invented/VBN a/DT machine/NN which/WDT reads/VBZ minds/NNS ./.
A/DT retired/JJ boxer/NN trains/VBZ a/DT street/NN kid/NN to/TO fight/VB for/IN the/DT title/NN ./.
There/EX is/VBZ a/DT secret/NN in/IN the/DT cellar/NN ,/, and/CC it/PRP wants/VBZ out/RB ./.
``/`` I/PRP never/RB asked/VBD for/IN this/DT ,/, ''/'' says/VBZ the/DT prisoner/NN ./.
Young/JJ lovers/NNS run/VBP away/RB from/IN home/NN to/TO escape/VB their/PRP$ feuding/VBG families/NNS ./.
The/DT mayor/NN 's/POS plans/NNS fall/VBP apart/RB when/WRB a/DT journalist/NN finds/VBZ the/DT missing/VBG money/NN ./.
An/DT alien/JJ ship/NN lands/VBZ near/IN a/DT small/JJ town/NN ,/, causing/VBG panic/NN ./.
He/PRP swore/VBD that/IN he/PRP would/MD never/RB return/VB ,/, yet/CC here/RB he/PRP stands/VBZ ./.
Forced/VBN out/IN of/IN retirement/NN ,/, the/DT assassin/NN takes/VBZ one/CD last/JJ job/NN ./.
A/DT thief/NN steals/VBZ a/DT car/NN and/CC finds/VBZ a/DT baby/NN in/IN the/DT back/NN ./.
The/DT king/NN orders/VBZ his/PRP$ knights/NNS to/TO guard/VB the/DT bridge/NN ./.
Rosa/NNP works/VBZ as/IN a/DT maid/NN and/CC dreams/VBZ of/IN becoming/VBG a/DT singer/NN ./.
Most/JJS of/IN the/DT witnesses/NNS refuse/VBP to/TO talk/VB to/TO the/DT police/NN ./.
Can/MD they/PRP stop/VB the/DT virus/NN before/IN it/PRP spreads/VBZ ?/.
The/DT teacher/NN was/VBD fired/VBN for/IN telling/VBG her/PRP$ students/NNS the/DT truth/NN ./.
Their/PRP$ quiet/JJ life/NN changes/VBZ forever/RB when/WRB a/DT stranger/NN rents/VBZ the/DT spare/JJ room/NN ./.
This/DT is/VBZ the/DT true/JJ story/NN of/IN how/WRB four/CD women/NNS crossed/VBD the/DT desert/NN ./.
Bored/VBN with/IN city/NN life/NN ,/, Tom/NNP and/CC Lucy/NNP buy/VBP a/DT run-down/JJ hotel/NN ./.
The/DT more/RBR he/PRP digs/VBZ ,/, the/DT more/RBR dangerous/JJ it/PRP becomes/VBZ ./.
""".strip().splitlines()


def gold() -> tuple[list[list[str]], list[str]]:
    pairs = [[pair.rsplit("/", 1) for pair in line.split()] for line in GOLD]
    return [[word for word, _ in line] for line in pairs], [penn for line in pairs for _, penn in line]


def test_tags_agree_with_those_given_by_hand() -> None:
    sentences, expected = gold()
    found = [penn for sentence in sentences for penn in tag(sentence)]
    plain = [penn for sentence in sentences for _, penn in parser.find_tags(sentence)]
    agreement = [sum(map(str.__eq__, tags, expected)) / len(expected) for tags in (found, plain)]
    assert agreement[0] >= 0.95
    assert (1 - agreement[0]) < (1 - agreement[1]) / 2  # the context rules halve the errors of the lexicon alone


@given(st.lists(st.one_of(st.text(min_size=1), st.sampled_from(["the", "leaves", "to", "that", "STAART"])), min_size=1))
def test_any_words_have_tags_of_penn(words: list[str]) -> None:
    tags = tag(words)
    assert len(tags) == len(words)
    assert set(tags) <= set(UPOS)


def analysed(text: str, column: str) -> list[str]:
    (sentences,) = LightLemmatiser().analyse([text])
    return [getattr(token, column) for sentence in sentences for token in sentence.tokens]


@pytest.mark.parametrize(
    ("text", "upos"),
    [
        ("She has gone.", "PRON AUX VERB PUNCT"),
        ("She has never gone.", "PRON AUX ADV VERB PUNCT"),
        ("She has a dog.", "PRON VERB DET NOUN PUNCT"),
        ("He doesn't know.", "PRON AUX PART VERB PUNCT"),
        ("They are poor.", "PRON AUX ADJ PUNCT"),
        ("He must pay.", "PRON AUX VERB PUNCT"),
        ("She wants to leave.", "PRON VERB PART VERB PUNCT"),
        ("She walks to the house.", "PRON VERB ADP DET NOUN PUNCT"),
        ("He thinks that it ends if they leave.", "PRON VERB SCONJ PRON VERB SCONJ PRON VERB PUNCT"),
        ("Maria's dog and 3 cats", "PROPN PART NOUN CCONJ NUM NOUN"),
        ("(Her map)", "PUNCT PRON NOUN PUNCT"),
    ],
)
def test_parts_of_speech(text: str, upos: str) -> None:
    assert analysed(text, "upos") == upos.split()


@pytest.mark.parametrize(
    ("text", "lemmas"),
    [
        ("The wives were running.", "the wife be run ."),
        ("Maria's older brothers left Bath.", "Maria 's old brother leave Bath ."),
        ("He can't pay and won't.", "he can not pay and will not ."),
        ("An actor I've seen lies.", "a actor I have see lie ."),
        ("In the 1930s, men died.", "in the 1930s , man die ."),
        ('"Go," he said.', '" go , " he say .'),
    ],
)
def test_lemmas(text: str, lemmas: str) -> None:
    assert analysed(text, "lemma") == lemmas.split()
