"""What people change about a claim as it is checked, and about the work on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.forms.fields import LineField, PartialDateField, PersonField, Prose
from claims.models import Claim, Claimant, Desk, User
from claims.models.fields import LAST_MINUTE, key_of, row_number
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


class TopicsForm(VersionForm):
    """What it is about, for readers."""

    topics = LineField(
        max_length=600,
        label=_("Topics for readers"),
        help_text=_("With commas between: water, Lake Ostra. Readers find the check by them."),
    )


class CloseForm(forms.Form):
    """Why work on a claim ends without a publication."""

    reason = forms.ChoiceField(choices=CLOSE_REASONS, label=_("Reason"))
    note = LineField(max_length=300, label=_("Note"))


class AssignForm(forms.Form):
    """Who works on a claim."""

    def __init__(
        self, *args: Any, desk: Desk, people: Sequence[tuple[int, str]] | None = None, **kwargs: Any
    ) -> None:
        """Make the form; ``people`` are those who write verdicts there, where they were read already."""
        super().__init__(*args, **kwargs)
        self.fields["to"] = PersonField(desk=desk, known=people, label=_("Assigned to"))


class DueForm(forms.Form):
    """By when a claim should be checked: a day, and an hour if it matters; both empty: no such time."""

    day = forms.DateField(
        required=False, label=_("Due on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    time = forms.TimeField(
        required=False, label=_("at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    @classmethod
    def of(cls, claim: Claim, **options: Any) -> DueForm:
        """Return the form with what is set now, by the clock of who looks."""
        if claim.due_at is None:
            return cls(**options)
        there = timezone.localtime(claim.due_at)
        hour = None if (there.hour, there.minute) == LAST_MINUTE else there.time()
        return cls(initial={"day": there.date(), "time": hour}, **options)

    def clean(self) -> dict[str, Any]:
        """Make one moment of both, by the clock of who typed it."""
        data = super().clean() or {}
        data["due_at"] = moment_of_day(self, data)
        return data


def moment_of_day(form: forms.Form, data: dict[str, Any]) -> dt.datetime | None:
    """Return the moment of a day and perhaps an hour, by the clock of who typed them."""
    day, time = data.get("day"), data.get("time")
    if time is not None and day is None and "day" not in form.errors:
        form.add_error("day", _("An hour needs its day."))
    if day is None:
        return None
    return timezone.make_aware(dt.datetime.combine(day, time or dt.time(*LAST_MINUTE)))


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
        number = row_number(value)
        if number is not None:
            found = self.known.filter(pk=number).first()
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
