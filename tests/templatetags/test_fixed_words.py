"""Fixed sentences are translated once for each language, and read as Django's own tag would give them."""

from __future__ import annotations

import pytest
from django.template import Context, engines
from django.utils import translation

from claims.templatetags import fixed_words


def written(text: str, **values: object) -> str:
    return engines["django"].from_string("{% load i18n %}" + text).render(values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["{% translate 'Desk' %}", '{% trans "Age & <b>" %}', "{% translate '100 %%' %}"]
)
@pytest.mark.parametrize("language", ["en", "de"])
def test_it_says_what_djangos_tag_says(text: str, language: str) -> None:
    from django.template import Engine

    own = Engine(libraries={"i18n": "django.templatetags.i18n"}).from_string("{% load i18n %}" + text)
    with translation.override(language):
        assert written(text) == own.render(Context())


def test_one_template_speaks_each_readers_language() -> None:
    template = engines["django"].from_string("{% load i18n %}{% translate 'Desk' %}|{% translate 'Claims' %}")
    said = []
    for language in ("en", "de", "en"):
        with translation.override(language):
            said.append(template.render())
    assert said[0] == said[2] != said[1]


def test_what_depends_on_more_than_the_language_is_asked_each_time() -> None:
    assert written("{% translate word %}", word="Desk") == "Desk"
    assert written("{% translate word %}", word="Claims") == "Claims"
    assert written("{% translate 'Desk' as said %}{{ said|upper }}") == "DESK"
    assert written("{% translate 'desk'|upper %}") == "DESK"


def test_a_fixed_sentence_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    template = engines["django"].from_string("{% load i18n %}{% translate 'Desk' %}")
    template.render()
    monkeypatch.setattr(fixed_words.i18n.TranslateNode, "render", None)
    assert template.render() == "Desk"
