"""Do the styles keep their own rules: colours set once, readable in both schemes, fonts of our own?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).parents[2] / "claims" / "static" / "claims"
TOKENS = (STYLES / "tokens.css").read_text("utf-8")
Colour = tuple[float, float, float]


def _rgb(code: str) -> Colour:
    return tuple(int(code[n : n + 2], 16) / 255 for n in (1, 3, 5))  # type: ignore[return-value]


def _mixed(one: Colour, share: float, other: Colour) -> Colour:
    return tuple(a * share + b * (1 - share) for a, b in zip(one, other, strict=True))  # type: ignore[return-value]


def colours(scheme: int) -> dict[str, Colour]:
    """Return every colour token of one scheme (0 light, 1 dark), mixed ones worked out."""
    found = {
        name: _rgb((light, dark)[scheme])
        for name, light, dark in re.findall(r"--(\w+): light-dark\((#\w{6}), (#\w{6})\);", TOKENS)
    }
    mixed = re.findall(r"--([\w-]+): color-mix\(in srgb, var\(--(\w+)\) (\d+)%, var\(--(\w+)\)\);", TOKENS)
    for name, one, share, other in mixed:
        found[name] = _mixed(found[one], int(share) / 100, found[other])
    return found


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""

    def light(colour: Colour) -> float:
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_text_is_readable_on_every_ground(scheme: int) -> None:
    tokens = colours(scheme)
    grounds = ("paper", "pane", "hover", "wash", "good-wash", "warn-wash", "bad-wash")
    pairs = [
        (text, ground) for text in ("ink", "quiet", "accent", "good", "warn", "bad") for ground in grounds
    ]
    faint = {pair: round(contrast(tokens[pair[0]], tokens[pair[1]]), 2) for pair in [*pairs, ("ink", "mark")]}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 4.5} == {}
    assert contrast(tokens["edge"], tokens["paper"]) >= 3


def test_colours_are_set_in_the_tokens_alone() -> None:
    found = []
    for path in sorted(STYLES.glob("*.css")):
        if path.name == "tokens.css":
            continue
        values = re.findall(
            r":([^;{}]*)[;}]", re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        )
        codes = re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgb\(|\bhsl\(", " ".join(values))
        found += [f"{path.name}: {code}" for code in codes]
    # The admin calls one of its own colours by our name, so that one is said again there.
    assert set(found) == {"admin_theme.css: #1f55a8", "admin_theme.css: #93bbff"}


def test_every_token_that_is_used_exists() -> None:
    named = set(re.findall(r"--([\w-]+):", "".join(p.read_text("utf-8") for p in STYLES.glob("*.css"))))
    used = {
        f"{path.name}: {name}"
        for path in STYLES.glob("*.css")
        for name in re.findall(r"var\(--([\w-]+)\)", path.read_text("utf-8"))
        if name not in named and path.name != "admin.css"
    }
    assert used == set()


def test_fonts_are_our_own_with_their_licences_and_small() -> None:
    fonts = STYLES / "fonts"
    addresses = re.findall(r'url\("([^"]+)"\)', TOKENS)
    assert addresses
    assert all((STYLES / address).is_file() for address in addresses)
    assert sum(path.stat().st_size for path in fonts.glob("*-latin.woff2")) <= 100_000
    for name in ("sans", "serif"):
        assert "SIL Open Font License" in (fonts / f"LICENSE-{name}.txt").read_text("utf-8")
