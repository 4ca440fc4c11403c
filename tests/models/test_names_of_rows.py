"""Is it seen that the name of a row is cut off?"""

from __future__ import annotations

import pytest

from claims.models import Appearance, Claim, DeskNote, Evidence, FactCheck
from claims.models.fields import beginning


@pytest.mark.parametrize("length", [1, 79, 80, 81, 500])
def test_what_is_cut_off_is_shown(length: int) -> None:
    shown = beginning("a" * length, 80)
    assert len(shown) == min(length, 80)
    assert shown.endswith("…") == (length > 80)


def test_no_row_stops_in_the_middle_of_a_word_without_a_sign() -> None:
    long = "crime doubled " * 40
    rows = [
        Claim(wording=long),
        Appearance(quotation=long),
        Evidence(quotation=long),
        FactCheck(claim_text=long),
        DeskNote(text=long),
    ]
    assert [str(row)[-1:] for row in rows] == ["…"] * len(rows)
    assert all(len(str(row)) <= 120 for row in rows)
