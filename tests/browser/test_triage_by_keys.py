"""How many keys does an article take? A long one of the labelled set, from the first claim to *Finish*."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from claims.models import Appearance, FinishedArticle
from tests import builders
from tests.browser.conftest import Window
from tests.browser.test_keyboard import drained, press
from tests.people import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ARTICLES = Path(__file__).parent.parent / "splitting" / "claim_units"
#: Three reports in one paper: as long as a long article.
PARTS = ("25", "37", "01")
MOST = 40


def test_an_article_of_800_words_is_triaged_with_at_most_forty_keys(
    cast: Cast, drain: Callable[..., int], window_of: Callable[..., Window]
) -> None:
    text = "\n\n".join((ARTICLES / f"{part}.txt").read_text("utf-8") for part in PARTS)
    assert len(text.split()) >= 800
    added = builders.article(cast, text, title="A long report")
    drain()
    window = window_of(cast.ada)
    # What is strong is decided one by one; the threshold is chosen once and remembered.
    window.open(f"/documents/{added.document.pk}/?least=3&order=worth")
    page = window.open(f"/documents/{added.document.pk}/")
    waiting = page.locator(".claim-list:not(details *) > [data-waiting='1']").count()
    assert waiting >= 10
    keys = ["a" if n % 3 == 0 else "x" for n in range(waiting)] + ["F"]
    assert len(keys) <= MOST
    press(page, keys)
    drained(page)
    assert FinishedArticle.objects.filter(document=added.document).count() == 1
    # Only claims worth a look were decided; the rest fell away with one key.
    decided = Appearance.objects.filter(triage__in=("accepted", "dismissed"), repeats=None)
    assert decided.count() >= waiting
    assert not Appearance.objects.filter(triage="suggested").exists()
    assert page.locator("#refusals").inner_text() == ""
    page.keyboard.press("u")
    page.locator("#messages", has_text="The article is open again").wait_for()
    assert window.complaints == []
