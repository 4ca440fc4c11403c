"""Fields that several forms share: long texts kept as typed, partial dates, stances, people of a desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from claims.language.partial_dates import PartialDate
from claims.models import Desk, User
from claims.review.deciding import WRITERS


class Prose(forms.CharField):
    """A long text, in any direction of writing, kept exactly as typed."""

    def __init__(self, *, rows: int = 4, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("strip", False)
        super().__init__(widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), **options)


class LineField(forms.CharField):
    """One line of words in any direction of writing."""

    def __init__(self, *, placeholder: Any = "", **options: Any) -> None:
        options.setdefault("required", False)
        attrs: dict[str, Any] = {"dir": "auto", "autocomplete": "off"}
        if placeholder:
            attrs["placeholder"] = placeholder
        super().__init__(widget=forms.TextInput(attrs=attrs), **options)


class PartialDateField(forms.CharField):
    """A date as far as it is known: ``2020``, ``2020-10``, ``2020-10-05`` or an interval ``…/…``."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("max_length", 40)
        options.setdefault("help_text", _("As far as it is known: 2020-10-05, 2020-10 or 2020."))
        super().__init__(
            widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "2020-10-05"}), **options
        )

    def clean(self, value: Any) -> str:
        text = str(super().clean(value) or "").strip()
        if text:
            try:
                PartialDate.parse(text)
            except ValueError as problem:
                raise ValidationError(str(problem)) from problem
        return text


class PersonField(forms.ModelChoiceField):
    """One of the desk's people who write verdicts; empty means nobody."""

    def __init__(self, *, desk: Desk, known: Sequence[tuple[int, str]] | None = None, **options: Any) -> None:
        """Offer who works at a desk; ``known`` are these people, by name, where they were read already."""
        roles = [role.value for role in WRITERS]
        people = User.objects.filter(
            is_active=True, memberships__desk=desk, memberships__role__in=roles
        ).distinct()
        options.setdefault("required", False)
        options.setdefault("empty_label", _("nobody"))
        super().__init__(queryset=people.order_by("display_name", "id"), **options)
        if known is not None:
            self.choices = [("", self.empty_label), *known]


def moment() -> forms.DateTimeInput:
    """Return the widget of a time of day; the browser shows it in the person's zone as the server does."""
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
