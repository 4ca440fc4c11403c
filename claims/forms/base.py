"""What every form shares: errors and help tied to their fields, and values that arrive as they were typed."""

from __future__ import annotations

from typing import Any

from django import forms

from claims.actions.base import Refused
from claims.intake.decode import clean


class DeskForm(forms.Form):
    """A form of the workbench: validates shapes only; whether an act is possible is asked in the actions."""

    required_css_class = "required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def refuse(self, refusal: Refused) -> None:
        """Show an action's refusal above the fields, which keep what was typed."""
        self.add_error(None, str(refusal))


class Typed(forms.CharField):
    """Text that is not stripped: offsets and duplicates depend on every character.

    CRLF becomes LF; NUL and lone surrogates become U+FFFD one for one, as in every stored text.
    """

    def __init__(self, **options: Any) -> None:
        options.setdefault("strip", False)
        options.setdefault("widget", forms.Textarea(attrs={"rows": 4, "dir": "auto"}))
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        return clean(str(super().to_python(value) or "")).replace("\r\n", "\n")


class Version(forms.IntegerField):
    """The version a page was made from; an act on a newer one is refused as stale."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("min_value", 0)
        options.setdefault("widget", forms.HiddenInput())
        super().__init__(**options)


class OffsetField(forms.IntegerField):
    """A code point of a capture's text, filled by a selection."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("min_value", 0)
        options.setdefault("widget", forms.HiddenInput())
        super().__init__(**options)
