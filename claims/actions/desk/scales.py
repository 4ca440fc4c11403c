"""Which labels does a desk rate with? A version of a scale never changes: a change makes the next one.

Refuses scales that contradict themselves, in the words of ``claims.ratings``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.publishing.payload import finding_of
from claims.models import Desk, Rating, RatingScale, User
from claims.ratings import BadScale, Label, Scale


@dataclass(frozen=True, slots=True)
class RatingRow:
    """One label as an administrator types it; ``value`` is None for a label that does not measure truth."""

    label: str
    definition: str
    finding: str
    value: int | None = None
    key: str = ""


def current_scale(desk: Desk) -> RatingScale | None:
    """Return the scale new verdicts are rated with."""
    return RatingScale.objects.filter(desk=desk, is_current=True).first()


@transaction.atomic
def new_scale(
    *, actor: User | None, desk: Desk, name: str, rows: Sequence[RatingRow], now: dt.datetime | None = None
) -> RatingScale:
    """Make the next version of a desk's scale and use it from now on; an equal one changes nothing.

    Verdicts keep the version they were given under.
    """
    now = now or timezone.now()
    if actor is not None:
        base.require(actor, desk, *base.ADMINISTRATORS, what=_("change the rating scale"))
    Desk.objects.select_for_update().get(pk=desk.pk)
    labels = _labels(rows)
    name = " ".join(name.split())[:100] or "Scale"
    _checked(name, labels)
    before = current_scale(desk)
    fresh = [(key, row.label, row.definition, row.finding.value, row.value) for key, row in labels]
    if before is not None and before.name == name and fresh == _stored(before):
        return before
    last = RatingScale.objects.filter(desk=desk).aggregate(last=Max("version"))["last"] or 0
    RatingScale.objects.filter(desk=desk, is_current=True).update(is_current=False)
    scale = RatingScale.objects.create(
        desk=desk, version=last + 1, name=name, is_current=True, created_at=now
    )
    Rating.objects.bulk_create(
        Rating(
            scale=scale,
            position=position,
            key=key,
            label=row.label,
            definition=row.definition,
            finding=row.finding,
            value=row.value,
        )
        for position, (key, row) in enumerate(labels, start=1)
    )
    base.audit(
        "scale.made",
        scale,
        actor=actor,
        desk=desk,
        now=now,
        before=str(before.version) if before else "",
        after=str(scale.version),
        name=name,
    )
    return scale


def _labels(rows: Sequence[RatingRow]) -> list[tuple[str, Label]]:
    out: list[tuple[str, Label]] = []
    for row in rows:
        label = " ".join(row.label.split())
        if not label or len(label) > 60:
            raise base.Refused(_("Each rating needs a label of at most 60 characters."))
        try:
            finding = finding_of(row.finding)
        except ValueError:
            finding = None
        if finding is None:
            raise base.Refused(
                _("Say for “%(label)s” which finding it stands for, so that desks compare.")
                % {"label": label}
            )
        key = (row.key or slugify(label) or f"rating-{len(out) + 1}")[:40]
        out.append((key, Label(key, label, " ".join(row.definition.split()), finding, row.value)))
    return out


def _checked(name: str, labels: Sequence[tuple[str, Label]]) -> None:
    values = [row.value for _key, row in labels if row.value is not None]
    if len(set(values)) == 1:
        raise base.Refused(_("A scale with values needs at least two different ones."))
    try:
        worst, best = (min(values), max(values)) if values else (0, 1)
        Scale(name=name, version=1, labels=tuple(row for _key, row in labels), worst=worst, best=best)
    except BadScale as problem:
        raise base.Refused(_("This scale cannot be used: %(problem)s.") % {"problem": problem}) from problem


def _stored(scale: RatingScale) -> list[tuple[str, str, str, str, int | None]]:
    return [
        (r.key, r.label, r.definition, found.value if (found := finding_of(r.finding)) else "", r.value)
        for r in scale.ratings.order_by("position")
    ]
