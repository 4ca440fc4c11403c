"""One picture of a fact check for those who pass its address on: the claim as a quotation, and the verdict.

1200 by 630 pixels, PNG, in the colours and the two typefaces of the pages. It refuses to draw letters that the
typefaces lack: a card whose quotation would be boxes shows the verdict and the desk alone.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)
MARGIN = 72
PAPER, INK, QUIET, LINE, MARK = "#ffffff", "#1b1a17", "#605c54", "#e2dfd8", "#ffe68f"
TONES = {"is-good": "#17683e", "is-mixed": "#855000", "is-bad": "#ad251b", "is-open": "#605c54"}
#: Sizes of the quotation, the largest that fits is taken; beyond the last one it is cut.
QUOTATION_SIZES = (60, 52, 44, 38)
_LINES_HIGH = 290
_SMOOTH = 4

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ShareCard:
    """What a card says; ``drawing`` and ``tone`` are those of the rating's tag on pages."""

    desk: str
    day: str
    quotation: str
    said_by: str
    rating: str
    drawing: str
    tone: str
    site: str


class Face:
    """One typeface in one weight and size, in two files: Latin, and what it lacks."""

    def __init__(self, folder: Path, name: str, size: int, weight: int) -> None:
        self.size = size
        self._fonts = [
            _font(folder / f"{name}-{part}.woff2", size, weight) for part in ("latin", "latin-ext")
        ]
        self._of: dict[str, int] = {}

    def knows(self, text: str) -> bool:
        """Tell whether every letter of a text can be drawn."""
        return all(self._font_of(letter) >= 0 for letter in text)

    def width(self, text: str) -> float:
        return sum(self._fonts[at].getlength(part) for at, part in self._runs(text))

    def draw(self, on: ImageDraw.ImageDraw, place: Point, text: str, colour: str) -> None:
        """Draw one line whose baseline begins at a place."""
        x, y = place
        for at, part in self._runs(text):
            on.text((x, y), part, font=self._fonts[at], fill=colour, anchor="ls")
            x += self._fonts[at].getlength(part)

    def _runs(self, text: str) -> list[tuple[int, str]]:
        runs: list[tuple[int, str]] = []
        for letter in text:
            at = max(0, self._font_of(letter))
            if runs and (runs[-1][0] == at or letter == " "):
                runs[-1] = (runs[-1][0], runs[-1][1] + letter)
            else:
                runs.append((at, letter))
        return runs

    def _font_of(self, letter: str) -> int:
        found = self._of.get(letter)
        if found is None:
            found = self._of[letter] = next(
                (at for at, font in enumerate(self._fonts) if letter == " " or _has(font, letter)), -1
            )
        return found


