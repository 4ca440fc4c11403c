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


class NewPasswordForm(DeskForm):
    """A new password, typed twice; how good it is is asked in the action."""

    new_password = forms.CharField(
        label=_("New password"),
        max_length=1000,
        strip=False,
        help_text=_("At least ten characters, and none of the passwords everybody tries first."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    new_password_again = forms.CharField(
        label=_("New password, once more"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        one, other = data.get("new_password"), data.get("new_password_again")
        if one and other and one != other:
            self.add_error("new_password_again", _("The two are not the same. Type both once more."))
        return data


class ChangePasswordForm(NewPasswordForm):
    """A new password for somebody who knows the old one, or has none yet."""

    current_password = forms.CharField(
        label=_("Password so far"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["current_password", "new_password", "new_password_again"]

    def __init__(self, *args: Any, has_password: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_password:
            del self.fields["current_password"]


class AskForLinkForm(DeskForm):
    # As on the sign-in form, whatever was typed is looked up.
    email = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "inputmode": "email", "autocapitalize": "none"}
        ),
    )


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
