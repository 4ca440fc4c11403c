"""Forms by which work goes to another person: handed over, taken over, read by request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.forms.base import DeskForm
from claims.forms.fields import Prose


class ToSomebodyForm(DeskForm):
    """One person of those who could, and a word to them."""

    to = forms.TypedChoiceField(coerce=int, label=_("To"))
    words = Prose(rows=2, max_length=5_000, label=_("A word to them"))

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.choices = list(people)
