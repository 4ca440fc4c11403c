"""The admin in German: what columns, tables, acts and filters are called, and that no English label is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import translation
from lxml import html

from claims.models import User
from tests.admin.conftest import submitted
from tests.people import PASSWORD, Cast

SignIn = Callable[[User], Client]
#: What is called the same in both languages.
ALIKE = {
    "id", "name", "text", "status", "version", "panel", "panels", "feed", "feeds", "token", "etag", "encoder",
    "website", "definition", "index",
}  # fmt: skip


def _names(language: str) -> Iterator[tuple[str, str]]:
    with translation.override(language):
        for model in admin.site._registry:
            options: Any = model._meta
            yield f"{model.__name__}", str(options.verbose_name)
            yield f"{model.__name__}, many", str(options.verbose_name_plural)
            for column in options.get_fields():
                if getattr(column, "concrete", False):
                    yield f"{model.__name__}.{column.name}", str(column.verbose_name)


def test_every_table_and_column_has_a_german_name(db: None) -> None:
    english, german = dict(_names("en")), dict(_names("de"))
    assert english.keys() == german.keys()
    left = {
        where: words
        for where, words in german.items()
        if words == english[where] and words.casefold() not in ALIKE and words != "API-Schlüssel"
    }
    assert left == {}


def test_names_of_tables_are_right_for_many() -> None:
    many = {where: words for where, words in _names("en") if where.endswith(", many")}
    assert many["PassageReading, many"] == "readings of passages"
    assert not [words for words in many.values() if words.endswith(("ss", "evidences", "sightings"))]
    with translation.override("de"):
        from claims.models import Appearance, Claim

        assert str(Claim._meta.verbose_name_plural) == "Behauptungen"
        assert str(Appearance._meta.verbose_name_plural) == "Vorkommen"


def test_names_are_no_part_of_the_tables() -> None:
    """A word that changes is no migration."""
    from claims.models import Evidence

    assert Evidence._meta.get_field("according_to").deconstruct()[3].get("verbose_name") is None


@pytest.fixture
def labels(cast: Cast) -> Callable[[str], set[str]]:
    submitted(cast)
    root = User.objects.create_superuser("root@desk.example", PASSWORD, display_name="Root")
    User.objects.filter(pk=root.pk).update(language="de")
    client = Client()
    client.force_login(User.objects.get(pk=root.pk))

    def of(path: str) -> set[str]:
        answer = client.get(path)
        assert answer.status_code == 200, path
        tree = html.fromstring(answer.content.decode())
        places = (
            "//div[contains(@class, 'form-row')]//label | //thead//th//div[@class='text'] | //thead//th//span"
            " | //*[@id='changelist-filter']//summary | //select[@name='action']/option"
            " | //main//h1 | //div[@id='content']/h1"
        )
        found = {" ".join(one.text_content().split()).rstrip(":").strip() for one in tree.xpath(places)}
        return {words for words in found if words}

    return of


def test_no_page_of_a_row_has_an_english_label(labels: Callable[[str], set[str]]) -> None:
    english = {words.casefold() for where, words in _names("en")} - ALIKE
    german = {words.casefold() for _where, words in _names("de")}
    left = {}
    for model in admin.site._registry:
        name = model._meta.model_name
        paths = [f"/admin/claims/{name}/"]
        row = model._default_manager.order_by("-pk").first()
        if row is not None and name != "claim":
            paths.append(f"/admin/claims/{name}/{row.pk}/change/")
        for path in paths:
            found = {words for words in labels(path) if words.casefold() in english - german}
            if found:
                left[path] = found
    assert left == {}


def test_no_name_is_kept_of_what_is_gone() -> None:
    from django.apps import apps

    from claims.admin.column_words import COLUMNS
    from claims.admin.kind_words import KINDS

    models = list(apps.get_models())
    columns = {one.name.replace("_", " ") for model in models for one in model._meta.get_fields()}
    assert KINDS.keys() - {model.__name__ for model in models} == set()
    assert COLUMNS.keys() - columns == set()
