"""Which old articles are to be read again by newer rules? One form, all of it optional."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.forms.base import DeskForm
from claims.models import Archive, Desk


class ScopeForm(DeskForm):
    """The articles of a batch: of an archive, added between two days, read by older rules, not finished."""

    since = forms.DateField(
        label=_("Added since"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Added until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    archive = forms.ModelChoiceField(
        label=_("Archive"), queryset=Archive.objects.none(), required=False, empty_label=_("all of them")
    )
    older = forms.BooleanField(label=_("only what older rules have read"), required=False)
    unfinished = forms.BooleanField(label=_("only articles that are not finished"), required=False)

    def __init__(self, desk: Desk, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        archives = desk.archives.all() | desk.own_archives.all()
        field = self.fields["archive"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = archives.distinct().order_by("name", "id")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", forms.ValidationError(_("This day lies before the other one.")))
        return cleaned

    def conditions(self) -> dict[str, Any]:
        """Return what was chosen, under the names of a scope."""
        data = self.cleaned_data
        return {
            "archive": data["archive"].pk if data["archive"] else None,
            "since": data["since"].isoformat() if data["since"] else "",
            "until": data["until"].isoformat() if data["until"] else "",
            "older": data["older"],
            "unfinished": data["unfinished"],
        }
