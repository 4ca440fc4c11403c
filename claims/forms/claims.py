"""What people change about a claim as it is checked, and about the work on it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.forms.fields import LineField, PartialDateField, PersonField, Prose
from claims.models import Claim, Claimant, Desk, User
from claims.models.fields import key_of
from claims.vocabulary import CloseReason

CLOSE_REASONS = [row for row in CloseReason.choices if row[0] and row[0] != CloseReason.MERGED]


class VersionForm(forms.Form):
    """A change that is refused where somebody else was faster."""

    expected_version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


class WordingForm(VersionForm):
    """The claim as one self-contained sentence."""

    wording = Prose(rows=2, required=True, max_length=2_000, label=_("The claim as it is checked"))


class ClaimantForm(VersionForm):
    """Who asserts it."""

    name = LineField(max_length=200, required=True, label=_("Who made the claim"))
    kind = forms.ChoiceField(choices=Claimant.Kind.choices, label=_("Which is a"))


class ChecksForm(VersionForm):
    """What about it is checked."""

    checks = forms.ChoiceField(
        choices=Claim.Checks.choices, label=_("What is checked"), widget=forms.RadioSelect
    )


class DatesForm(VersionForm):
    """When it was made and which time it is about, as far as known."""

    made_on = PartialDateField(label=_("Made on"))
    about = PartialDateField(label=_("About"))


class CloseForm(forms.Form):
    """Why work on a claim ends without a publication."""

    reason = forms.ChoiceField(choices=CLOSE_REASONS, label=_("Reason"))
    note = LineField(max_length=300, label=_("Note"))


class AssignForm(forms.Form):
    """Who works on a claim."""

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = PersonField(desk=desk, label=_("Assigned to"))


class MergeForm(forms.Form):
    """Into which claim this one is merged, by its number."""

    into = forms.IntegerField(min_value=1, label=_("Number of the claim to merge into"))


class ClaimantMergeForm(forms.Form):
    """Into which claimant of the desk this one is merged."""

    def __init__(self, *args: Any, desk: Desk, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = Claimant.objects.visible_to(user).filter(desk=desk, merged_into=None)
        self.user = user
        self.fields["into"] = forms.CharField(max_length=200, label=_("Merge into"))

    def clean_into(self) -> Claimant:
        """Read a number or a whole name; a beginning would merge into whoever comes first."""
        value = self.cleaned_data["into"]
        if value.isascii() and value.isdecimal() and len(value) < 19:
            found = self.known.filter(pk=int(value)).first()
        else:
            found = self.known.filter(name_key=key_of(value)).first()
        if found is None:
            raise forms.ValidationError(_("Your desk knows no claimant of this name. Write the whole name."))
        return found


class ClaimantChangeForm(forms.Form):
    """The name, kind and job title a claimant is known by."""

    name = LineField(max_length=200, label=_("Name"))
    kind = forms.ChoiceField(choices=Claimant.Kind.choices, label=_("Kind"))
    job_title = LineField(max_length=200, required=False, label=_("Job title"))


class ClaimantAliasForm(forms.Form):
    """Another name the claimant is known by."""

    alias = LineField(max_length=200, label=_("Also known as"))


class ClaimantSplitForm(forms.Form):
    """Which of its names becomes a claimant of its own again."""

    alias = LineField(max_length=200, required=True, label=_("Name"))
