"""Does a suggestion say what an earlier claim of the desk says, or may it? Suggests, with reasons; a person confirms.

Candidates share rare words with the suggestion; whether they say the same is judged in ``claims.matching``: another
figure, a denial, an opposite, swapped actors or another date are never the same. Where words cannot tell, the claim
is offered for a look, marked so. Only the desk's newest claims are compared; older ones are found by search.
Confirming is ``accept(..., claim=…)``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from claims.matching.sameness import Assertion, Comparison, Profile, Sameness, compare, profile
from claims.models import Appearance, Claim, User
from claims.models.fields import key_of

#: The newest claims of a desk that are compared; how many candidates a suggestion gets, and how many it shows.
_CLAIMS, _CANDIDATES, _SHOWN = 2_000, 12, 3
#: The share of telling words in common from which an unclear pair is worth a person's look.
_LOOK_FROM = 0.5
_WORD = re.compile(r"[^\W_]{3,}|\d+")
#: Words are compared by their beginnings, so that "raised" and "raises" meet.
_STEM = 5


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier claim that says the same, and why; not ``sure``, one that may, for a person to look at."""

    claim: Claim
    reasons: list[str]
    sure: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """One claim as far as candidates need it."""

    pk: int
    wording: str
    about: str
    claimant: str
    words: frozenset[str]


def suggest_repeats_of(appearances: Iterable[Appearance], user: User) -> dict[int, list[Earlier]]:
    """Return repeats for several suggestions of one desk by their ids; one reading of the desk's claims for all.

    Claims that are surely the same come first; one that differs in something that matters is never among them.
    """
    rows = [row for row in appearances if row.triage != Appearance.Triage.ACCEPTED]
    if not rows:
        return {}
    if len({row.desk_id for row in rows}) > 1:
        raise ValueError("appearances of one desk at a time")
    known = _known_claims(rows[0].desk_id, user)
    spread = Counter(word for claim in known for word in claim.words)
    profiles: dict[int, Profile] = {}
    found: dict[int, list[tuple[bool, float, int, list[str]]]] = {}
    for row in rows:
        mine = profile(_assertion(row))
        for claim in _candidates(row, known, spread):
            if claim.pk not in profiles:
                dates = (claim.about,) if claim.about else ()
                profiles[claim.pk] = profile(Assertion(claim.wording, dates, claim.claimant))
            compared = compare(mine, profiles[claim.pk])
            unclear = compared.verdict is Sameness.UNCLEAR and compared.overlap >= _LOOK_FROM
            if unclear or compared.verdict is Sameness.SAME:
                found.setdefault(row.pk, []).append(
                    (unclear, -compared.overlap, claim.pk, _reasons(row, claim, compared))
                )
    best = {pk: sorted(rows)[:_SHOWN] for pk, rows in found.items()}
    claims = Claim.objects.select_related("claimant", "factcheck").in_bulk(
        {one[2] for rows in best.values() for one in rows}
    )
    return {
        pk: [
            Earlier(claims[claim], reasons, not unclear)
            for unclear, _order, claim, reasons in rows
            if claim in claims
        ]
        for pk, rows in best.items()
    }


def _known_claims(desk_id: int, user: User) -> list[_Known]:
    rows = (
        Claim.objects.standing()
        .visible_to(user)
        .filter(desk=desk_id)
        .order_by("-created_at", "-id")
        .values_list("pk", "wording", "about", "claimant__name")[:_CLAIMS]
    )
    return [_Known(pk, wording, about, name or "", _words(wording)) for pk, wording, about, name in rows]


def _words(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _WORD.findall(text.casefold()))


def _candidates(row: Appearance, known: list[_Known], spread: Counter[str]) -> list[_Known]:
    """Return the claims that share most with the suggestion, a rare word counting more than a common one."""
    words = _words(row.wording or row.quotation)
    scored = [
        (sum(1 / spread[word] for word in shared), claim)
        for claim in known
        if len(shared := words & claim.words) >= 2
    ]
    scored.sort(key=lambda one: (-one[0], -one[1].pk))
    return [claim for _score, claim in scored[:_CANDIDATES]]


def _assertion(row: Appearance) -> Assertion:
    dates = tuple(str(date["value"]) for date in row.dates)
    return Assertion(row.wording or row.quotation, dates, row.claimant_text)


def _reasons(row: Appearance, claim: _Known, compared: Comparison) -> list[str]:
    reasons = [_("%d %% of the telling words are the same") % round(100 * compared.overlap)]
    for doubt in compared.doubts[:_SHOWN]:
        if doubt.one and doubt.other:
            reasons.append(
                _("here “%(here)s”, there “%(there)s”") % {"here": doubt.one, "there": doubt.other}
            )
        elif doubt.one:
            reasons.append(_("only here “%(here)s”") % {"here": doubt.one})
        elif doubt.other:
            reasons.append(_("only there “%(there)s”") % {"there": doubt.other})
    if row.claimant_text and claim.claimant:
        if key_of(row.claimant_text) == key_of(claim.claimant):
            reasons.append(_("said by %(name)s as well") % {"name": claim.claimant})
        else:
            reasons.append(_("there said by %(name)s") % {"name": claim.claimant})
    return reasons
