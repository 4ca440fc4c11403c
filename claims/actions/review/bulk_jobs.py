"""The work on an act on many claims, for a stretch; whatever ends the process, the rows say which are left."""

from __future__ import annotations

import time

from django.utils.translation import gettext as _

from claims.actions.base import Refused
from claims.actions.review.bulk_acts import carry_on, look_on, queue
from claims.actions.review.bulk_undo import carry_back
from claims.jobs.rows import JobRefused, Running
from claims.models import BulkAct

#: So long the job goes on before it lets others of the queue go first, in seconds.
STRETCH = 20.0


def run_bulk(job: Running) -> None:
    """Look at an act, do it, or take it back, as far as the stretch goes; queue the next one where rows are left."""
    found = BulkAct.objects.select_related("desk", "asked_by", "undone_by", "selection")
    act = found.filter(pk=job.row.arguments["act"]).first()
    if act is None:
        raise JobRefused(_("This act is not there any more."))
    work = carry_on
    if act.state == BulkAct.State.LOOKING:
        work = look_on
    elif act.state == BulkAct.State.UNDOING:
        work = carry_back
    try:
        ended = work(act, fence=job.fenced, until=time.monotonic() + STRETCH, progress=job.progress)
    except Refused as refusal:
        raise JobRefused(str(refusal)) from refusal
    with job.fenced():
        if not ended:
            queue(act)
        job.finish({"act": act.pk})
