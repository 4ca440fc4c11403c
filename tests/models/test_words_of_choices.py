"""The word for a column's value is Django's own, and only that one is translated."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from django.utils import translation

from claims.models import Review


def _columns() -> list[tuple[type[models.Model], models.Field[object, object]]]:
    return [
        (model, field)
        for model in apps.get_app_config("claims").get_models()
        for field in model._meta.concrete_fields
        if field.choices
    ]


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_column_says_what_django_says(language: str) -> None:
    columns = _columns()
    assert len(columns) > 30
    with translation.override(language):
        for model, field in columns:
            for value in [*(one for one, _word in field.flatchoices), "no such value", None, 7]:
                row = model(**{field.attname: value})
                said = getattr(row, f"get_{field.name}_display")()
                assert said == models.Model._get_FIELD_display(row, field), (model, field)  # type: ignore[attr-defined]
                assert type(said) is type(models.Model._get_FIELD_display(row, field))  # type: ignore[attr-defined]


def test_only_the_word_that_is_asked_for_is_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    row, asked = Review(state="queued"), list[str]()
    word = row.get_state_display()
    gettext = translation._trans.gettext  # type: ignore[attr-defined]
    monkeypatch.setattr(translation._trans, "gettext", lambda words: asked.append(words) or gettext(words))  # type: ignore[attr-defined]
    assert row.get_state_display() == word
    assert len(asked) == 1
