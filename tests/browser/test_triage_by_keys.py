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


def test_the_list_as_it_opens_takes_no_more_keys(
    cast: Cast, drain: Callable[..., int], window_of: Callable[..., Window]
) -> None:
    """Nothing is set before: every claim that is fair or strong is looked at, a third of them is accepted."""
    text = "\n\n".join((ARTICLES / f"{part}.txt").read_text("utf-8") for part in PARTS)
    added = builders.article(cast, text, title="A long report")
    drain()
    window = window_of(cast.ada)
    page = window.open(f"/documents/{added.document.pk}/")
    rows = page.evaluate(
        "Array.from(document.querySelectorAll('.claim-list:not(details *) > [data-waiting=\"1\"]')).map((one) => {"
        " const rest = one.querySelector('[data-also]');"
        " return rest ? rest.dataset.also.trim().split(/\\s+/).length : 0; })"
    )
    assert len(rows) >= 10
    keys, at = [], 0
    while at < len(rows):
        rest = range(at, at + rows[at])
        if at % 3 == 0:
            keys.append("a")
        elif rest and not any(place % 3 == 0 for place in rest):
            keys.append("D")
            at += rows[at] - 1
        else:
            keys.append("x")
        at += 1
    keys.append("F")
    print(len(text.split()), "words", len(rows), "rows", len(keys), "keys")
    assert len(keys) <= MOST
    press(page, keys)
    drained(page)
    assert page.locator("#refusals").inner_text() == ""
    assert Appearance.objects.filter(triage="accepted", repeats=None).count() >= len(rows) // 3
    assert FinishedArticle.objects.filter(document=added.document).count() == 1
    assert window.complaints == []


def test_the_rest_of_a_paragraph_is_dismissed_with_one_key_and_taken_back_with_one(
    cast: Cast, drain: Callable[..., int], window_of: Callable[..., Window]
) -> None:
    text = " ".join(f"The port of place {n} lost {30 + n} jobs in {1990 + n}." for n in range(6))
    added = builders.article(cast, text, title="Ports")
    units = [builders.unit(text, one.strip() + f" lost {30 + n} jobs", n) for n, one in enumerate(
        f"The port of place {n}" for n in range(6))]  # fmt: skip
    builders.analysed(cast, added, tuple(units))
    page = window_of(cast.ada).open(f"/documents/{added.document.pk}/")
    press(page, ["a", "D"])
    drained(page)
    states = Appearance.objects.order_by("start").values_list("triage", flat=True)
    assert list(states) == ["accepted"] + ["dismissed"] * 5
    press(page, ["u"])
    drained(page)
    assert list(states.all()) == ["accepted"] + ["suggested"] * 5
