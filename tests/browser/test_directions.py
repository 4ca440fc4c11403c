"""Do pages hold where lines run from right to left, and where words are long? At 1280 and 360 pixels, without sideways
scrolling; what leads forward points the way one reads.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, Page

from claims.models import User
from tests.browser.test_claim import every_page
from tests.browser.windows import Windows, overflow
from tests.languages import pseudo
from tests.people import Cast, make_cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not shutil.which("chromium"), reason="needs a Chromium"),
]

#: Where pictures of every page are left for somebody to look at.
LEFT = os.environ.get("DIRECTIONS_PICTURES", "")


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def rtl(settings: Any) -> Iterator[None]:
    settings.LANGUAGES_BIDI = [*django_settings.LANGUAGES_BIDI, pseudo.CODE]
    with pseudo.spoken():
        yield


def walk(cast: Cast, windows: Windows, language: str, name: str) -> dict[str, Page]:
    """Open every page at both widths in this language; return those that are wider than their window."""
    addresses = every_page(cast) | {"help": "/help/", "profile": "/profile/", "queue": "/desk/north/claims/"}
    User.objects.update(language=language)
    wide = {}
    for width in (1280, 360):
        page = windows.open(cast.ada, width=width)
        for called, address in addresses.items():
            page.goto(address)
            if LEFT:
                page.screenshot(path=Path(LEFT) / f"{name}-{width}-{called.replace(' ', '-')}.png")
            if overflow(page) > 0:
                wide[f"{called} at {width}"] = overflow(page)
    return wide


def test_every_page_runs_from_right_to_left(
    cast: Cast, live_server: Any, browser: Browser, rtl: None
) -> None:
    windows = Windows(live_server.url, browser)
    assert walk(cast, windows, pseudo.CODE, "rtl") == {}
    page = windows.open(cast.ada)
    page.goto("/desk/north/")
    assert page.evaluate("document.documentElement.dir") == "rtl"
    edges = page.evaluate(
        "() => { const at = (one) => document.querySelector(one).getBoundingClientRect();"
        " return {brand: at('.brand').left, menu: at('.menu').right, width: innerWidth}; }"
    )
    assert edges["brand"] > edges["width"] / 2 > edges["menu"]
    assert windows.complaints == []


def test_arrows_turn_round(cast: Cast, live_server: Any, browser: Browser, rtl: None) -> None:
    windows = Windows(live_server.url, browser)
    User.objects.update(language=pseudo.CODE)
    page = windows.open(cast.ada)
    page.goto("/desk/north/")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<span class=\"arrow\">→</span>')"
    )
    assert (
        page.evaluate("getComputedStyle(document.querySelector('main .arrow')).transform")
        == "matrix(-1, 0, 0, 1, 0, 0)"
    )
    page.evaluate("document.documentElement.dir = 'ltr'")
    assert page.evaluate("getComputedStyle(document.querySelector('main .arrow')).transform") == "none"


def test_long_german_words_fit(cast: Cast, live_server: Any, browser: Browser) -> None:
    assert walk(cast, Windows(live_server.url, browser), "de", "de") == {}
