"""One act on many claims: which act, on which claims, with what. Shared by the queue and the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.forms.claims import CLOSE_REASONS
from claims.forms.fields import LineField, PersonField
from claims.models import Claim, Desk, User

MOST = 500


class BulkAction(models.TextChoices):
    """What can be done to many claims at once."""

    ASSIGN = "assign", _("Assign to …")
    DISMISS = "dismiss", _("Close with a reason …")
    SEARCH = "search", _("Search the archive again")
    VERDICT = "verdict", _("Assign a lead claim's verdict …")
    APPROVE = "approve", _("Approve what I have opened")
    EXPORT = "export", _("Export as CSV")


class BulkForm(forms.Form):
    """The act and its claims; the fields an act does not need are ignored by it."""

    action = forms.ChoiceField(choices=BulkAction.choices, label=_("Act"))
    reason = forms.ChoiceField(choices=CLOSE_REASONS, required=False, label=_("Reason"))
    note = LineField(max_length=300, label=_("Note"))
    lead = forms.IntegerField(min_value=1, required=False, label=_("Number of the lead claim"))
    skip_warned = forms.BooleanField(
        required=False, label=_("Leave out claims with another claimant, date or number")
    )
    comment = LineField(max_length=1_000, label=_("Comment"))

    def __init__(self, *args: Any, desk: Desk, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = PersonField(desk=desk, label=_("Assign to"))
        self.fields["claims"] = forms.ModelMultipleChoiceField(
            queryset=Claim.objects.visible_to(user).filter(desk=desk).select_related("desk", "claimant"),
            label=_("Claims"),
            error_messages={"required": _("Select at least one claim first.")},
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        action = data.get("action")
        if action == BulkAction.DISMISS and not data.get("reason"):
            self.add_error("reason", _("Choose a reason."))
        if action == BulkAction.VERDICT and not data.get("lead"):
            self.add_error("lead", _("Say which claim's verdict the others get."))
        chosen = data.get("claims")
        if chosen is not None and len(chosen) > MOST:
            self.add_error("claims", _("Select at most %(most)d claims at a time.") % {"most": MOST})
        return data
