"""The picture of a check: any claim fits, and letters that cannot be drawn leave the verdict alone."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from claims.exports.share_card import SIZE, Face, ShareCard, draw, wrapped

FONTS = Path(__file__).resolve().parents[2] / "claims" / "static" / "claims" / "fonts"
CARD = ShareCard(
    desk="North Desk", day="13 May 2026", quotation="No unit fired after six.", said_by="Ilse Brandt",
    rating="False", drawing="cross", tone="is-bad", site="check.example",
)  # fmt: skip


def picture(card: ShareCard) -> Image.Image:
    return Image.open(io.BytesIO(draw(card, fonts=FONTS))).convert("RGB")


def differs(one: ShareCard, other: ShareCard, box: tuple[int, int, int, int]) -> bool:
    return ImageChops.difference(picture(one).crop(box), picture(other).crop(box)).getbbox() is not None


QUOTED = (0, 120, 1200, 490)
BELOW = (0, 500, 1200, 630)


def test_a_card_shows_the_claim_and_the_verdict() -> None:
    assert picture(CARD).size == SIZE
    assert differs(CARD, replace(CARD, quotation="No unit fired after five."), QUOTED)
    assert not differs(CARD, replace(CARD, quotation="No unit fired after five."), BELOW)
    assert differs(CARD, replace(CARD, rating="True"), BELOW)


@pytest.mark.parametrize(
    "name", ["check", "check-outline", "half", "cross-outline", "triangle", "question", "circle"]
)
def test_each_drawing_is_another(name: str) -> None:
    assert differs(CARD, replace(CARD, drawing=name), (72, 520, 140, 600))


@pytest.mark.parametrize("quotation", ["word " * 400, "x" * 3_000, "“„«»” ż ő ș " * 60])
def test_a_claim_of_any_length_stays_above_the_line(quotation: str) -> None:
    assert not differs(CARD, replace(CARD, quotation=quotation), BELOW)


@pytest.mark.parametrize(
    "quotation", ["لم تطلق أي وحدة النار", "没有任何部队开火", "Они не стреляли", "שום יחידה"]
)
def test_what_the_typefaces_lack_is_left_out_rather_than_drawn_as_boxes(quotation: str) -> None:
    bare = replace(CARD, quotation="")
    assert not differs(bare, replace(CARD, quotation=quotation), QUOTED)


def test_letters_of_both_files_are_known() -> None:
    face = Face(FONTS, "serif", 20, 400)
    assert face.knows("Łódź “quoted” – it’s 50 € …")
    assert not face.knows("где")


def test_a_word_wider_than_the_line_is_broken() -> None:
    lines = wrapped("aaaa bb cccccccccc d", lambda text: float(len(text)), 6)
    assert lines == ["aaaa", "bb", "cccccc", "cccc d"]
    assert "".join(lines).replace(" ", "") == "aaaabbccccccccccd"
