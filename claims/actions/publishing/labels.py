"""What do other publishers' labels mean at this desk? Suggested by the machine, confirmed by a person, per publisher.

A label that nobody confirmed is shown as its publisher wrote it and stands for no finding. Changing what it means
changes every check that carries it, at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.exports.payload import Payload
from claims.models import Desk, FactCheck, ForeignLabel, User
from claims.ratings import label_key, suggest_finding
from claims.vocabulary import Finding

#: Chosen for a label that stands for no finding.
NONE = "none"


def label_for(desk: Desk, payload: Payload, *, site: str) -> ForeignLabel:
    """Return the row of a label of this publisher, made with a suggestion where it is new."""
    rating = payload.rating
    found, _made = ForeignLabel.objects.get_or_create(
        desk=desk,
        site=site[:253],
        label_key=label_key(rating.label),
        defaults={
            "publisher": payload.publisher.name[:200],
            "label": rating.label[:300],
            "suggested": suggest_finding(
                rating.label, site=site, value=rating.value, best=rating.best, worst=rating.worst
            )
            or "",
        },
    )
    return found


@transaction.atomic
def confirm_labels(
    *,
    actor: User | None,
    desk: Desk,
    site: str,
    meanings: Mapping[int, str],
    now: dt.datetime | None = None,
) -> int:
    """Say what labels of one publisher mean: by row a finding, or ``none``; an empty one is left open.

    Returns how many checks show another finding than before. ``actor=None`` is the command line.
    """
    now = now or timezone.now()
    if actor is not None:
        base.require(actor, desk, *base.EDITORS, what=_("say what other publishers' labels mean"))
    wanted = {pk: value for pk, value in meanings.items() if value}
    for value in wanted.values():
        if value != NONE and value not in Finding.values:
            raise base.Refused(_("“%(value)s” is not a finding.") % {"value": value})
    rows = ForeignLabel.objects.select_for_update(of=("self",)).filter(desk=desk, site=site, pk__in=wanted)
    found = {row.pk: row for row in rows.order_by("pk")}
    if missing := set(wanted) - set(found):
        raise base.Refused(
            _("There is no label %(pk)d of %(site)s. Load the page again.")
            % {"pk": min(missing), "site": site}
        )
    changed = 0
    for row in found.values():
        finding = "" if wanted[row.pk] == NONE else wanted[row.pk]
        if row.confirmed_at is not None and row.finding == finding:
            continue
        before = row.finding
        row.finding, row.confirmed_by, row.confirmed_at = finding, actor, now
        row.save()
        changed += (
            FactCheck.objects.filter(foreign_label=row)
            .exclude(finding=finding)
            .update(finding=finding, version=F("version") + 1)
        )
        base.audit(
            "label.confirmed",
            row,
            actor=actor,
            desk=desk,
            before=before,
            after=finding or NONE,
            now=now,
            label=row.label,
            site=site,
        )
    return changed


def confirm_suggested(
    *, actor: User | None, desk: Desk, site: str, now: dt.datetime | None = None
) -> tuple[int, int]:
    """Confirm every suggestion for a publisher's labels that are open.

    Returns how many labels were confirmed and how many stay open because nothing is suggested for them.
    """
    rows = list(
        ForeignLabel.objects.filter(desk=desk, site=site, confirmed_at=None).values_list("pk", "suggested")
    )
    if not rows and not ForeignLabel.objects.filter(desk=desk, site=site).exists():
        raise base.Refused(_("No check of %(site)s has been imported.") % {"site": site or "?"})
    meanings = {pk: suggested for pk, suggested in rows if suggested}
    confirm_labels(actor=actor, desk=desk, site=site, meanings=meanings, now=now)
    return len(meanings), len(rows) - len(meanings)
