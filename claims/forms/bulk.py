"""One act on many claims: which act, and only the fields that it needs."""

from __future__ import annotations

import copy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.forms.base import DeskForm
from claims.forms.claims import CLOSE_REASONS, DueForm, moment_of_day
from claims.forms.fields import LineField, PersonField
from claims.models import Claim, Desk, User
from claims.vocabulary import BulkAction


class BulkActForm(DeskForm):
    """What one act is asked with, besides the claims; an act that needs nothing has no fields."""

    def __init__(self, action: BulkAction, *args: Any, desk: Desk, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.desk = user, desk
        match action:
            case BulkAction.ASSIGN:
                self.fields["to"] = PersonField(desk=desk, label=_("Assign to"))
            case BulkAction.DISMISS:
                reasons = [("", _("choose a reason")), *CLOSE_REASONS]
                self.fields["reason"] = forms.ChoiceField(
                    choices=reasons, label=_("Reason"), error_messages={"required": _("Choose a reason.")}
                )
                self.fields["note"] = LineField(max_length=300, label=_("Note"))
            case BulkAction.VERDICT:
                self.fields["lead"] = forms.IntegerField(
                    min_value=1,
                    label=_("Number of the lead claim"),
                    error_messages={"required": _("Say which claim's verdict the others get.")},
                )
            case BulkAction.APPROVE:
                self.fields["comment"] = LineField(max_length=1_000, label=_("Comment"))
            case BulkAction.TAG:
                several = _("Several with commas between.")
                self.fields["add"] = LineField(max_length=500, label=_("Tags to put on"), help_text=several)
                self.fields["take"] = LineField(
                    max_length=500, label=_("Tags to take off"), help_text=several
                )

            case BulkAction.DUE:
                self.fields.update(copy.deepcopy(DueForm.base_fields))

    def clean(self) -> dict[str, Any]:
        """Make one moment of day and hour, where the act asks for them."""
        data = super().clean() or {}
        if "day" not in self.fields:
            return data
        data["due_at"] = moment_of_day(self, data)
        return {name: value for name, value in data.items() if name not in ("day", "time")}

    def clean_lead(self) -> Claim:
        number = self.cleaned_data["lead"]
        seen = Claim.objects.visible_to(self.user).select_related("desk", "claimant")
        found = seen.filter(pk=number, desk=self.desk).first() if number < 10**18 else None
        if found is None:
            raise forms.ValidationError(_("Your desk has no claim with the number %(n)d.") % {"n": number})
        return found
