"""Was this carried form sent already? Each is marked in the database before it is done, and done once.

``claims.workbench.resumed_forms`` says what a carried form is.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone

from claims.models import SentForm

#: Longer than a carried form can be sent.
KEPT = dt.timedelta(days=2)


def send_once(*, mark: str, now: dt.datetime | None = None) -> bool:
    """Mark a form as sent; False where it was before, also by another process at this moment."""
    try:
        with transaction.atomic():
            SentForm.objects.create(mark=mark, created_at=now or timezone.now())
    except IntegrityError:
        return False
    return True


def take_back_sending(*, mark: str) -> None:
    """Let a form be sent again whose act was refused or broke: nothing was written."""
    SentForm.objects.filter(mark=mark).delete()


def purge_sent_forms(*, now: dt.datetime | None = None) -> int:
    """Delete the marks of forms that are too old to be sent anyway; return how many. For the scheduler."""
    now = now or timezone.now()
    deleted, _kinds = SentForm.objects.filter(created_at__lt=now - KEPT).delete()
    return deleted
