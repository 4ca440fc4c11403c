"""The shadow has the length of the text, whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.language.normalise import NOTHING, repair, shadow


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("“He’s ‘here’”", "\"He's 'here'\""),
        ("„Ja“ «oui»", '"Ja" «oui»'),
        ("2015–16 — well", "2015-16 — well"),
        ("a\u00a0b\u202fc\td", "a b c d"),
        ("one\r\ntwo\rthree\x0cfour\u2028five", "one \ntwo\nthree\nfour\nfive"),
        ("co\u00adoperate", f"co{NOTHING}operate"),
        ("\ufeffStart \u200b end\u200b", " Start   end "),
        ("a\x00b", "a\ufffdb"),
    ],
)
def test_variants_are_folded_one_for_one(text: str, seen: str) -> None:
    assert shadow(text) == seen


def test_repair_replaces_nul_and_lone_surrogates_only() -> None:
    assert repair("a\x00b\ud800c😀\r\n ") == "a\ufffdb\ufffdc😀\r\n "
    repair("\udfff").encode("utf-8")


@given(st.text(alphabet=st.characters(exclude_categories=()) | st.sampled_from("\u200b\r\n\u00ad “’")))
def test_the_shadow_has_the_same_length_and_is_its_own_shadow(text: str) -> None:
    assert len(shadow(text)) == len(text)
    assert shadow(shadow(text)) == shadow(text)
    assert len(repair(text)) == len(text)
