"""What is left behind by signing in, and for how long? One call for the scheduler deletes what counts no more."""

from __future__ import annotations

import datetime as dt

from claims.actions.desk.sent_forms import purge_sent_forms
from claims.actions.desk.sign_in_gate import purge_sign_in_attempts


def purge_sign_in_traces(*, now: dt.datetime | None = None) -> dict[str, int]:
    """Delete old failures and the marks of old carried forms; return how many of each.

    Ended sessions are Django's: ``clearsessions`` deletes them.
    """
    return {"attempts": purge_sign_in_attempts(now=now), "forms": purge_sent_forms(now=now)}
