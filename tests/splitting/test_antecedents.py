"""A pronoun becomes a name only where it is sure whose; learning reads who is who from a treebank."""

from __future__ import annotations

import pytest

from claims.splitting.claimants.antecedent_training import cases, learn, out_of_fold
from tests.splitting.seen import analysed

TREEBANK = """\
# newpar
# newpar_block = p (2 s)
# text = Ida Holm met Per.
1	Ida	Ida	PROPN	NNP	_	3	nsubj	_	Entity=(1-person-new-1-coref
2	Holm	Holm	PROPN	NNP	_	1	flat	_	Entity=1)
3	met	meet	VERB	VBD	_	0	root	_	_
4	Per	Per	PROPN	NNP	_	3	obj	_	Entity=(2-person-new-1-coref)|SpaceAfter=No
5	.	.	PUNCT	.	_	3	punct	_	_

# text = She left.
1	She	she	PRON	PRP	_	2	nsubj	_	Entity=(1-person-acc-1-ana)
2	left	leave	VERB	VBD	_	0	root	_	SpaceAfter=No
3	.	.	PUNCT	.	_	2	punct	_	_
"""


def last_wording(text: str) -> tuple[str, list[str]]:
    """Return the last wording of a text and the questions it leaves."""
    unit = analysed(text, published="2024-05-08").units[-1]
    return unit.wording.text, [place.why for place in unit.wording.unresolved]


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("Ida Holm founded the mill in 1990. Holm sold it to Otto Berg. She died in 2010.", "Ida Holm died"),
        (
            "Anton Weiss is a painter. Anton Weiss met Otto Brandt. His first show sold well.",
            "Anton Weiss' first",
        ),
        (
            "Anton Weiss led the bank. Otto Brandt was his clerk. Weiss left. He sold 40 boats.",
            "Anton Weiss sold",
        ),
    ],
)
def test_who_the_text_is_about_is_named(text: str, begins: str) -> None:
    assert last_wording(text)[0].startswith(begins)


@pytest.mark.parametrize(
    "text",
    [
        "The Nobel Prize went to Norway. He sold 40 boats in May.",
        "The pupils met Anton Weiss, Otto Brandt and Karl Moser. He sold 40 boats in May.",
        "“He closed three mills,” Anton Weiss said.",
        "Ida Holm founded the mill in 1990. He sold 40 boats in May.",
    ],
)
def test_where_nobody_is_sure_the_reader_is_asked(text: str) -> None:
    wording, asked = last_wording(text)
    assert wording.startswith("He ")
    assert "who is “he”?" in asked


def test_a_treebank_tells_whom_a_pronoun_means() -> None:
    (case,) = cases("GUM_bio_holm", TREEBANK)
    right = {one.who: is_right for one, is_right in zip(case.candidates, case.right, strict=True)}
    assert right["Ida Holm"]
    assert not any(right[who] for who in right if who != "Ida Holm")


def test_what_is_learned_prefers_whom_the_treebank_means() -> None:
    two = TREEBANK.replace("Per", "Berta Lund", 1).replace("4	Per", "4	Berta", 1)
    two = two.replace(
        "5	.	.	PUNCT",
        "5	Lund	Lund	PROPN	NNP	_	4	flat	_	_\n6	.	.	PUNCT",
        1,
    )
    rows = [case for number in range(9) for case in cases(f"GUM_bio_{number}", two)]
    weights = learn(rows)["weights"]
    assert isinstance(weights, dict)
    assert set(weights) >= {"a subject", "named most"}
    assert len(out_of_fold(rows)) == len(rows)
