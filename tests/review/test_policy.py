"""Who may do what, and the sentence that a refused person reads."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.review.after_publication import may_reinstate, may_revise, may_suspend, may_withdraw
from claims.review.facts import ApprovalGiven, Draft
from claims.review.policy import (
    approvals_missing,
    completes,
    may_approve,
    may_publish,
    may_recall,
    may_return,
    may_submit,
    missing_for_submission,
    needed_for,
    unread_sources,
)
from claims.review.states import PublishMode
from claims.review.whose_work import may_assign, may_close, may_edit, may_put_back, may_start
from claims.vocabulary import ApprovalKind, CheckStatus, ReleaseKind, ReviewState
from tests.review.cast import ANA, BEN, CLEO, COMPLETE, DESK, DORA, EMIL, FINN, approved_by, facts

WAITING, APPROVED = ReviewState.AWAITING_APPROVAL, ReviewState.APPROVED
EDITORIAL, LEGAL = ApprovalKind.EDITORIAL, ApprovalKind.LEGAL


def test_a_reviewer_who_opened_it_and_did_not_write_it_may_approve() -> None:
    assert may_approve(facts(WAITING), BEN)


READ = {BEN.id: frozenset({7, 8, 9})}


def test_whoever_has_ticked_every_source_approves_without_a_reason() -> None:
    cited = facts(WAITING, citations=(7, 8, 9), ticked=READ)
    assert may_approve(cited, BEN, unread_reason="")
    assert may_approve(replace(cited, refuses_unread=True), BEN, unread_reason="")
    assert unread_sources(cited, BEN.id) == ()


def test_an_unread_source_is_named_by_its_number_and_asks_for_a_reason() -> None:
    cited = facts(WAITING, citations=(7, 12, 9, 13), ticked=READ)
    decision = may_approve(cited, BEN, unread_reason=" ")
    assert (decision.code, decision.sentence[:31]) == ("unread", "Sources [2], [4] are not ticked")
    assert may_approve(cited, BEN, unread_reason="Read on paper.")
    assert may_approve(cited, BEN), "whoever is asked may give a reason"
    assert may_approve(facts(WAITING, citations=(7,), ticked=READ), CLEO, unread_reason="").code == "unread"


def test_a_desk_that_refuses_unread_sources_takes_no_reason() -> None:
    cited = facts(WAITING, citations=(7, 12), ticked=READ, refuses_unread=True)
    for reason in (None, "", "Read on paper."):
        assert may_approve(cited, BEN, unread_reason=reason).code == "unread"


def test_a_verdict_that_cites_nothing_has_nothing_unread() -> None:
    assert may_approve(facts(WAITING, citations=(), refuses_unread=True), BEN, unread_reason="")


def test_nobody_approves_their_own_verdict_and_is_told_who_could() -> None:
    decision = may_approve(facts(WAITING, authors=frozenset({ANA.id, BEN.id})), BEN)
    assert not decision
    assert decision.code == "author"
    assert decision.sentence == "You wrote this verdict, and nobody approves their own. Cleo or Dora could."


def test_an_approval_needs_the_version_opened() -> None:
    decision = may_approve(facts(WAITING, opened_by=frozenset({CLEO.id})), BEN)
    assert (decision.code, bool(decision)) == ("not_opened", False)


def test_an_approval_of_a_version_that_is_no_longer_the_newest_is_refused() -> None:
    assert may_approve(facts(WAITING), BEN, version=7)
    assert may_approve(facts(WAITING), BEN, version=6).code == "stale"


def test_a_double_click_approves_once() -> None:
    assert may_approve(facts(WAITING, approvals=approved_by(BEN), needed={EDITORIAL: 2}), BEN).code == "twice"


def test_contributors_fact_checkers_and_switched_off_people_do_not_approve() -> None:
    everyone = frozenset(m.id for m in DESK)
    assert may_approve(facts(WAITING, opened_by=everyone, authors=frozenset({9})), ANA).code == "role"
    assert may_approve(facts(WAITING, opened_by=everyone), EMIL).code == "role"
    assert may_approve(facts(WAITING, opened_by=everyone), FINN).code == "inactive"


def test_a_legal_approval_is_given_by_those_who_may() -> None:
    needs = facts(WAITING, needed={EDITORIAL: 1, LEGAL: 1})
    refused = may_approve(needs, BEN, LEGAL)
    assert refused.sentence == "You do not give legal approvals. Cleo could."
    assert may_approve(needs, CLEO, LEGAL)


def test_an_approval_of_an_author_never_counts() -> None:
    row = facts(APPROVED, approvals=approved_by(ANA))
    assert approvals_missing(row) == {EDITORIAL: 1}
    assert not may_publish(row)


def test_two_approvals_of_one_person_are_one() -> None:
    row = facts(WAITING, needed={EDITORIAL: 2}, approvals=approved_by(BEN, BEN))
    assert approvals_missing(row) == {EDITORIAL: 1}
    assert completes(row, EDITORIAL)
    assert not completes(row, LEGAL)


@given(
    approvals=st.lists(st.tuples(st.integers(1, 6), st.sampled_from(list(ApprovalKind))), max_size=6),
    authors=st.frozensets(st.integers(1, 6), max_size=3),
    needed=st.dictionaries(st.sampled_from(list(ApprovalKind)), st.integers(0, 3)),
    state=st.sampled_from(list(ReviewState)),
    person=st.sampled_from([None, *DESK]),
    held=st.booleans(),
    mode=st.sampled_from(list(PublishMode)),
)
def test_nothing_is_ever_published_without_its_approvals(  # type: ignore[no-untyped-def]
    approvals, authors, needed, state, person, held, mode
) -> None:
    row = facts(
        state,
        authors=authors,
        needed=needed,
        approvals=tuple(ApprovalGiven(*one) for one in approvals),
        held=held,
        mode=mode,
    )
    if may_publish(row, person):
        assert state is APPROVED
        assert sum(needed.values()) > 0
        for kind, count in needed.items():
            assert len({p for p, k in approvals if k is kind} - authors) >= count


def test_a_state_alone_publishes_nothing() -> None:
    for who in (None, BEN, DORA):
        assert may_publish(facts(APPROVED), who).code == "not_approved"
        one_of_two = facts(APPROVED, approvals=approved_by(BEN), needed={EDITORIAL: 2})
        assert may_publish(one_of_two, who).code == "not_approved"
        without_legal = facts(APPROVED, approvals=approved_by(BEN), needed={EDITORIAL: 1, LEGAL: 1})
        assert may_publish(without_legal, who).code == "not_approved"


def test_the_clock_respects_a_hold_and_a_person_lifts_it() -> None:
    row = facts(APPROVED, approvals=approved_by(BEN), mode=PublishMode.AT_TIME)
    assert may_publish(row)
    assert may_publish(replace(row, held=True)).code == "held"
    assert may_publish(replace(row, mode=PublishMode.ON_RELEASE)).code == "held"
    assert may_publish(replace(row, held=True), DORA)
    assert may_publish(row, ANA).code == "role"


def test_a_merged_claim_is_neither_started_nor_published() -> None:
    assert may_start(facts(ReviewState.QUEUED, claim_merged=True), ANA).code == "merged"
    assert may_publish(facts(APPROVED, approvals=approved_by(BEN), claim_merged=True), DORA).code == "merged"


def test_submission_names_everything_that_is_missing_at_once() -> None:
    decision = may_submit(facts(draft=Draft()), ANA)
    assert decision.code == "incomplete"
    for part in ("confirm the wording", "who made the claim", "choose a rating", "headline", "short answer"):
        assert part in decision.sentence
    assert may_submit(facts(), ANA)


def test_no_sources_never_become_false() -> None:
    assert missing_for_submission(facts(draft=replace(COMPLETE, cited=0))) != []
    open_finding = replace(COMPLETE, cited=0, finding_is_not_enough=True)
    assert missing_for_submission(facts(draft=open_finding)) == [
        "cite a source, or write what was searched and not found"
    ]
    assert missing_for_submission(facts(draft=replace(open_finding, has_not_found=True))) == []
    # What was searched in vain stands in for a source where the finding is open, and nowhere else.
    searched = replace(COMPLETE, cited=0, has_not_found=True)
    assert missing_for_submission(facts(draft=searched)) == [
        "cite at least one source, or choose a rating that says there is not enough evidence"
    ]


def test_a_broken_citation_stops_submission() -> None:
    row = facts(draft=replace(COMPLETE, broken_citations=("e12",)))
    assert "e12" in may_submit(row, ANA).sentence


def test_submission_is_refused_where_nobody_could_approve() -> None:
    decision = may_submit(facts(members=(ANA, BEN), authors=frozenset({ANA.id, BEN.id})), ANA)
    assert decision.code == "no_approver"
    assert may_submit(facts(needed={LEGAL: 2}), ANA).code == "no_approver"


def test_who_holds_the_claim_keeps_others_out() -> None:
    row = facts(lease_holder=ANA.id)
    assert may_edit(row, ANA)
    assert may_edit(row, BEN).sentence.startswith("Ana is working on this claim")
    assert may_submit(row, BEN).code == "leased"


def test_only_work_in_progress_is_edited() -> None:
    for state in ReviewState:
        assert bool(may_edit(facts(state), ANA)) is (state is ReviewState.IN_PROGRESS)


@pytest.mark.parametrize(
    "step",
    [may_start, may_edit, may_submit, may_return, may_publish, may_close, may_suspend, may_revise],
)
def test_who_is_switched_off_is_told_so_whatever_they_try(step) -> None:  # type: ignore[no-untyped-def]
    off = replace(DORA, active=False)
    assert step(facts(), off).code == "inactive"


def test_the_author_recalls_and_a_reviewer_returns() -> None:
    assert may_recall(facts(WAITING), ANA)
    assert may_recall(facts(WAITING), BEN).code == "not_author"
    assert may_return(facts(APPROVED), BEN)
    assert may_return(facts(WAITING), ANA).code == "role"


def test_one_puts_back_ones_own_and_a_desk_editor_everything() -> None:
    row = facts(assignee=ANA.id, lease_holder=ANA.id)
    assert may_put_back(row, ANA)
    assert not may_put_back(row, BEN)
    assert may_put_back(row, DORA)


def test_closing_the_work_of_others_is_the_desk_editors() -> None:
    assert may_close(facts(ReviewState.QUEUED), ANA)
    assert may_close(facts(assignee=BEN.id), ANA).code == "role"
    assert may_close(facts(WAITING), DORA)
    assert may_close(facts(ReviewState.PUBLISHED), DORA).code == "wrong_state"


def test_assigning() -> None:
    queued = facts(ReviewState.QUEUED)
    assert may_assign(queued, ANA, ANA)
    assert may_assign(queued, ANA, BEN).code == "role"
    assert may_assign(queued, DORA, BEN)
    assert may_assign(queued, DORA, EMIL).code == "assignee"
    assert may_assign(facts(ReviewState.CLOSED), DORA, BEN).code == "wrong_state"


def test_suspension_is_one_desk_editors_act_and_withdrawal_is_final() -> None:
    live = facts(ReviewState.PUBLISHED, check=CheckStatus.LIVE)
    assert may_suspend(live, DORA)
    assert may_suspend(live, BEN).sentence.endswith("Dora could.")
    assert may_reinstate(live, DORA).code == "wrong_status"
    gone = replace(live, check=CheckStatus.WITHDRAWN)
    for ask in (may_suspend, may_reinstate, may_withdraw, may_revise):
        assert ask(gone, DORA).code == "wrong_status"


def test_every_kind_that_shows_a_new_verdict_needs_an_approval() -> None:
    desk = {EDITORIAL: 2, LEGAL: 1}
    for kind in ReleaseKind:
        needed = needed_for(kind, desk)
        assert bool(needed) is kind.carries_new_verdict
    assert needed_for(ReleaseKind.CORRECTION, desk) == desk
    assert needed_for(ReleaseKind.MINOR, desk) == {EDITORIAL: 1}
    assert needed_for(ReleaseKind.FIRST, {EDITORIAL: 0}) == {EDITORIAL: 1}


@pytest.mark.parametrize(("state", "person"), list(itertools.product(ReviewState, DESK)))
def test_every_refusal_is_a_sentence(state: ReviewState, person) -> None:  # type: ignore[no-untyped-def]
    row = facts(state, lease_holder=BEN.id, assignee=BEN.id)
    for ask in (
        may_start, may_edit, may_submit, may_recall, may_return, may_approve, may_publish, may_put_back,
                may_close, may_suspend, may_reinstate, may_withdraw, may_revise):  # fmt: skip
        decision = ask(row, person)
        assert decision or (decision.code and decision.sentence[0].isupper() and decision.sentence[-1] == ".")


def test_where_nobody_could_the_sentence_says_how_to_help() -> None:
    decision = may_approve(facts(WAITING, members=(ANA,)), ANA)
    assert "Nobody on this desk could at the moment" in decision.sentence
