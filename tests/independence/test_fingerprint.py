"""What is kept of a text compares as the text itself does, and is the same in every process."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import asdict

import pytest

from claims.independence.fingerprint import Fingerprint, content_words, fingerprint, pack, unpack
from claims.independence.origins import Text, group
from tests.independence.stories import AGENCY, COPY_WITH_NEW_HEAD, UNRELATED
from tests.independence.test_joining import REWRITE

QUOTING = "The “weir” broke. “We saw nothing coming,” she said, “not at all”. (Reuters) – 1,200 fled at 4.30."
JAPANESE = "首相は月曜日に新しい法律を発表した。「これは必要だ」と述べた。"
TEXTS = [
    AGENCY,
    COPY_WITH_NEW_HEAD,
    REWRITE,
    UNRELATED,
    QUOTING,
    JAPANESE,
    "",
    "One line.",
    AGENCY * 60,
    "the " * 749 + "lighthouses",
]


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_what_is_packed_comes_back_whole(number: int) -> None:
    one = fingerprint(TEXTS[number])
    assert asdict(unpack(pack(one))) == asdict(one)


def test_texts_are_joined_by_their_fingerprints_as_by_themselves() -> None:
    texts = [
        Text(str(number), text, outlet, f"Title {number}", "2026-10-14")
        for number, (text, outlet) in enumerate(
            zip(TEXTS[:5] * 2, [*("Reuters", "Post", "Herald", "Mail", "Sun"), *["Echo"] * 5], strict=True)
        )
    ]
    read = [Text(one.key, "", one.outlet, one.title, one.published, kept(one.text)) for one in texts]
    made = group(texts)
    assert max(len(one.keys) for one in made.groups) > 1
    assert group(read) == made


def test_lines_that_an_outlet_repeats_count_for_nothing_without_the_text() -> None:
    foot = "All of our readers may write to the editors of this paper at any time about any of its reports today.\n"
    texts = [
        f"Report {name} tells how {name} went to {name} over the hills of {name} and came back.\n{foot * 2}"
        for name in ("anna", "bert", "carl")
    ]
    alone = [Text(str(n), outlet=f"Paper {n}", read=kept(text)) for n, text in enumerate(texts)]
    assert len(group(alone).groups) == 1
    same = [Text(str(n), outlet="Paper", read=kept(text)) for n, text in enumerate(texts)]
    assert len(group(same).groups) == 3


def test_no_word_but_of_a_credit_can_be_read_in_it() -> None:
    one = fingerprint(AGENCY)
    data = pack(one)
    for credit in one.named:
        data = data.replace(credit.name.encode(), b"").replace(credit.key.encode(), b"")
    assert not any(
        word.encode() in data for word in content_words(AGENCY) if word.isalpha() and len(word) > 6
    )


def test_it_is_the_same_in_every_process() -> None:
    asked = (
        "import hashlib; from claims.independence.fingerprint import fingerprint;"
        f"print(sorted(fingerprint({QUOTING!r}).traits.fours)[:3])"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", asked],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert said == {f"{sorted(fingerprint(QUOTING).traits.fours)[:3]}\n"}


@pytest.mark.parametrize("data", [b"", b"\x00" * 10, b"\xff" * 300, pack(fingerprint(AGENCY))[:-40]])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no fingerprint"):
        unpack(data)


def kept(text: str) -> Fingerprint:
    return unpack(pack(fingerprint(text)))