def _font(file: Path, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(io.BytesIO(_bytes(file)), size)
    font.set_variation_by_axes([weight])
    return font


@lru_cache(maxsize=8)
def _bytes(file: Path) -> bytes:
    return file.read_bytes()


def _has(font: ImageFont.FreeTypeFont, letter: str) -> bool:
    """Tell whether a font has a letter: what it lacks is drawn as the same box."""
    return bytes(font.getmask(letter)) != bytes(font.getmask("\U0010ffff"))


def draw(card: ShareCard, *, fonts: Path) -> bytes:
    """Return the picture as PNG. ``fonts`` is the folder with the pages' typefaces."""
    image = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(image)
    width, height = SIZE
    sans, bold = Face(fonts, "sans", 26, 450), Face(fonts, "sans", 46, 700)
    brand = Face(fonts, "serif", 34, 700)
    pen.rectangle((0, 0, width, 14), fill=TONES.get(card.tone, QUIET))
    _brand(pen, (MARGIN, 62))
    _fitted(pen, brand, (MARGIN + 52, 96), card.desk, INK, width - 2 * MARGIN - 300)
    _right(pen, sans, (width - MARGIN, 94), card.day, QUIET)
    if card.quotation and Face(fonts, "serif", 20, 400).knows(card.quotation):
        _quotation(pen, card, fonts)
    pen.line((MARGIN, height - 132, width - MARGIN, height - 132), fill=LINE, width=2)
    if bold.knows(card.rating):
        glyph = _glyph(card.drawing, TONES.get(card.tone, QUIET), 56)
        image.paste(glyph, (MARGIN, height - 102), glyph)
        _fitted(pen, bold, (MARGIN + 76, height - 58), card.rating, INK, width - 2 * MARGIN - 420)
    _right(pen, sans, (width - MARGIN, height - 62), card.site, QUIET)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _quotation(pen: ImageDraw.ImageDraw, card: ShareCard, fonts: Path) -> None:
    room = SIZE[0] - 2 * MARGIN
    for size in QUOTATION_SIZES:
        face = Face(fonts, "serif", size, 500)
        step = round(size * 1.28)
        lines = wrapped(f"“{card.quotation}”", face.width, room)
        most = _LINES_HIGH // step
        if len(lines) <= most:
            break
    else:
        lines = lines[:most]
        while lines[-1] and face.width(lines[-1] + " …”") > room:
            lines[-1] = lines[-1].rsplit(" ", 1)[0] if " " in lines[-1] else lines[-1][:-1]
        lines[-1] += " …”"
    y = 150 + size
    for line in lines:
        face.draw(pen, (MARGIN, y), line, INK)
        y += step
    said = Face(fonts, "sans", 28, 450)
    if card.said_by and said.knows(card.said_by):
        _fitted(pen, said, (MARGIN, min(y + 14, SIZE[1] - 150)), card.said_by, QUIET, room)


def wrapped(text: str, width: Callable[[str], float], room: float) -> list[str]:
    """Return a text in lines no wider than ``room``; a word that is wider alone is broken."""
    lines: list[str] = []
    for word in text.split():
        if lines and width(f"{lines[-1]} {word}") <= room:
            lines[-1] += f" {word}"
            continue
        lines.append("")
        for letter in word:
            if lines[-1] and width(lines[-1] + letter) > room:
                lines.append("")
            lines[-1] += letter
    return lines


def _fitted(pen: ImageDraw.ImageDraw, face: Face, place: Point, text: str, colour: str, room: float) -> None:
    if not face.knows(text):
        return
    if face.width(text) > room:
        while text and face.width(text + "…") > room:
            text = text[:-1]
        text = text.rstrip() + "…"
    face.draw(pen, place, text, colour)


def _right(pen: ImageDraw.ImageDraw, face: Face, place: Point, text: str, colour: str) -> None:
    if face.knows(text):
        face.draw(pen, (place[0] - face.width(text), place[1]), text, colour)


def _brand(pen: ImageDraw.ImageDraw, place: Point) -> None:
    x, y = place
    unit = 2.4

    def at(points: Sequence[Point]) -> list[Point]:
        return [(x + unit * px, y + unit * py) for px, py in points]

    pen.rounded_rectangle(at([(1, 9.5), (15, 15)]), radius=2, fill=MARK)
    pen.line(at([(3, 8), (6.2, 11.4), (13.4, 3)]), fill=INK, width=6, joint="curve")


def _glyph(name: str, colour: str, size: int) -> Image.Image:
    """Draw the sign of a rating, four times as large and made smaller: smooth edges."""
    whole = size * _SMOOTH
    image = Image.new("RGBA", (whole, whole), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    unit = whole / 16

    def at(points: Sequence[Point]) -> list[Point]:
        return [(unit * x, unit * y) for x, y in points]

    def line(points: Sequence[Point], fill: str, width: float = 1.8) -> None:
        pen.line(at(points), fill=fill, width=round(width * unit), joint="curve")

    stroke = round(1.6 * unit)
    if name == "check":
        pen.ellipse(at([(0.5, 0.5), (15.5, 15.5)]), fill=colour)
        line([(4.6, 8.3), (6.9, 10.6), (11.4, 5.6)], PAPER)
    elif name == "check-outline":
        pen.ellipse(at([(1.3, 1.3), (14.7, 14.7)]), outline=colour, width=stroke)
        line([(4.9, 8.2), (7, 10.3), (11.1, 5.7)], colour)
    elif name == "cross":
        pen.rounded_rectangle(at([(0.5, 0.5), (15.5, 15.5)]), radius=round(2 * unit), fill=colour)
        line([(4.7, 4.7), (11.3, 11.3)], PAPER)
        line([(11.3, 4.7), (4.7, 11.3)], PAPER)
    elif name == "cross-outline":
        pen.rounded_rectangle(
            at([(1.3, 1.3), (14.7, 14.7)]), radius=round(1.6 * unit), outline=colour, width=stroke
        )
        line([(5, 5), (11, 11)], colour)
        line([(11, 5), (5, 11)], colour)
    elif name == "half":
        line([(8, 0.9), (15.1, 8), (8, 15.1), (0.9, 8), (8, 0.9)], colour, 1.6)
        pen.polygon(at([(8, 0.9), (8, 15.1), (0.9, 8)]), fill=colour)
    elif name == "triangle":
        line([(8, 1.6), (15, 14.2), (1, 14.2), (8, 1.6)], colour, 1.6)
        line([(8, 6), (8, 10.2)], colour)
        line([(8, 11.4), (8, 12.9)], colour)
    else:
        parts = 12 if name == "question" else 1
        for part in range(parts):
            start = 360 * part / parts
            end = start + 360 / parts * (0.6 if parts > 1 else 1)
            pen.arc(at([(1.3, 1.3), (14.7, 14.7)]), start, end, fill=colour, width=stroke)
        if name == "question":
            curve = [
                (8 + 2 * math.cos(a), 6.5 + 2 * math.sin(a))
                for a in (math.pi * (1 + n / 8) for n in range(11))
            ]
            line([*curve, (8, 9.4)], colour, 1.5)
            line([(8, 10.6), (8, 12.1)], colour, 1.5)
    return image.resize((size, size), Image.Resampling.LANCZOS)
