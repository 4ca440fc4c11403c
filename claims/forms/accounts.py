"""Forms of signing in and of a person's own profile."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from claims.forms.base import DeskForm
from claims.models import User


class SignInForm(DeskForm):
    # Not an EmailField: whatever was typed is looked up, and a typing mistake is told like a wrong password.
    email = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "inputmode": "email", "autocapitalize": "none"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def languages() -> list[tuple[str, Any]]:
    """Return the languages of the pages, each by its own name, after the browser's choice."""
    own = [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]
    return [("", _("as the browser asks")), *own]


class ProfileForm(DeskForm):
    display_name = forms.CharField(label=_("Name inside the desk"), max_length=100)
    public_name = forms.CharField(
        label=_("Name in bylines"),
        max_length=100,
        required=False,
        help_text=_("Empty: the name inside the desk."),
    )
    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        required=False,
        help_text=_("For example Europe/Berlin. Empty: as the installation."),
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language of the pages"), choices=languages, required=False)
    theme = forms.ChoiceField(label=_("Colours"), choices=User.Theme.choices, widget=forms.RadioSelect)
    single_keys = forms.BooleanField(
        label=_("Single-letter keys (j, k, a, x …)"),
        required=False,
        help_text=_("Switch them off if you dictate, or if keys trigger things you did not mean."),
    )


def time_zones() -> list[str]:
    return sorted(
        name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/")
    )
