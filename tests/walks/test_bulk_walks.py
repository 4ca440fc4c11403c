"""Random acts on many claims among random acts on single ones: every undo restores equal rows, or leaves them alone.

People assign, close, date and tag many at once, and meanwhile hand over, take over, ask each other for opinions, give
them, approve and publish. ``FACTCHECK_WALKS`` says how many walks of a hundred steps, divided by twenty: ten thousand
steps are ``FACTCHECK_WALKS=2000 ./run test tests/walks/test_bulk_walks.py``.
"""

from __future__ import annotations

import datetime as dt
import os
import random
from collections import Counter
from typing import Any

import pytest

from claims.actions import base
from claims.actions.claims import changes
from claims.actions.claims.due import set_due
from claims.actions.claims.tags import tag_claim, untag_claim
from claims.actions.desk.settings import change_desk
from claims.actions.review import bulk_acts, bulk_undo, handing, panels, selections
from claims.actions.review.drafts import draft_of, save_draft
from claims.actions.review.verdicts import approve
from claims.models import (
    Approval,
    AuditEvent,
    BulkAct,
    BulkActRow,
    Claim,
    ClaimTag,
    Panel,
    Rating,
    Release,
    Review,
    Tag,
    User,
    Verdict,
    VerdictAuthor,
)
from claims.models.panels import kept_blind
from tests.checks_made import checked_claim, current, read_whole, submitted
from tests.conftest import NOW
from tests.people import Cast

