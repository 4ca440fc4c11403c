"""Fields are written as Django's own templates write them, byte for byte."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from claims.forms import written_widgets
from claims.forms.written_widgets import WrittenWidgets

ODD = "a \"quoted\" <b> & 'one' – ü\n two "
CHOICES = [
    ("", _("any")),
    ("a", "A & b"),
    (1, _("Queue")),
    (_("Group"), [("x", ODD), (2, mark_safe("<i>2</i>"))]),
    ("z", 7),
]
WIDGETS: list[forms.Widget] = [
    forms.TextInput(),
    forms.TextInput(
        {"class": ODD, "required": True, "disabled": False, "maxlength": 1_000, "placeholder": _("Queue")}
    ),
    forms.TextInput({"data-x": mark_safe("&amp;"), "data-n": None, "step": 0.5}),
    forms.HiddenInput({"id": "x"}),
    forms.EmailInput(),
    forms.URLInput(),
    forms.NumberInput({"min": 1}),
    forms.PasswordInput(),
    forms.PasswordInput(render_value=True),
    forms.CheckboxInput(),
    forms.DateInput(format="%Y-%m-%d"),
    forms.DateTimeInput(),
    forms.TimeInput(),
    forms.FileInput(),
    forms.Textarea({"rows": 3}),
    forms.Select(choices=CHOICES),
    forms.Select({"id": "s"}, choices=[]),
    forms.SelectMultiple(choices=CHOICES),
    forms.NullBooleanSelect(),
    forms.RadioSelect(choices=CHOICES),
    forms.CheckboxSelectMultiple(choices=CHOICES),
]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("widget", WIDGETS, ids=lambda one: type(one).__name__)
def test_it_is_what_djangos_template_writes(widget: forms.Widget, language: str) -> None:
    values: list[Any] = [
        None,
        "",
        ODD,
        mark_safe("<b>x</b>"),
        1,
        1_234_567,
        True,
        False,
        ["a", "1"],
        _("Queue"),
    ]
    with translation.override(language):
        for value in values[:8] if isinstance(widget, forms.NullBooleanSelect) else values:
            for name in ("name", 'odd "name"'):
                attrs = {"id": f"id-{name}"}
                own = widget.render(name, value, attrs, WrittenWidgets())
                assert own == widget.render(name, value, attrs, DjangoTemplates()), (value, name)


def test_all_forms_are_written_so_and_no_template_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(get_default_renderer(), WrittenWidgets)
    monkeypatch.setattr(DjangoTemplates, "render", None)

    class Form(forms.Form):
        words = forms.CharField()
        more = forms.CharField(widget=forms.Textarea)
        one = forms.ChoiceField(choices=CHOICES)
        ticked = forms.BooleanField()

    form = Form({"words": "Osk"})
    assert 'value="Osk"' in str(form["words"])
    assert "<textarea" in str(form["more"])
    assert "<option" in str(form["one"])
    assert "checkbox" in str(form["ticked"])


def test_what_is_written_here_has_a_template_at_django() -> None:
    for name in written_widgets._WRITTEN:
        assert DjangoTemplates().get_template(name)
