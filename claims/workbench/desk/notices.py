"""What has this person been told and not yet read? Sentences, with the claims they may still see."""

from __future__ import annotations

from typing import Any

from django.utils.translation import ngettext

from claims.models import Claim, Desk, Notice, User

SHOWN = 5
NAMED = 3
Kind = Notice.Kind


def unread(desk: Desk, user: User) -> list[dict[str, Any]]:
    """Return the newest notices of a desk, each with its sentence and the first claims it speaks of."""
    rows = Notice.objects.visible_to(user).unseen().filter(desk=desk).select_related("actor")
    found = list(rows.order_by("-id")[:SHOWN])
    wanted = {pk for notice in found for pk in notice.claims[:NAMED]}
    seen = Claim.objects.visible_to(user).filter(pk__in=wanted).only("pk", "wording")
    claims = {claim.pk: claim for claim in seen}
    return [
        {
            "notice": notice,
            "sentence": sentence(notice),
            "claims": [claims[pk] for pk in notice.claims[:NAMED] if pk in claims],
            "more": max(notice.count - NAMED, 0),
        }
        for notice in found
    ]


def sentence(notice: Notice) -> str:
    """Say who did what with how many claims."""
    told = {"who": notice.actor.display_name, "n": notice.count}
    match notice.kind:
        case Kind.GIVEN:
            words = ngettext(
                "%(who)s has given you %(n)d claim.", "%(who)s has given you %(n)d claims.", notice.count
            )
        case Kind.CLOSED:
            words = ngettext(
                "%(who)s has closed %(n)d claim that you worked on.",
                "%(who)s has closed %(n)d claims that you worked on.",
                notice.count,
            )
        case Kind.RETURNED:
            words = ngettext(
                "%(who)s has taken an act on %(n)d claim back: it is as it was.",
                "%(who)s has taken an act on %(n)d claims back: they are as they were.",
                notice.count,
            )
        case _:
            words = ngettext(
                "%(who)s has given %(n)d claim that you worked on to somebody else.",
                "%(who)s has given %(n)d claims that you worked on to somebody else.",
                notice.count,
            )
    return words % told
