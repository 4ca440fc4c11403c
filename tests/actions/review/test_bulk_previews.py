"""The preview of a bulk act says what the act then does, and asks as often for many claims as for few."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from claims.actions.claims import changes as claim_actions
from claims.actions.evidence import decisions as evidence_actions
from claims.actions.publishing import publish
from claims.actions.review import bulk, bulk_acts, selections
from claims.actions.review import verdicts as review
from claims.actions.review.verdict_text import VerdictData
from claims.models import Claim, Desk, Evidence, Rating, RatingScale, Review, User, Verdict
from claims.vocabulary import Finding
from tests.builders import claim
from tests.checks_made import (
    approved,
    checked_claim,
    current,
    published,
    rating,
    read_whole,
    source,
    submitted,
    words,
)
from tests.conftest import NOW
from tests.people import Cast

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(minutes=1)


def _by(cast: Cast, author: User, made: Claim | None = None) -> Verdict:
    made = made or checked_claim(cast)
    cited = source(cast, made)
    return review.submit_verdict(actor=author, review=current(made), data=words(cast, cited), now=NOW)


def _opened(verdict: Verdict, *people: User) -> Verdict:
    for person in people:
        read_whole(actor=person, verdict=verdict, now=NOW)
    return verdict


def _taken(cast: Cast, actor: User, **columns: Any) -> Claim:
    made = checked_claim(cast)
    claim_actions.take_lease(actor=actor, review=current(made), now=NOW)
    Review.objects.filter(claim=made).update(**columns)
    return made


def _correction(cast: Cast) -> Claim:
    check = published(cast)
    publish.start_correction(
        actor=cast.ada, factcheck=check, kind="correction", public_note="We had miscounted.", now=NOW
    )
    assert check.claim
    return check.claim


def _corrected(cast: Cast) -> Claim:
    made = _correction(cast)
    before = review.base_verdict(current(made))
    assert before
    data = replace(
        VerdictData.from_verdict(before), short_answer="It saw 421.", release_kind="first", public_note=""
    )
    _opened(review.submit_verdict(actor=cast.ada, review=current(made), data=data, now=NOW), cast.ben)
    return made


def _claims(cast: Cast) -> list[Claim]:
    """Make one claim in each state that a bulk act may meet."""
    queued, assigned = checked_claim(cast), checked_claim(cast)
    claim_actions.assign(actor=cast.carla, review=current(assigned), to=cast.ben, now=NOW)
    lapsed = _taken(cast, cast.ben, lease_until=NOW - dt.timedelta(hours=1), assignee=None)
    leased_in_queue = _taken(cast, cast.carla, state="queued", assignee=None)
    unconfirmed = claim(cast, now=NOW)
    Claim.objects.filter(pk=unconfirmed.pk).update(wording_confirmed_at=None)
    unresolved = checked_claim(cast)
    Claim.objects.filter(pk=unresolved.pk).update(wording_unresolved=[{"start": 0, "end": 3, "why": "x"}])
    nobody = checked_claim(cast)
    Claim.objects.filter(pk=nobody.pk).update(claimant=None)
    closed = checked_claim(cast)
    claim_actions.close(actor=cast.carla, review=current(closed), reason="other", now=NOW)
    reopened = checked_claim(cast)
    claim_actions.close(actor=cast.carla, review=current(reopened), reason="other", now=NOW)
    claim_actions.reopen(actor=cast.carla, review=current(reopened), now=NOW)
    merged = checked_claim(cast)
    claim_actions.merge_claims(actor=cast.ada, claim=merged, into=queued, now=NOW)
    left_behind = checked_claim(cast)  # merged, and its review lies in the queue all the same
    Claim.objects.filter(pk=left_behind.pk).update(merged_into=queued)
    same_source, rejected_source = checked_claim(cast), checked_claim(cast)
    source(cast, same_source)
    Evidence.objects.filter(pk=source(cast, rejected_source).pk).update(rejected=True)
    unopened = submitted(cast)
    opened = _opened(submitted(cast), cast.ben, cast.carla, cast.dana)
    own = _opened(_by(cast, cast.ben), cast.ben, cast.carla)
    once = _opened(submitted(cast), cast.ben, cast.carla)
    Desk.objects.filter(pk=cast.desk.pk).update(editorial_approvals=2)
    review.approve(actor=cast.ben, verdict=Verdict.objects.select_related("review").get(pk=once.pk), now=NOW)
    Desk.objects.filter(pk=cast.desk.pk).update(editorial_approvals=1, publish_mode=Desk.AfterApproval.HOLD)
    held = submitted(cast)
    approved(cast, Verdict.objects.get(pk=held.pk))
    Desk.objects.filter(pk=cast.desk.pk).update(publish_mode=Desk.AfterApproval.AT_ONCE)
    timed = _opened(submitted(cast), cast.ben)
    publish.publish_at(actor=cast.carla, review=current(timed.claim), at=NOW + dt.timedelta(days=1), now=NOW)
    moved = _opened(submitted(cast), cast.ben, cast.carla)
    Claim.objects.filter(pk=moved.claim_id).update(about="2020")
    gone = _opened(submitted(cast), cast.ben, cast.carla)
    Evidence.objects.filter(claim=gone.claim_id).update(rejected=True, cited=False)
    recalled = submitted(cast)
    review.recall_verdict(actor=cast.ada, verdict=recalled, now=NOW)
    claim_actions.put_back(actor=cast.carla, review=current(recalled.claim), now=NOW)
    newer = submitted(cast)
    review.recall_verdict(actor=cast.ada, verdict=newer, now=NOW)
    _opened(newer, cast.ben)
    _by(cast, cast.ada, newer.claim)
    withdrawn = _correction(cast)
    publish.withdraw(actor=cast.carla, factcheck=withdrawn.factcheck, note="Wrong.", now=NOW)
    bare = checked_claim(cast)
    Review.objects.filter(claim=bare).delete()
    elsewhere = claim(cast, desk=cast.other_desk, actor=cast.otto, now=NOW)
    verdicts = [unopened, opened, own, once, held, timed, moved, gone, recalled, newer]
    return [
        queued, assigned, lapsed, leased_in_queue, unconfirmed, unresolved, nobody, closed, reopened, merged,
        left_behind, same_source, rejected_source, bare, elsewhere, withdrawn,
        _taken(cast, cast.ada), _taken(cast, cast.carla), _correction(cast), _corrected(cast),
        checked_claim(cast, "The bridge carries 3,500 cars", who="Otto Brand", when="2025-01-01"),
        Claim.objects.get(factcheck=published(cast)),
        *(verdict.claim for verdict in verdicts),
    ]  # fmt: skip


Act = Callable[..., bulk.BulkReport]


def _stored(
    action: str,
    *,
    actor: User,
    claims: Sequence[Claim | int],
    now: dt.datetime,
    dry_run: bool = False,
    **asked: Any,
) -> bulk.BulkReport:
    """Do an act on a stored selection with every row ticked, or only look at it; report the rows alike."""
    ids = [one.pk if isinstance(one, Claim) else one for one in claims]
    desk = Desk.objects.get(slug="north")
    kept = selections.select(actor=actor, desk=desk, claims=ids, now=now)
    act = bulk_acts.preview(actor=actor, selection=kept, action=action, now=now, **asked)
    rows = act.rows.exclude(group=bulk_acts.LEFT)
    if not dry_run and rows.exists():
        for group in set(rows.values_list("group", flat=True)):
            bulk_acts.tick(actor=actor, act=act, group=group)
        bulk_acts.start(actor=actor, act=act, now=now)
    report = []
    for row in act.rows.select_related("claim").order_by("id"):
        left = row.group == bulk_acts.LEFT or row.outcome == "skipped"
        outcome = bulk.RowOutcome.SKIPPED if left else bulk.RowOutcome.DONE
        report.append(bulk.BulkRow(row.claim_id, row.claim.wording[:120], outcome, row.why))
    return bulk.BulkReport(tuple(report), dry_run)


def assign_many(**given: Any) -> bulk.BulkReport:
    return _stored("assign", **given)


def dismiss_many(**given: Any) -> bulk.BulkReport:
    return _stored("dismiss", **given)


def search_many(**given: Any) -> bulk.BulkReport:
    return _stored("search", **given)


def _acts(cast: Cast) -> Iterable[tuple[str, Act, dict[str, Any]]]:
    """Name every bulk act with what may be asked of it, good and bad."""
    for to in (None, cast.ada, cast.ben, cast.eli, cast.otto):
        yield f"assign to {to}", assign_many, {"to": to}
    for reason in ("other", "not_worth_it"):
        yield f"close, {reason}", dismiss_many, {"reason": reason}
    yield "search", search_many, {}
    for kind in ("editorial", "legal", "royal"):
        yield f"approve, {kind}", bulk.approve_many, {"kind": kind}
    yield "approve with a long comment", bulk.approve_many, {"comment": "x" * 6_000}
    old = RatingScale.objects.create(desk=cast.desk, version=9, name="Old")
    stale = Rating.objects.create(
        scale=old, position=1, key="old", label="Old", definition="Old.", finding=Finding.REFUTED
    )
    lead = checked_claim(cast)
    cited = source(cast, lead)
    contact = evidence_actions.add_contact(
        actor=cast.ada, claim=lead, who="The road office", asked_at=NOW, answered_at=NOW,
        quotation="It saw 412.", question="How many?", now=NOW,
    )  # fmt: skip
    whole = words(cast, cited, points=(("How many?", f"412 [e:{contact.pk}]", Finding.REFUTED.value),))
    review.submit_verdict(actor=cast.ada, review=current(lead), data=whole, now=NOW)
    own = Evidence.objects.filter(claim__desk=cast.desk).exclude(claim=lead).values_list("pk", flat=True)[0]
    variants: dict[str, dict[str, Any]] = {
        "its own words": {},
        "only what does not differ": {"skip_warned": True},
        "no rating": {"data": replace(whole, rating_id=None)},
        "an older rating": {"data": replace(whole, rating_id=stale.pk)},
        "another desk's rating": {"data": replace(whole, rating_id=rating(cast.other_desk).pk)},
        "no headline": {"data": replace(whole, headline="")},
        "no source": {"data": words(cast, None)},
        "nothing found": {"data": words(cast, None, "unproven", not_found="We searched the archive.")},
        "a source of one other claim": {"data": replace(whole, justification=f"Counted. [e:{own}]")},
        "a source that is none": {"data": replace(whole, justification="Counted. [e:999999] [e:x]")},
        "a source in the headline": {"data": replace(whole, headline=f"No [e:{cited.pk}]")},
        "a minor change": {"data": replace(whole, release_kind="minor")},
        "an update": {"data": replace(whole, release_kind="update", public_note="New numbers.")},
        "no such kind of change": {"data": replace(whole, release_kind="suspension")},
    }
    for name, options in variants.items():
        yield f"verdict, {name}", bulk.assign_verdict_many, {"lead": lead, **options}


SETTINGS: list[dict[str, Any]] = [
    {},
    {"editorial_approvals": 2, "legal_approvals": 1},
    {"editorial_approvals": 3, "publish_mode": Desk.AfterApproval.HOLD},
]


@pytest.mark.parametrize("number", range(len(SETTINGS)))
def test_the_preview_says_of_every_claim_what_the_act_then_does(cast: Cast, number: int) -> None:
    rows = _claims(cast)
    acts = list(_acts(cast))
    Desk.objects.filter(pk=cast.desk.pk).update(**SETTINGS[number])
    seen = set()
    shuffled = random.Random(number)
    people = (cast.ada, cast.ben, cast.carla, cast.dana)
    for place, (name, act, options) in enumerate(acts):
        actor = people[(place + number) % len(people)]
        if act is bulk.approve_many and actor == cast.ada:
            actor = cast.ben
        ids = [row.pk for row in shuffled.sample(rows, 18)]
        given = {"actor": actor, "claims": ids, "now": LATER, **options}
        before = _state()
        foretold = act(**given, dry_run=True)
        assert _state() == before, name
        with transaction.atomic():
            done = act(**given)
            transaction.set_rollback(True)
        assert foretold.rows == done.rows, (name, actor.display_name)
        seen |= {(act.__name__, str(row.outcome).replace("warned", "done")) for row in done.rows}
    if not SETTINGS[number]:  # further approvals leave some acts nothing to do
        wanted = {(act.__name__, outcome) for _n, act, _o in acts for outcome in ("done", "skipped")}
        assert seen >= wanted


def _state() -> tuple[object, ...]:
    from claims.models import AuditEvent, Job

    return (
        list(Review.objects.order_by("pk").values()),
        Verdict.objects.count(),
        Evidence.objects.count(),
        AuditEvent.objects.count(),
        Job.objects.count(),
    )


def _asked(act: Callable[[], bulk.BulkReport]) -> int:
    with CaptureQueriesContext(connection) as asked:
        report = act()
    assert {str(row.outcome) for row in report.rows} <= {"done", "warned"}, report.rows
    return len(asked)


def test_a_preview_asks_as_often_for_thirty_claims_as_for_ten(cast: Cast) -> None:
    lead = checked_claim(cast)
    submitted(cast, lead)
    queued = [checked_claim(cast) for _number in range(30)]
    waiting = [_opened(submitted(cast), cast.ben).claim for _number in range(30)]
    previews: dict[str, Callable[[int], bulk.BulkReport]] = {
        "assign": lambda most: assign_many(
            actor=cast.carla, claims=queued[:most], to=cast.ada, dry_run=True, now=LATER
        ),
        "close": lambda most: dismiss_many(
            actor=cast.carla, claims=queued[:most], reason="other", dry_run=True, now=LATER
        ),
        "search": lambda most: search_many(actor=cast.ada, claims=queued[:most], dry_run=True, now=LATER),
        "approve": lambda most: bulk.approve_many(
            actor=cast.ben, claims=waiting[:most], dry_run=True, now=LATER
        ),
        "verdict": lambda most: bulk.assign_verdict_many(
            actor=cast.ada, claims=queued[:most], lead=Claim.objects.get(pk=lead.pk), dry_run=True, now=LATER
        ),
    }
    few = {name: _asked(lambda ask=ask: ask(10)) for name, ask in previews.items()}
    many = {name: _asked(lambda ask=ask: ask(30)) for name, ask in previews.items()}
    assert many == few
    assert max(many.values()) <= 30
