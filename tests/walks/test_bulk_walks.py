"""Random acts on many claims among random acts on single ones: every undo restores equal rows, or leaves them alone.

``FACTCHECK_WALKS`` says how many walks of a hundred steps.
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
from claims.actions.review import bulk_acts, bulk_undo, selections
from claims.actions.review.drafts import draft_of, save_draft
from claims.models import AuditEvent, BulkAct, BulkActRow, Claim, Review, User
from tests.checks_made import checked_claim, current, submitted
from tests.conftest import NOW
from tests.people import Cast

pytestmark = pytest.mark.django_db
WALKS = max(1, int(os.environ.get("FACTCHECK_WALKS", "40")) // 20)
STEPS = 100


def rows() -> dict[int, dict[str, Any]]:
    """Return every review as it is, but for its version."""
    return {
        one.pop("claim_id"): {name: value for name, value in one.items() if name != "version"}
        for one in Review.objects.order_by("claim_id", "number").values()
    }


class Desk:
    """People of a desk who act at random on its claims."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast, self.dice, self.now = cast, random.Random(seed), NOW
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
        match self.dice.randrange(6):
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
            case _:
                changes.put_back(actor=who, review=review, now=self.now)


@pytest.mark.parametrize("seed", range(WALKS))
def test_every_undo_restores_equal_rows(cast: Cast, seed: int) -> None:
    desk = Desk(cast, seed)
    for _ in range(STEPS):
        desk.step()
    assert desk.taken["rows taken back"] > 10, desk.taken
    assert desk.taken["rows kept"] > 5, desk.taken
