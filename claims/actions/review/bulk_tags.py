"""Tags put on many claims at once, or taken off, and the same taken back: a part of the acts on stored selections.

Which tags an act put on which claim stands in its audit rows; taking it back takes off those and no others.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.claims import tags
from claims.actions.claims.together import Together
from claims.actions.review.bulk_previews import Act
from claims.models import AuditDetail, BulkAct, BulkActRow, Claim, ClaimTag, Desk, Review, Tag, User
from claims.models.fields import key_of


def asked_for(desk: Desk, add: str, take: str) -> tuple[list[str], list[str]]:
    """Return the names to put on and to take off; refused where there are none, or one to take off is not known."""
    adds, takes = tags.names_of(add), tags.names_of(take)
    if not adds and not takes:
        raise base.Refused(_("Type at least one tag to put on or to take off."))
    known = {row.name_key: row.name for row in _standing(desk, takes)}
    for name in takes:
        if key_of(name) not in known:
            raise base.Refused(_("The desk has no tag “%s” to take off.") % name)
    both = {key_of(name) for name in adds} & known.keys()
    if both:
        raise base.Refused(_("The tag “%s” cannot be put on and taken off at once.") % known[both.pop()])
    return adds, takes


def _standing(desk: Desk, names: Iterable[str]) -> list[Tag]:
    return list(Tag.objects.standing().filter(desk=desk, name_key__in=[key_of(name) for name in names]))


def foretold(actor: User, claims: Sequence[int], said: Mapping[str, Any]) -> Act:
    """Foretell ``tag_all`` of each claim."""
    adds = {key_of(name) for name in said["add"]}
    takes = {key_of(name) for name in said["take"]}
    there: dict[int, set[str]] = defaultdict(set)
    for claim, key in ClaimTag.objects.filter(claim__in=claims).values_list("claim_id", "tag__name_key"):
        there[claim].add(key)
    blind = tags.apart(actor, claims)

    def ask(claim: Claim, current: Review) -> str:
        base.require(actor, current.desk, *base.WORKERS, what=_("tag claims"))
        if claim.pk in blind:
            raise base.Refused(tags.opinion_first())
        held = there[claim.pk]
        if adds <= held and not takes & held:
            raise base.Refused(_("Nothing would change: it is tagged so already."))
        if len((held - takes) | adds) > tags.MOST:
            raise base.Refused(tags.too_many(claim.pk))
        return ""

    return ask


def do(act: BulkAct, reviews: Sequence[Review], now: dt.datetime) -> Together:
    """Do one batch under its locks."""
    desk = act.desk
    found = tags.tag_all(
        actor=act.asked_by,
        desk=desk,
        claims=[row.claim_id for row in reviews],
        add=tags.tags_named(actor=act.asked_by, desk=desk, names=act.said["add"], now=now),
        take=_standing(desk, act.said["take"]),
        now=now,
    )
    together = Together()
    for row in reviews:
        if row.claim_id in found.done:
            together.done[row.pk] = found.done[row.claim_id].event
        else:
            together.refused[row.pk] = found.refused.get(
                row.claim_id, _("Nothing would change: it is tagged so already.")
            )
    return together


def take_back(
    act: BulkAct, rows: Sequence[BulkActRow], *, actor: User, now: dt.datetime
) -> tuple[list[int], dict[int, str]]:
    """Let claims have the tags they had; returns the claims where that was done, and why not where it was not."""
    details = AuditDetail.objects.filter(
        event__gesture=act.gesture,
        event__verb="claim.tagged",
        event__claim_id__in=[row.claim_id for row in rows],
    )
    alike: dict[tuple[tuple[int, ...], tuple[int, ...]], list[int]] = defaultdict(list)
    for claim, data in details.values_list("event__claim_id", "data"):
        if claim is not None:
            alike[tuple(data["added"]), tuple(data["taken"])].append(claim)
    named = {pk for added, taken in alike for pk in (*added, *taken)}
    standing = Tag.objects.standing().filter(desk=act.desk).in_bulk(named)
    done: list[int] = []
    refused: dict[int, str] = {}
    for (added, taken), claims in alike.items():
        lost = [pk for pk in taken if pk not in standing]
        found = tags.tag_all(
            actor=actor,
            desk=act.desk,
            claims=claims,
            add=[standing[pk] for pk in taken if pk in standing],
            take=[standing[pk] for pk in added if pk in standing],
            now=now,
        )
        for claim in claims:
            if lost:
                refused[claim] = _("A tag that was taken off is not there any more.")
            elif claim in found.refused:
                refused[claim] = found.refused[claim]
            else:
                done.append(claim)
    return done, refused
