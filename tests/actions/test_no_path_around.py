"""Random walks of several people over every act of a review: no walk finds a way around the approvals.

After each step the tables are read back and compared with the rules, independently of the policy's code.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from claims.actions import base
from claims.actions.claims import changes as claim_actions
from claims.actions.evidence import decisions as evidence_actions
from claims.actions.publishing import publish
from claims.actions.publishing.schedule import due_by_time
from claims.actions.review import bulk, readings
from claims.actions.review import verdicts as review
from claims.actions.review.verdict_text import VerdictData
from claims.models import (
    Approval,
    AuditEvent,
    CitationReading,
    Claim,
    Desk,
    FactCheck,
    Job,
    Release,
    Review,
    User,
    Verdict,
    VerdictAuthor,
    VerdictDraft,
    VerdictReading,
)
from claims.tasks.base import run_now
from claims.vocabulary import Role
from tests.checks_made import checked_claim, current, source, words
from tests.conftest import NOW
from tests.people import Cast, person

pytestmark = pytest.mark.django_db
NEW_VERDICT = ("first", "minor", "clarification", "correction", "update")


@dataclass
class Walk:
    """One sequence of acts by random people on two claims."""

    cast: Cast
    seed: int
    claims: list[Claim] = field(default_factory=list)
    now: dt.datetime = NOW
    taken: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        cast = self.cast
        self.people = [cast.ada, cast.ben, cast.carla, cast.dana, cast.eli, cast.otto, self.superuser()]
        cast.desk.editorial_approvals = self.dice.choice([1, 1, 2])
        cast.desk.publish_mode = self.dice.choice(list(Desk.AfterApproval))
        cast.desk.save()
        self.claims = [checked_claim(cast), checked_claim(cast)]

    def superuser(self) -> User:
        found = User.objects.filter(is_superuser=True).first()
        return found or User.objects.create_superuser(
            "root@desk.example", "a long enough word", display_name="Root"
        )

    def step(self) -> None:
        """Let one random person try one random act; refusals are part of the game."""
        acts: list[Callable[[User, Claim], Any]] = [
            self.submit, self.submit, self.open, self.open, self.approve, self.approve, self.approve, self.publish,
            self.send_back, self.recall, self.hold, self.plan, self.clock, self.suspend, self.reinstate,
            self.revise, self.propose, self.accept, self.bulk_verdict, self.bulk_approve, self.close, self.reopen,
            self.take, self.change_claim, self.reject_source,
        ]  # fmt: skip
        act, who, made = self.dice.choice(acts), self.dice.choice(self.people), self.dice.choice(self.claims)
        self.now += dt.timedelta(minutes=self.dice.choice([1, 40]))
        try:
            act(who, Claim.objects.get(pk=made.pk))
        except base.Refused:
            return
        self.taken[act.__name__] += 1

    def verdict(self, made: Claim) -> Verdict:
        found = list(Verdict.objects.filter(claim=made).order_by("pk"))
        if not found:
            raise base.Refused("nothing is submitted")
        # Now and then an old version, as a page left open would send.
        return self.dice.choice(found) if self.dice.random() < 0.2 else found[-1]

    def data(self, made: Claim) -> VerdictData:
        cited = source(self.cast, made, f"Counted {self.dice.randrange(10**6)} cars.")
        label = self.dice.choice(["false", "true", "unproven"])
        data = words(self.cast, cited, label, short_answer=f"Answer {self.dice.randrange(10**6)}.")
        kind = self.dice.choice(["minor", "correction", "update"])
        return replace(data, release_kind=kind, public_note="We looked again.")

    def submit(self, who: User, made: Claim) -> None:
        review.submit_verdict(actor=who, review=current(made), data=self.data(made), now=self.now)

    def open(self, who: User, made: Claim) -> None:
        review.open_verdict(actor=who, verdict=self.verdict(made), now=self.now)

    def approve(self, who: User, made: Claim) -> None:
        at = self.now + dt.timedelta(minutes=30) if self.dice.random() < 0.2 else None
        verdict = self.verdict(made)
        if self.dice.random() < 0.6:
            review.open_verdict(actor=who, verdict=verdict, now=self.now)
        sources = [one for one in verdict.citations if self.dice.random() < 0.9]
        for one in sources:
            if self.dice.random() < 0.9:
                readings.open_source(actor=who, verdict=verdict, evidence=one, now=self.now)
            readings.tick_citation(actor=who, verdict=verdict, evidence=one, now=self.now)
        why = self.dice.choice(["", "", " ", "The office confirmed it by telephone."])
        review.approve(actor=who, verdict=verdict, publish_at=at, unread_reason=why, now=self.now)

    def publish(self, who: User, made: Claim) -> None:
        publish.publish(actor=self.dice.choice([who, None]), review=current(made), now=self.now)

    def send_back(self, who: User, made: Claim) -> None:
        review.return_verdict(actor=who, verdict=self.verdict(made), comment="Again.", now=self.now)

    def recall(self, who: User, made: Claim) -> None:
        review.recall_verdict(actor=who, verdict=self.verdict(made), now=self.now)

    def hold(self, who: User, made: Claim) -> None:
        publish.hold(actor=who, review=current(made), now=self.now)

    def plan(self, who: User, made: Claim) -> None:
        at = self.now + dt.timedelta(minutes=5)
        publish.publish_at(actor=who, review=current(made), at=at, now=self.now)

    def clock(self, _who: User, _made: Claim) -> None:
        due_by_time(self.now)
        for pk in Job.objects.filter(kind="publish", status="queued").values_list("pk", flat=True):
            run_now(pk)

    def check(self, made: Claim) -> FactCheck:
        found = FactCheck.objects.filter(claim=made).first()
        if found is None:
            raise base.Refused("nothing is published")
        return found

    def suspend(self, who: User, made: Claim) -> None:
        publish.suspend(actor=who, factcheck=self.check(made), note="A doubt.", now=self.now)

    def reinstate(self, who: User, made: Claim) -> None:
        publish.reinstate(actor=who, factcheck=self.check(made), note="It holds.", now=self.now)

    def revise(self, who: User, made: Claim) -> None:
        kind = self.dice.choice(["minor", "correction", "update", "first", "reinstatement"])
        publish.start_correction(
            actor=who, factcheck=self.check(made), kind=kind, public_note="Wrong.", now=self.now
        )

    def propose(self, who: User, made: Claim) -> None:
        verdict = self.verdict(made)
        data = replace(
            VerdictData.from_verdict(verdict), short_answer=f"Better {self.dice.randrange(10**6)}."
        )
        review.propose_wording(actor=who, verdict=verdict, data=data, now=self.now)

    def accept(self, who: User, made: Claim) -> None:
        drafts = VerdictDraft.objects.filter(review__claim=made)
        if not drafts:
            raise base.Refused("nothing is proposed")
        review.accept_proposal(actor=who, draft=self.dice.choice(list(drafts)), now=self.now)

    def bulk_verdict(self, who: User, made: Claim) -> None:
        bulk.assign_verdict_many(actor=who, claims=self.claims, lead=made, now=self.now)

    def bulk_approve(self, who: User, _made: Claim) -> None:
        bulk.approve_many(actor=who, claims=self.claims, now=self.now)

    def close(self, who: User, made: Claim) -> None:
        if self.dice.random() < 0.3:
            claim_actions.close(actor=who, review=current(made), reason="other", now=self.now)

    def reopen(self, who: User, made: Claim) -> None:
        claim_actions.reopen(actor=who, review=current(made), now=self.now)

    def take(self, who: User, made: Claim) -> None:
        claim_actions.take_lease(actor=who, review=current(made), now=self.now)

    def change_claim(self, who: User, made: Claim) -> None:
        claim_actions.set_dates(
            actor=who, claim=made, made_on=f"20{self.dice.randrange(10, 26)}", now=self.now
        )

    def reject_source(self, who: User, made: Claim) -> None:
        rows = list(made.evidence.all())
        if rows:
            evidence_actions.decide(actor=who, evidence=self.dice.choice(rows), rejected=True, now=self.now)

    def insist(self) -> None:
        """Compare the tables with the rules."""
        for approval in Approval.objects.select_related("verdict", "user"):
            told = f"seed {self.seed}"
            authors = set(
                VerdictAuthor.objects.filter(verdict=approval.verdict).values_list("user", flat=True)
            )
            assert approval.user_id not in authors, told
            assert approval.verdict.created_by_id in authors, told
            assert VerdictReading.objects.filter(verdict=approval.verdict, user=approval.user).exists(), told
            ticked = CitationReading.objects.filter(
                verdict=approval.verdict, user=approval.user, ticked_at__isnull=False
            )
            read = set(ticked.values_list("evidence", flat=True))
            assert approval.unread_reason.strip() or read >= set(approval.verdict.citations), told
            roles = self.cast.desk.roles_of(approval.user)
            assert roles & {Role.REVIEWER, Role.DESK_EDITOR}, told
        for release in Release.objects.filter(kind__in=NEW_VERDICT).select_related("verdict"):
            assert release.verdict is not None
            asked = 1 if release.kind == "minor" else self.cast.desk.editorial_approvals
            people = set(Approval.objects.filter(verdict=release.verdict).values_list("user", flat=True))
            assert len(people) >= asked, f"seed {self.seed}: {release.kind}"
            assert release.payload["wording"] == release.verdict.wording
        for open_now in Review.objects.filter(state="published"):
            assert Release.objects.filter(verdict__review=open_now).exists(), f"seed {self.seed}"
        for check in FactCheck.objects.select_related("latest"):
            assert check.latest is not None
            assert check.latest.number == check.releases.count()
            assert check.status == check.latest.payload["status"]


@pytest.mark.parametrize("seed", range(6))
def test_no_walk_publishes_without_approvals_or_lets_an_author_approve(cast: Cast, seed: int) -> None:
    walk = Walk(cast, seed)
    for _step in range(60):
        walk.step()
        walk.insist()


def test_the_walks_reach_publication_so_that_they_prove_something(cast: Cast) -> None:
    walk = Walk(cast, 99)
    cast.desk.editorial_approvals = 1
    cast.desk.publish_mode = Desk.AfterApproval.AT_ONCE
    cast.desk.save()
    for _step in range(400):
        walk.step()
        if Release.objects.filter(kind__in=NEW_VERDICT).count() > 1:
            break
    walk.insist()
    assert Release.objects.exists()
    assert walk.taken["submit"]
    assert walk.taken["approve"]


def test_people_of_another_desk_leave_no_trace_here(cast: Cast) -> None:
    stranger = person("Stella", cast.other_desk, Role.DESK_EDITOR, Role.REVIEWER, Role.FACT_CHECKER)
    walk = Walk(cast, 7)
    walk.people = [cast.otto, stranger]
    for _step in range(120):
        walk.step()
    walk.insist()
    mine = AuditEvent.objects.filter(actor_id__in=[cast.otto.pk, stranger.pk])
    assert not mine.exists()
    assert AuditEvent.objects.filter(verb="verdict.approved").count() == 0
    assert not Verdict.objects.exists()
