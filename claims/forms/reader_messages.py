"""What a reader fills in to write to the desk, and what people of the desk say of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.actions.reader_messages.receiving import LONGEST
from claims.forms.base import DeskForm, Typed, Version
from claims.models import ReaderMessage


class ContactForm(DeskForm):
    """A message to the desk. ``website`` is left empty by people: it is not shown to them."""

    kind = forms.ChoiceField(
        label=_("Your message is"), choices=ReaderMessage.Kind.choices, widget=forms.RadioSelect()
    )
    words = Typed(
        label=_("Your message"),
        help_text=_("The sentence as you read or heard it, or what is wrong and where that can be seen."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    url = forms.CharField(
        label=_("Where you saw it"),
        help_text=_("The address of the page or post, if there is one."),
        max_length=2000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    check = forms.CharField(label=_("Number of the fact check"), max_length=12, required=False)
    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    reply_to = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("Only if you want an answer. Nobody else sees it."),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    @property
    def by_machine(self) -> bool:
        """Whether a field was filled in that people do not see."""
        return bool(self.cleaned_data.get("website"))

    @property
    def message(self) -> dict[str, Any]:
        """The values of the message itself."""
        return {name: value for name, value in self.cleaned_data.items() if name != "website"}


class SettleForm(DeskForm):
    """What became of a message."""

    state = forms.ChoiceField(
        label=_("The message"),
        choices=[
            (ReaderMessage.State.ANSWERED, _("was answered")),
            (ReaderMessage.State.DISMISSED, _("is put aside")),
        ],
    )
    note = Typed(
        label=_("What was done"),
        help_text=_("For the desk and its report on complaints; the reader does not see it."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    version = Version()
