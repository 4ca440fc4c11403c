"""Does a suggestion say what an earlier claim of the desk says, or may it? Suggests, with reasons; a person confirms.

Candidates share rare words with the suggestion, or are alike in meaning as far as the worker has read both; whether
they say the same is judged in ``claims.matching``: another figure, a denial, an opposite, swapped actors or another
date are never the same. Where words cannot tell, the claim is offered for a look, marked so. Only the desk's newest
claims are compared; older ones are found by search.
Confirming is ``accept(..., claim=…)``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from claims.actions.triage.resemblance import CLAIMS, alike
from claims.matching.candidates import LOOK_FROM, OFFERED, ByWords, least_of, offered, order, stems
from claims.matching.sameness import Assertion, Comparison, Profile, Sameness, compare, profile
from claims.models import Appearance, Claim, User
from claims.models.fields import key_of
from claims.models.together import Asking


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


def suggest_repeats_of(appearances: Iterable[Appearance], user: User) -> Asking[dict[int, list[Earlier]]]:
    """Ask for repeats of several suggestions of one desk by their ids; one reading of the desk's claims for all.

    Claims that are surely the same come first; one that differs in something that matters is never among them.
    """
    rows = [row for row in appearances if row.triage != Appearance.Triage.ACCEPTED]
    if not rows:
        return {}
    if len({row.desk_id for row in rows}) > 1:
        raise ValueError("appearances of one desk at a time")
    known = yield from _known_claims(rows[0].desk_id, user)
    places = {claim.pk: at for at, claim in enumerate(known)}
    words = ByWords(claim.words for claim in known)
    by_meaning = alike(rows)
    profiles: dict[int, Profile] = {}
    found: dict[int, list[tuple[tuple[bool, float], int, bool, list[str]]]] = {}
    for row in rows:
        mine = profile(_assertion(row))
        near = {places[pk]: value for pk, value in by_meaning.get(row.pk, {}).items() if pk in places}
        for at in dict.fromkeys((*words.nearest(stems(row.wording or row.quotation)), *near)):
            claim, likeness = known[at], near.get(at, 0.0)
            if claim.pk not in profiles:
                dates = (claim.about,) if claim.about else ()
                profiles[claim.pk] = profile(Assertion(claim.wording, dates, claim.claimant))
            compared = compare(mine, profiles[claim.pk], least_of(likeness))
            if offered(compared, likeness):
                sure = compared.verdict is Sameness.SAME
                reasons = _reasons(row, claim, compared)
                found.setdefault(row.pk, []).append((order(compared, likeness), claim.pk, sure, reasons))
    best = {pk: sorted(its)[:OFFERED] for pk, its in found.items()}
    shown = {claim for its in best.values() for _order, claim, _sure, _reasons in its}
    earlier = Claim.objects.select_related("claimant", "factcheck").filter(pk__in=shown).order_by()
    yield [earlier]
    claims = {claim.pk: claim for claim in earlier}
    return {
        pk: [Earlier(claims[claim], reasons, sure) for _order, claim, sure, reasons in its if claim in claims]
        for pk, its in best.items()
    }


def _known_claims(desk_id: int, user: User) -> Asking[list[_Known]]:
    rows = (
        Claim.objects.standing()
        .visible_to(user)
        .filter(desk=desk_id)
        .order_by("-created_at", "-id")
        .values_list("pk", "wording", "about", "claimant__name")[:CLAIMS]
    )
    yield [rows]
    return [_Known(pk, wording, about, name or "", stems(wording)) for pk, wording, about, name in rows]


def _assertion(row: Appearance) -> Assertion:
    dates = tuple(str(date["value"]) for date in row.dates)
    return Assertion(row.wording or row.quotation, dates, row.claimant_text)


def _reasons(row: Appearance, claim: _Known, compared: Comparison) -> list[str]:
    reasons = [_("%d %% of the telling words are the same") % round(100 * compared.overlap)]
    if compared.verdict is not Sameness.SAME and compared.overlap < LOOK_FROM:
        reasons.insert(0, _("may say the same in other words"))
    for doubt in compared.doubts[:OFFERED]:
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
