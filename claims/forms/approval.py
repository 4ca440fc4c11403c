"""What an approver says about a version, and what a desk editor says about a published check."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.forms.fields import Prose, moment
from claims.forms.verdict import REVISION_KINDS
from claims.models import Approval

NOTE = 2_000


class ApproveForm(forms.Form):
    """A sign-off; ``publish_at`` puts off the publication that the last approval would bring."""

    kind = forms.ChoiceField(choices=Approval.Kind.choices, required=False, label=_("Approval"))
    comment = Prose(rows=2, max_length=5_000, label=_("Comment, for the desk"))
    unread_reason = Prose(
        rows=2,
        max_length=5_000,
        label=_("Why you approve without having ticked every source"),
        help_text=_("It stays in the record, under your name."),
    )
    when = forms.ChoiceField(
        choices=[
            ("", _("as the desk does it")),
            ("at", _("at a time")),
            ("hold", _("hold until somebody publishes")),
        ],
        required=False,
        label=_("Publication"),
    )
    publish_at = forms.DateTimeField(required=False, label=_("Publish at"), widget=moment())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["kind"] = data.get("kind") or Approval.Kind.EDITORIAL.value
        if data.get("when") == "at" and not data.get("publish_at") and "publish_at" not in self.errors:
            self.add_error("publish_at", _("Say when it shall be published."))
        if data.get("when") != "at":
            data["publish_at"] = None
        return data


class ReturnForm(forms.Form):
    """Why a version goes back to its authors."""

    comment = Prose(rows=3, max_length=5_000, label=_("What should change"))


class PublishAtForm(forms.Form):
    """When an approved verdict is published."""

    at = forms.DateTimeField(label=_("Publish at"), widget=moment())


class NoteForm(forms.Form):
    """The public note of a suspension, a reinstatement or a withdrawal."""

    note = Prose(rows=3, max_length=NOTE, label=_("Note to the readers: what happened and why"))


class CorrectionForm(forms.Form):
    """What kind of new version is opened, and what readers will be told about it."""

    kind = forms.ChoiceField(choices=REVISION_KINDS, label=_("What kind of change is this?"))
    public_note = Prose(rows=3, max_length=NOTE, label=_("Note to the readers: what changed and why"))
