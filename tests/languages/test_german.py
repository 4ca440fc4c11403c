"""Do all pages work in German: the same answers, numbers that programs read unchanged, times in whole phrases?"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import timezone, translation

from claims.actions.indexing import engines
from claims.models import User
from claims.templatetags.date_words import in_words
from claims.templatetags.desk import when
from claims.workbench.languages import is_for_programs
from tests.people import Cast
from tests.visibility.addresses import first_ids, named_paths
from tests.visibility.world import World, make_world

#: What people read in an attribute; all others are for programs.
_WORDS = {"title", "aria-label", "placeholder", "alt", "content", "data-confirm"}
_COMMA = re.compile(r"-?\d+,\d+")


class _Numbers(HTMLParser):
    """Collects attributes in which a number was written for people."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and name not in _WORDS and _COMMA.fullmatch(value.strip()):
                self.found.append((tag, name, value))

    handle_startendtag = handle_starttag


@pytest.fixture
def world(cast: Cast) -> Iterator[World]:
    engines.close_all()
    engines.writer().ensure()
    yield make_world(cast, restrict=False)
    engines.writer().erase()
    engines.close_all()
    translation.deactivate()


@pytest.mark.django_db
def test_every_page_answers_in_german_as_in_english(world: World) -> None:
    client = Client()
    client.force_login(world.root)
    paths = list(named_paths(world.cast.desk.slug, world.check.public_id, first_ids()))
    paths = [
        (name, path)
        for name, path in paths
        if name not in ("logout", "leave-desk", "readyz", "metrics", "oembed")
    ]
    english = {path: client.get(path).status_code for _name, path in paths}
    User.objects.filter(pk=world.root.pk).update(language="de")
    for _name, path in paths:
        answer = client.get(path)
        assert answer.status_code == english[path], path
        if answer.get("Content-Type", "").startswith("text/html") and not is_for_programs(path):
            page = answer.content.decode()
            assert _Numbers(page).found == [], path
            assert '<html lang="en"' not in page, path


@pytest.mark.parametrize(
    ("days", "said"),
    [(-1, "vor 1 Tag"), (-3, "vor 3 Tagen"), (-15, "vor 2 Wochen"), (-100, "vor 3 Monaten"), (-800, "vor 2 Jahren"),
     (4, "in 3 Tagen")],
)  # fmt: skip
def test_times_are_whole_phrases(days: int, said: str) -> None:
    with translation.override("de"):
        shown = str(when(timezone.now() + dt.timedelta(days=days, minutes=-5 if days < 0 else -60)))
    assert f">{said}<" in shown.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-05-12", "12. Mai 2026"),
        ("2020-10", "Oktober 2020"),
        ("XXXX-10-03", "3. Oktober, Jahr unbekannt"),
        ("2020-Q3", "drittes Quartal 2020"),
        ("2020/2021", "2020 bis 2021"),
        ("-0043", "44 v. Chr."),
        ("P2500Y", "2.500 Jahre"),
    ],
)
def test_dates_are_written_as_in_german(value: str, said: str) -> None:
    with translation.override("de"):
        assert in_words(value).replace("\xa0", " ") == said
