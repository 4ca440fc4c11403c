"""What a new publication date changes, as pages of the workbench and of the admin list it and have it confirmed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from claims.actions.documents.publication import Redated
from claims.forms.articles import PublicationForm

#: More rows than these are counted, not listed.
SHOWN = 40
_DATES = {"made_on": _("made on"), "about": _("about")}


def ahead(redated: Redated, said: dict[str, Any]) -> dict[str, Any]:
    """Return what would change with a date, and the form that confirms it."""
    confirm = PublicationForm(initial={**said, "confirmed": True}, auto_id="sure_%s")
    confirm.fields["value"].widget = confirm.fields["value"].hidden_widget()
    return {**listed(redated), "value": said["value"], "form": confirm}


def listed(redated: Redated) -> dict[str, Any]:
    """Return the dates of the article and of its claims as a page lists them; plain values, fit for a session."""
    rows = [
        [change.appearance.quotation[:120], change.expr, change.before, change.after]
        for change in redated.changes
    ]
    claims = [
        [one.claim.pk, one.claim.wording[:120], str(_DATES[one.name]), one.before, one.after, str(one.kept)]
        for one in redated.claims
    ]
    return {"all": len(rows), "rows": rows[:SHOWN], "claims": claims[:SHOWN]}
