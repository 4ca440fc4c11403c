"""Forms of intake and of the article page: what to store, what is known about it, which words are a claim."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from claims.forms.base import DeskForm, OffsetField, Typed, Version
from claims.forms.fields import PartialDateField
from claims.intake.types import ACCEPTED
from claims.language import control_characters as controls
from claims.language.control_characters import SIGN
from claims.models import Appearance, Claim, Claimant, Document, User

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+\Z|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?::\d+)?/\S*\Z", re.I)


class AddForm(DeskForm):
    """One box: an address, a pasted text, or a file. What else is known may be said at once or later."""

    what = Typed(
        label=_("Address, text or file"),
        required=False,
        widget=forms.Textarea(
            attrs={
                "rows": 4,
                "dir": "auto",
                "placeholder": _("Paste an address or an article here, or drop a file"),
                "data-enter-submits": "",
            }
        ),
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(ACCEPTED)}),
    )
    title = forms.CharField(label=_("Title"), max_length=500, required=False)
    outlet = forms.CharField(label=_("Outlet"), max_length=200, required=False)
    authors = forms.CharField(label=_("Author"), max_length=500, required=False)
    url = forms.CharField(label=_("Address of a pasted text"), max_length=2000, required=False)
    published = PartialDateField(label=_("Published"))
    again = forms.BooleanField(required=False, widget=forms.HiddenInput())

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if file and file.size > settings.BLOB_LIMIT:
            raise forms.ValidationError(
                _t("The file is larger than %(size)d MB.") % {"size": settings.BLOB_LIMIT // 1024**2}
            )
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("file") and not cleaned.get("what", "").strip() and not self.errors:
            raise forms.ValidationError(_t("Paste an address or a text, or choose a file."))
        return cleaned

    @property
    def address(self) -> str:
        """The typed address, if what was typed is nothing but one."""
        words = self.cleaned_data["what"].strip()
        if not _ADDRESS.match(words):
            return ""
        return words if "://" in words else f"https://{words}"


class NewClaimForm(DeskForm):
    """A claim that no article of the archive makes."""

    quotation = Typed(label=_("What was said, word for word"))
    who = forms.CharField(label=_("Who said it"), max_length=200, required=False)
    kind = forms.ChoiceField(
        label=_("What the speaker is"), choices=[("", "–"), *Claimant.Kind.choices], required=False
    )
    where = forms.CharField(
        label=_("Where"),
        max_length=300,
        required=False,
        help_text=_("Programme and minute, account, letter to the editor …"),
    )
    when = PartialDateField(label=_("When"))
    url = forms.CharField(label=_("Address"), max_length=2000, required=False)
    file = forms.FileField(label=_("File"), required=False, allow_empty_file=True)
    wording = Typed(
        label=_("The claim as one sentence"),
        required=False,
        help_text=_("Understandable by itself, without the context. Empty: the words as said."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    checks = forms.ChoiceField(
        label=_("What is checked"), choices=Claim.Checks.choices, initial=Claim.Checks.CONTENT
    )
    why = forms.CharField(label=_("Why we check this"), max_length=300, required=False)

    clean_file = AddForm.clean_file


class PublicationForm(DeskForm):
    """When it was published; ``confirmed`` once the person has seen what changes with it."""

    value = PartialDateField(label=_("Published"))
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput())
    expected_version = Version()


class MetadataForm(DeskForm):
    """What is known about a document, and who may see it; ``named`` offers its desk and who is named already."""

    title = forms.CharField(label=_("Title"), max_length=500, required=False)
    outlet = forms.CharField(label=_("Outlet"), max_length=200, required=False)
    authors = forms.CharField(label=_("Author"), max_length=500, required=False)
    language = forms.CharField(
        label=_("Language"), max_length=10, required=False, help_text=_("A code such as en or de.")
    )
    visibility = forms.ChoiceField(label=_("Who may see it"), choices=Document.Visibility.choices)
    named = forms.ModelMultipleChoiceField(
        label=_("Named people"),
        queryset=User.objects.none(),
        required=False,
        help_text=_(
            "Who may see it where only named people may: these, who added it, and whoever decides it."
        ),
        error_messages={"invalid_choice": _("Choose people of the desk.")},
    )
    expected_version = Version()

    def __init__(self, document: Document, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = document
        field = self.fields["named"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        people = User.objects.filter(is_active=True, memberships__desk=document.desk_id)
        field.queryset = (people | document.named.all()).distinct().order_by("display_name", "pk")

    def clean(self) -> dict[str, Any]:
        """Leave ``named`` out (``None``) where the choice says nothing: others may see it, or nothing changed."""
        cleaned = super().clean() or {}
        chosen = set(cleaned.get("named") or ())
        unchanged = chosen == set(self.document.named.all())
        if cleaned.get("visibility") != Document.Visibility.NAMED or unchanged:
            cleaned["named"] = None
        return cleaned


class SplitOffForm(DeskForm):
    """Why an article does not rest on what the others of its origin rest on."""

    reason = forms.CharField(
        label=_("Why it has a source of its own"),
        max_length=300,
        help_text=_("Such as “own reporter there, asked the desk”. It stands beside the evidence."),
    )
    expected_version = Version()


class JoinForm(DeskForm):
    """Which other article rests on the same report, and why."""

    other = forms.CharField(
        label=_("Address or number of the other article"),
        max_length=2000,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    reason = forms.CharField(
        label=_("Why both rest on one report"),
        max_length=300,
        help_text=_("Such as “both credit the agency’s report of Tuesday”. It stands beside the evidence."),
    )


WHY = [
    ("", _("no reason given")),
    ("reach", _("many people see it")),
    ("harm", _("it can do harm")),
    ("importance", _("it matters for a decision")),
    ("asked", _("a reader asked")),
]


class AcceptForm(DeskForm):
    wording = Typed(required=False)
    why = forms.ChoiceField(choices=WHY, required=False)
    claimant = forms.CharField(max_length=200, required=False)
    checks = forms.ChoiceField(choices=Claim.Checks.choices, required=False)
    claim = forms.IntegerField(required=False)
    expected_version = Version()


class DismissForm(DeskForm):
    reason = forms.CharField(max_length=300, required=False)
    expected_version = Version()


class SpanForm(DeskForm):
    """Which words: by a selection (offsets), else by the words themselves."""

    quotation = Typed(required=False)
    start = OffsetField()
    end = OffsetField()
    capture = forms.IntegerField(required=False)
    expected_version = Version()

    def place(self, text: str, near: int = 0) -> tuple[int, int]:
        """Return the offsets meant; raises ValidationError where the words are not in the text."""
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start is not None and end is not None:
            return start, end
        found = find_words(text, self.cleaned_data["quotation"], near)
        if found is None:
            raise forms.ValidationError(
                _t("These words are not in the article as they stand there. Copy them from the text.")
            )
        return found


class CutForm(DeskForm):
    quotation = Typed(required=False)
    expected_version = Version()

    def at(self, appearance: Appearance) -> int:
        """Return the offset of the cut; raises ValidationError where the words are not the claim's."""
        words = self.cleaned_data["quotation"]
        first, bar, second = words.partition("|")
        if not bar or "|" in second:
            raise forms.ValidationError(_t("Put one | where the second claim begins."))
        found = find_words(appearance.quotation, first, 0)
        if found is None or " ".join((first + " " + second).split()) != " ".join(
            appearance.quotation.split()
        ):
            raise forms.ValidationError(
                _t("Leave the words as they are; only put one | between two of them.")
            )
        return appearance.start + found[1]


def find_words(text: str, words: str, near: int) -> tuple[int, int] | None:
    """Return where these words stand, white space aside; of several places the one nearest to ``near``."""
    parts = words.split()
    if not parts:
        return None
    # Words copied from a page hold its sign where the text holds a character that cannot be seen.
    unseen = f"[{SIGN}{controls.CLASS}]"
    pattern = re.compile(r"\s+".join(re.escape(part).replace(SIGN, unseen) for part in parts))
    places = [match.span() for match in pattern.finditer(text)]
    return min(places, key=lambda place: abs(place[0] - near), default=None)
