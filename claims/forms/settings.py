"""What an administrator sets for a desk: its rules, its feeds, its keys, its people."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from claims.forms.fields import LineField, Prose
from claims.models import ApiKey, Desk
from claims.vocabulary import Finding, PanelRule, Role


def languages() -> list[tuple[str, str]]:
    """Return the languages that a desk may write in, each by its own name."""
    named = {
        code: row["name_local"] for code, row in LANG_INFO.items() if "name_local" in row and "-" not in code
    }
    return sorted(named.items(), key=lambda one: one[1].casefold())


class DeskSettingsForm(forms.Form):
    """The desk's own settings, as the public and the approvals see them."""

    name = LineField(max_length=100, required=True, label=_("Name of the desk"))
    editorial_approvals = forms.IntegerField(min_value=1, max_value=5, label=_("Editorial approvals needed"))
    legal_approvals = forms.IntegerField(min_value=0, max_value=5, label=_("Legal approvals needed"))
    publish_mode = forms.ChoiceField(
        choices=Desk.AfterApproval.choices, label=_("After the last approval"), widget=forms.RadioSelect
    )
    unread_sources = forms.ChoiceField(
        choices=Desk.UnreadSources.choices,
        required=False,
        label=_("Approving with sources not ticked as opened and matching"),
        widget=forms.RadioSelect,
    )
    panels = forms.ChoiceField(
        choices=PanelRule.choices,
        required=False,
        label=_("Opinions of several people, formed apart"),
        help_text=_(
            "Whoever is asked sees neither the verdict nor what others find before giving their own."
        ),
        widget=forms.RadioSelect,
    )
    panel_least = forms.IntegerField(
        min_value=1, max_value=9, required=False, label=_("Opinions that must agree at least")
    )
    watches_claims = forms.BooleanField(
        required=False, label=_("Compare sources that come in with claims that were searched before")
    )
    reads_ahead = forms.BooleanField(
        required=False,
        label=_(
            "Read the archive ahead in the background, so that searches answer sooner (six kB a passage)"
        ),
    )
    finds_by_meaning = forms.BooleanField(
        required=False,
        label=_("Find passages that say the same in other words"),
        help_text=_(
            "English passages are read in the background, up to 200,000 of the installation: 1,000 of them take about "
            "half a minute of a processor, one megabyte in the database and two in the index. Every search then takes "
            "a little longer. Switched off, nothing more is read and searches go by words alone."
        ),
    )
    needs_second_factor = forms.BooleanField(
        required=False,
        label=_("Members need a second factor"),
        help_text=_("They are told at once, and have 14 days before they can do nothing else without one."),
    )
    feed_title = LineField(max_length=200, label=_("Title of the feeds"))
    licence = forms.URLField(
        required=False, assume_scheme="https", label=_("Licence of the feeds, as an address")
    )
    newsroom_url = forms.URLField(required=False, assume_scheme="https", label=_("Address of the newsroom"))
    time_zone = LineField(max_length=64, required=True, label=_("Time zone"))
    language = forms.ChoiceField(
        choices=languages,
        required=False,
        label=_("Language the desk writes in"),
        help_text=_("Feeds say it, and claims without an article. Everybody chooses the language of pages."),
    )
    method = Prose(rows=4, max_length=20_000, label=_("Method, in Markdown"))
    about = Prose(rows=4, max_length=20_000, label=_("About, in Markdown"))
    contact = Prose(rows=3, max_length=5_000, label=_("Contact, in Markdown"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code, known = str(self.initial.get("language") or ""), languages()
        # A desk that was given another code keeps it until somebody chooses.
        others = [(code, code)] if code not in dict(known) else []
        self.fields["language"].choices = [*others, *known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Leave out the rules that the form sent does not hold: they stay as they are."""
        data = super().clean() or {}
        for name in ("unread_sources", "panels", "panel_least", "language"):
            if not data.get(name):
                data.pop(name, None)
        return data

    def clean_time_zone(self) -> str:
        name = str(self.cleaned_data["time_zone"])
        if name not in zoneinfo.available_timezones():
            raise ValidationError(
                _("“%(name)s” is not a time zone. Try one like Europe/Berlin."), params={"name": name}
            )
        return name

    @classmethod
    def of(cls, desk: Desk) -> DeskSettingsForm:
        return cls(initial={name: getattr(desk, name) for name in cls.base_fields})


class KeyForm(forms.Form):
    """A new API key."""

    name = LineField(max_length=100, required=True, label=_("What the key is for"))
    scopes = forms.MultipleChoiceField(
        choices=ApiKey.Scope.choices, widget=forms.CheckboxSelectMultiple, label=_("It may")
    )
    days = forms.IntegerField(min_value=1, max_value=1826, initial=365, label=_("Valid for days"))


class PersonForm(forms.Form):
    """Somebody who shall work here."""

    email = forms.EmailField(label=_("E-mail"))
    display_name = LineField(max_length=100, required=True, label=_("Name inside the desk"))
    roles = forms.MultipleChoiceField(
        choices=Role.choices, widget=forms.CheckboxSelectMultiple, label=_("Roles")
    )


class RolesForm(forms.Form):
    """Which roles somebody has from now on; none takes them off the desk."""

    roles = forms.MultipleChoiceField(
        choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple, label=_("Roles")
    )


class ScaleForm(forms.Form):
    """The next version of the rating scale, one row per label; a version that has been used never changes."""

    name = LineField(max_length=100, required=True, label=_("Name of the scale"))

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the rows as typed, empty ones left out."""
        get = self.data.getlist  # type: ignore[attr-defined]  # a QueryDict: only pages bind this form
        parts = ("key", "label", "definition", "finding", "value")
        columns = [get(part) for part in parts]
        length = max((len(column) for column in columns), default=0)
        rows = [
            {
                part: (column[at] if at < len(column) else "").strip()
                for part, column in zip(parts, columns, strict=True)
            }
            for at in range(length)
        ]
        return [row for row in rows if row["label"] or row["definition"]]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for row in self.rows:
            if row["value"] and not row["value"].lstrip("-").isdecimal():
                self.add_error(None, _("The value of “%(label)s” must be a number or empty.") % row)
            if row["finding"] not in Finding.values:
                self.add_error(None, _("Choose a finding for “%(label)s”.") % row)
        return data


class OwnerForm(forms.Form):
    """Who owns an outlet; empty means that nobody knows."""

    outlet = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    owner = LineField(max_length=200, label=_("Owner"))
