"""Does a page say anything that no translator could find? At every address, in every part a person can read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from claims.actions.indexing import engines
from claims.forms.settings import languages
from claims.models import User
from tests.languages import pseudo
from tests.people import Cast
from tests.visibility.addresses import first_ids, named_paths
from tests.visibility.world import World, make_world

pytestmark = pytest.mark.django_db

#: The same in every language: names of formats, programs, keys and units, and of the languages themselves.
ALLOWED = {
    "json", "feed", "atom", "rss", "csv", "claimreview", "html", "pdf", "url", "opml", "jsonl", "warc", "english",
    "deutsch", "utc", "elasticsearch", "tantivy", "embedded", "markdown", "iso", "ctrl", "txt", "md", "xml",
    # services that a search outside leads to
    # the codes that the report goes by
    "ifcn", "efcsn",
    "bing", "duckduckgo", "fact", "check", "explorer", "google", "news", "internet", "archive", "wikipedia",
}  # fmt: skip
#: What is no page for people, or ends the visit; the page of parts shows them with samples of what desks write.
LEFT_OUT = {
    "design",
    "logout",
    "leave-desk",
    "capture-file",
    "metrics",
    "readyz",
    "healthz",
    "favicon",
    "robots",
    "public-card",
}


@pytest.fixture
def world(cast: Cast, marked: None) -> Iterator[World]:
    engines.close_all()
    engines.writer().ensure()
    yield make_world(cast, restrict=False)
    engines.writer().erase()
    engines.close_all()


def said_outside(client: Client, paths: list[tuple[str, str]], known: str = "") -> dict[str, list[str]]:
    known += pseudo.content()
    found: dict[str, list[str]] = {}
    for name, path in paths:
        answer = client.get(path)
        if name in LEFT_OUT or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        if answer.status_code in (301, 302, 303, 404, 405):
            continue
        for words in pseudo.unmarked(answer.content.decode(), known, ALLOWED):
            places = found.setdefault(words, [])
            if name not in places:
                places.append(name)
    return found


def reader(user: User) -> Client:
    User.objects.filter(pk=user.pk).update(language=pseudo.CODE)
    client = Client()
    client.force_login(user)
    return client


def test_the_workbench(world: World) -> None:
    paths = list(named_paths(world.cast.desk.slug, world.check.public_id, first_ids()))
    # An index that another test left has a name and no row.
    indices = "".join(f" {pseudo.plain(name)} " for name in engines.writer().targets())
    # Every language has its own name in all of them.
    known = indices + "".join(f" {pseudo.plain(name)} " for _code, name in languages())
    assert said_outside(reader(world.root), paths, known) == {}
    assert said_outside(reader(world.cast.ada), paths, known) == {}


def test_public_pages_and_signing_in(world: World, settings) -> None:
    settings.LANGUAGE_CODE = pseudo.CODE
    paths = [
        ("public-home", "/?rating=nonsense"),
        ("public-home", "/?q=nothing"),
        ("public-contact", "/contact/?sent=1"),
    ]
    paths += list(named_paths(world.cast.desk.slug, world.check.public_id, first_ids()))
    assert said_outside(Client(), paths) == {}


def test_the_admin(world: World) -> None:
    paths = [("admin", "/admin/")]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        paths.append((name, reverse(f"{name}_changelist")))
        row = model._default_manager.order_by("pk").first()
        if row is not None:
            paths.append((name, reverse(f"{name}_change", args=[row.pk])))
    assert said_outside(reader(world.root), paths, machinery()) == {}


def machinery() -> str:
    """The admin's names of tables, columns and rows: those of the data model, in English until they have words."""
    named = []
    for model in admin.site._registry:
        named += [str(model._meta.verbose_name), str(model._meta.verbose_name_plural)]
        named += [str(getattr(field, "verbose_name", "")) for field in model._meta.get_fields()]
        named += [str(row) for row in model._default_manager.all()[:50]]
    return " \x00 ".join([" ", *(pseudo.plain(one) for one in named), " "])


def test_the_test_sees_what_is_not_marked() -> None:
    page = (
        '<p>Close <b>⟦Open⟧</b> <i title="A hint">Osk river</i> ⟦%d of ⟦many⟧⟧ 12</p>'
        '<input type="submit" value="Send it"><kbd>Enter</kbd><p lang="en">Said</p> JSON Feed'
    )
    assert pseudo.unmarked(page, " the osk river flows ", ALLOWED) == ["Close", "A hint", "Send it"]