pytestmark = pytest.mark.django_db
WALKS = max(1, int(os.environ.get("FACTCHECK_WALKS", "40")) // 20)
STEPS = 100


def rows() -> dict[int, dict[str, Any]]:
    """Return every review as it is, but for its version, with what is said of its claim."""
    tags: dict[int, list[int]] = {}
    for claim, tag in ClaimTag.objects.order_by("tag").values_list("claim", "tag"):
        tags.setdefault(claim, []).append(tag)
    due = dict(Claim.objects.order_by().values_list("pk", "due_at"))
    found = {}
    for one in Review.objects.order_by("claim_id", "number").values():
        claim = one.pop("claim_id")
        kept = {name: value for name, value in one.items() if name != "version"}
        found[claim] = {**kept, "due_at": due[claim], "tags": tags.get(claim, [])}
    return found


class Desk:
    """People of a desk who act at random on its claims."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast, self.dice, self.now = cast, random.Random(seed), NOW
        change_desk(actor=cast.dana, desk=cast.desk, values={"panels": "possible"})
        cast.desk.refresh_from_db()
        self.people = (cast.ada, cast.ben, cast.carla, cast.dana)
        self.claims = [checked_claim(cast) for _ in range(6)] + [submitted(cast).claim for _ in range(2)]
        #: What the rows of an act were when it began.
        self.before: dict[int, dict[int, dict[str, Any]]] = {}
        self.taken: Counter[str] = Counter()

    def step(self) -> None:
        self.now += dt.timedelta(minutes=self.dice.randrange(1, 90))
        act = self.dice.choice((self.many, self.many, self.undo, self.undo, self.one))
        try:
            act(self.dice.choice(self.people))
            self.taken[act.__name__] += 1
        except base.Refused:
            self.taken[f"{act.__name__} refused"] += 1
        self.insist_published_means_approved()

    def insist_published_means_approved(self) -> None:
        for release in Release.objects.exclude(verdict=None):
            given = set(Approval.objects.filter(verdict=release.verdict).values_list("user", flat=True))
            wrote = set(VerdictAuthor.objects.filter(verdict=release.verdict).values_list("user", flat=True))
            assert given - wrote, release
        for panel in Panel.objects.open():
            for reader in panel.opinions.awaited().values_list("reader", flat=True):
                told = Verdict.objects.visible_to(User.objects.get(pk=reader)).filter(review=panel.review_id)
                assert not told.exists(), (panel, reader)
                assert panel.review_id in kept_blind(User.objects.get(pk=reader))

    def many(self, who: User) -> None:
        """Look at an act on some claims, tick at random, let others act in between, and do it."""
        some = self.dice.sample(self.claims, self.dice.randrange(1, len(self.claims)))
        kept = selections.select(
            actor=who, desk=self.cast.desk, claims=[one.pk for one in some], now=self.now
        )
        asked: dict[str, Any] = self.dice.choice(
            (
                {"action": "assign", "to": self.dice.choice((None, *self.people))},
                {"action": "dismiss", "reason": "other"},
                {"action": "due", "due_at": self.dice.choice((None, self.now + dt.timedelta(days=2)))},
                {"action": "tag", "add": self.dice.choice(("bridges", "roads, rail")), "take": ""},
                {"action": "tag", "add": "rail", "take": "bridges"},
            )
        )
        act = bulk_acts.preview(actor=who, selection=kept, now=self.now, **asked)
        for group in ("takes", "scheduled", "submitted", "draft"):
            if self.dice.random() < 0.5:
                bulk_acts.tick(actor=who, act=act, group=group)
        if self.dice.random() < 0.3:
            self.one(self.dice.choice(self.people))
        self.before[act.pk] = rows()
        bulk_acts.start(actor=who, act=act, now=self.now)
        self.insist_only_ticked_rows_changed(act)

    def insist_only_ticked_rows_changed(self, act: BulkAct) -> None:
        before, after = self.before[act.pk], rows()
        changed = {claim for claim in before if before[claim] != after[claim]}
        done = set(act.rows.filter(outcome="done").values_list("claim", flat=True))
        assert changed == done, act
        told = AuditEvent.objects.filter(gesture=act.gesture).values_list("claim_id", flat=True)
        assert sorted(pk for pk in told if pk) == sorted(done)
        assert not act.rows.filter(outcome="done", ticked=False).exists()

    def undo(self, who: User) -> None:
        acts = BulkAct.objects.filter(state="done").order_by("-pk")[:3]
        act = self.dice.choice(list(acts) or [None])  # type: ignore[list-item]
        if act is None:
            return
        standing = rows()
        bulk_undo.undo(actor=who, act=act, now=self.now)
        after = rows()
        back = set(BulkActRow.objects.filter(act=act, outcome="undone").values_list("claim", flat=True))
        for claim, row in after.items():
            assert row == (self.before[act.pk][claim] if claim in back else standing[claim]), (act, claim)
        self.taken["rows taken back"] += len(back)
        self.taken["rows kept"] += act.rows.filter(outcome="kept").count()

    def one(self, who: User) -> None:
        """Do something to one claim, as people do meanwhile."""
        claim = self.dice.choice(self.claims)
        review = current(claim)
        match self.dice.randrange(15):
            case 0:
                changes.assign(actor=who, review=review, to=self.dice.choice(self.people), now=self.now)
            case 1:
                changes.take_lease(actor=who, review=review, now=self.now)
            case 2:
                changes.reopen(actor=who, review=review, now=self.now)
            case 3:
                fresh = Claim.objects.get(pk=claim.pk)
                changes.edit_wording(actor=who, claim=fresh, wording=f"Words {self.now}.", now=self.now)
            case 4:
                known = draft_of(review, who)
                save_draft(
                    actor=who,
                    review=review,
                    data={"headline": "No"},
                    expected_version=known.version if known else None,
                    now=self.now,
                )
            case 5:
                changes.put_back(actor=who, review=review, now=self.now)
            case 6:
                to = self.dice.choice(self.people)
                handing.hand_over(actor=who, review=review, to=to, words="Yours.", now=self.now)
            case 7:
                taking = self.dice.random() < 0.5
                handing.take_over(actor=who, review=review, with_draft=taking, now=self.now)
            case 8:
                tag_claim(actor=who, claim=claim, typed=self.dice.choice(("bridges", "rail")), now=self.now)
            case 9:
                tags = list(Tag.objects.filter(desk=self.cast.desk).order_by("pk"))
                if tags:
                    untag_claim(actor=who, claim=claim, tag=self.dice.choice(tags), now=self.now)
            case 10:
                fresh = Claim.objects.get(pk=claim.pk)
                set_due(actor=who, claim=fresh, due_at=self.now + dt.timedelta(days=1), now=self.now)
            case 11:
                readers = self.dice.sample(self.people, 2)
                panels.ask_panel(actor=who, review=review, readers=readers, needed=1, now=self.now)
            case 12 | 13:
                self.speak(who)
            case _:
                self.approve(who)
        self.taken["single acts"] += 1

    def speak(self, who: User) -> None:
        """Give one's opinion, decline, or end a panel."""
        panel = Panel.objects.open().order_by("pk").last()
        if panel is None:
            return
        way = self.dice.random()
        if way < 0.6:
            found = self.dice.choice(list(Rating.objects.filter(scale=panel.scale).order_by("pk")))
            panels.give_opinion(actor=who, panel=panel, rating=found, reason="So it is.", now=self.now)
        elif way < 0.8:
            panels.decline_opinion(actor=who, panel=panel, now=self.now)
        else:
            panels.end_panel(actor=who, panel=panel, now=self.now)
        self.taken["spoke"] += 1

    def approve(self, who: User) -> None:
        """Open a version that waits, read it, and approve it, which publishes it."""
        waiting = Verdict.objects.filter(review__state="awaiting_approval").select_related("review__desk")
        verdict = waiting.order_by("-number", "pk").first()
        if verdict is None:
            return
        read_whole(actor=who, verdict=verdict, now=self.now)
        approve(actor=who, verdict=verdict, now=self.now)
        self.taken["approved"] += 1


@pytest.mark.parametrize("seed", range(WALKS))
def test_every_undo_restores_equal_rows(cast: Cast, seed: int) -> None:
    desk = Desk(cast, seed)
    for _ in range(STEPS):
        desk.step()
    assert desk.taken["rows taken back"] > 3, desk.taken
    assert desk.taken["rows kept"] > 0, desk.taken
    print(dict(desk.taken))
