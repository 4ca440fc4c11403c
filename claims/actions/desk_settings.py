"""What a desk sets for itself: its rules of approval, its feeds, its rating scale, who owns an outlet.

A scale version never changes: a change makes the next version, and older verdicts keep theirs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from claims import ratings
from claims.actions import base
from claims.models import Desk, Finding, Outlet, Owner, Rating, RatingScale, User
from claims.models.fields import key_of

CHANGEABLE = (
    "name",
    "editorial_approvals",
    "legal_approvals",
    "publish_mode",
    "feed_title",
    "licence",
    "newsroom_url",
    "time_zone",
    "method",
    "about",
    "contact",
)


@transaction.atomic
def change_desk(
    *, actor: User, desk: Desk, values: Mapping[str, Any], now: dt.datetime | None = None
) -> Desk:
    """Change the given settings of a desk; approvals under way count by the new rule from now on."""
    base.require(actor, desk, *base.EDITORS, what=_("change the settings of the desk"))
    unknown = set(values) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"change_desk() got {', '.join(sorted(unknown))}")
    desk = Desk.objects.select_for_update().get(pk=desk.pk)
    changed = {name: value for name, value in values.items() if getattr(desk, name) != value}
    if not changed:
        return desk
    before = {name: getattr(desk, name) for name in changed}
    for name, value in changed.items():
        setattr(desk, name, value)
    try:
        desk.full_clean(validate_constraints=False)
    except ValidationError as problem:
        raise base.Refused(" ".join(problem.messages)) from problem
    if desk.editorial_approvals < 1:
        raise base.Refused(_("Nothing is published without an approval: at least one is needed."))
    desk.save(update_fields=list(changed))
    base.audit(
        "desk.changed", desk, actor=actor, desk=desk, now=now or timezone.now(),
        before_values=before, after_values=changed,
    )  # fmt: skip
    return desk


@transaction.atomic
def new_scale(
    *,
    actor: User,
    desk: Desk,
    name: str,
    labels: Sequence[Mapping[str, str]],
    now: dt.datetime | None = None,
) -> RatingScale:
    """Make the next version of the desk's scale and use it from now on; verdicts keep the label they have.

    A label is ``key`` (empty: made from the label), ``label``, ``definition``, ``finding`` as the tables name
    it, and ``value`` (empty where the label does not measure truth).
    """
    now = now or timezone.now()
    base.require(actor, desk, *base.ADMINISTRATORS, what=_("change the rating scale"))
    rows = [_label(row) for row in labels]
    values = [row.value for row in rows if row.value is not None]
    last = RatingScale.objects.filter(desk=desk).aggregate(last=Max("version"))["last"] or 0
    try:
        scale = ratings.Scale(
            name=" ".join(name.split())[:100],
            version=last + 1,
            labels=tuple(rows),
            worst=min(values, default=0),
            best=max(values, default=1),
        )
    except ratings.BadScale as problem:
        raise base.Refused(_("This scale does not work: %(why)s") % {"why": problem}) from problem
    RatingScale.objects.filter(desk=desk, is_current=True).update(is_current=False)
    row = RatingScale.objects.create(
        desk=desk, version=scale.version, name=scale.name, is_current=True, created_at=now
    )
    Rating.objects.bulk_create(
        Rating(
            scale=row,
            position=position,
            key=label.code,
            label=label.label,
            definition=label.definition,
            finding=Finding(label.finding.value),
            value=label.value,
        )
        for position, label in enumerate(scale.labels, start=1)
    )
    base.audit(
        "scale.made", row, actor=actor, desk=desk, before=str(last), after=str(row.version), now=now,
        labels=[label.label for label in scale.labels],
    )  # fmt: skip
    return row


def _label(row: Mapping[str, str]) -> ratings.Label:
    label = " ".join(row.get("label", "").split())
    if not label:
        raise base.Refused(_("Every label needs a word."))
    if len(label) > 60:
        raise base.Refused(
            _("“%(label)s…” is too long for a label: 60 characters at most.") % {"label": label[:40]}
        )
    code = slugify(row.get("key") or label)[:40]
    if not code:
        raise base.Refused(_("“%(label)s” needs a short name in Latin letters.") % {"label": label})
    value = row.get("value", "").strip()
    try:
        return ratings.Label(
            code=code,
            label=label,
            definition=row.get("definition", "").strip(),
            finding=ratings.Finding(row.get("finding", "")),
            value=int(value) if value else None,
        )
    except ValueError as problem:
        raise base.Refused(_("“%(label)s”: %(why)s") % {"label": label, "why": problem}) from problem


@transaction.atomic
def set_owner(
    *, actor: User, desk: Desk, outlet: Outlet, owner: str, now: dt.datetime | None = None
) -> Outlet:
    """Say who owns an outlet; empty takes the owner off. ``desk`` is where the actor is an editor."""
    now = now or timezone.now()
    base.require(actor, desk, *base.EDITORS, what=_("say who owns an outlet"))
    name = " ".join(owner.replace("\x00", "\ufffd").split())[:200]
    found = None
    if name:
        found, _made = Owner.objects.get_or_create(
            name_key=key_of(name)[:200], defaults={"name": name, "created_at": now}
        )
    if outlet.owner_id == (found.pk if found else None):
        return outlet
    before = outlet.owner.name if outlet.owner else ""
    Outlet.objects.filter(pk=outlet.pk).update(owner=found)
    outlet.refresh_from_db()
    base.audit("outlet.owner_set", outlet, actor=actor, desk=desk, now=now, before_owner=before, owner=name)
    return outlet
