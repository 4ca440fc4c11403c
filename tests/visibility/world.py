"""One document with a word that stands nowhere else, and everything that can hang on a document.

All of it is made while everybody may read the document; then it is shown to named people only. The word is in
its title, text, address, authors, outlet, claimant and in the reason of its origin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from claims.actions.claims import changes, claimants
from claims.actions.discussion.notes import edit_note, withdraw_note, write_note
from claims.actions.documents import intake
from claims.actions.evidence import decisions
from claims.actions.review import verdicts
from claims.actions.review.verdict_text import VerdictData
from claims.actions.triage import decisions as triage
from claims.actions.triage import spans
from claims.models import (
    Appearance,
    Claim,
    Document,
    Evidence,
    FactCheck,
    Job,
    Match,
    Rating,
    SearchHit,
    SearchRun,
    SourceAlert,
    User,
    Verdict,
)
from claims.splitting.types import Attribution, ClaimantKind
from claims.vocabulary import Role
from tests import builders, reread
from tests.people import Cast, person

#: The word nobody else may read, and one beside it for searches: what is asked for is echoed.
MARK = "Quillozar"
BESIDE = "zindelwurt"
TEXT = f"""{MARK} {BESIDE} memo

The {MARK} works of Osk let 400 tons of {BESIDE} into the river in 2025. “We knew it,” said {MARK} Venn.

Nobody in Osk has measured the river since 2019."""
#: The same report elsewhere, told in other words, for everybody.
OPEN_TEXT = "A works of Osk let 400 tons of waste into the river in 2025, an office says. It was told in May."


@dataclass
class World:
    """What the tests ask for by name."""

    cast: Cast
    document: Document
    copy: Document
    open_claim: Claim
    closed_claim: Claim
    merged: Claim
    judged: Claim
    evidence: Evidence
    verdict: Verdict
    check: FactCheck
    nina: User
    root: User
    pia: User


def units() -> tuple[Any, ...]:
    return (
        builders.unit(
            TEXT,
            f"The {MARK} works of Osk let 400 tons of {BESIDE} into the river in 2025",
            0,
            attribution=Attribution.REPORTED,
            claimant=f"{MARK} Venn",
            claimant_kind=ClaimantKind.PERSON,
        ),
        builders.unit(TEXT, "We knew it", 1, attribution=Attribution.QUOTED, claimant=f"{MARK} Venn"),
        builders.unit(TEXT, "Nobody in Osk has measured the river since 2019", 2),
    )


def make_world(cast: Cast, *, restrict: bool = True) -> World:
    """Make everything, and then close the document to all but Ada, who added it, and Nina, who is named."""
    nina = person("Nina", cast.desk, Role.FACT_CHECKER)
    pia = person("Pia", cast.desk, Role.PARTNER)
    root = User.objects.create_superuser("root@desk.example", "a long enough password", display_name="Root")
    added = intake.add_text(
        actor=cast.ada,
        desk=cast.desk,
        text=TEXT,
        title=f"{MARK} memo",
        url=f"https://{MARK.lower()}.example/{MARK}",
        outlet=f"{MARK} Post",
        authors=f"{MARK} Penn",
        published="2026-03-01",
    )
    document, capture = added.document, added.capture
    builders.analysed(cast, added, units())
    first, second, third = Appearance.objects.filter(document=document).order_by("start")
    copied = intake.add_text(
        actor=cast.ada, desk=cast.desk, text=OPEN_TEXT, title="Osk river", url="https://open.example/osk"
    )
    intake.set_origin(
        actor=cast.ada,
        document=copied.document,
        origin=document.origin,
        reason=f"The text rests on “{document}” of the {MARK} Post.",
    )
    # Claims: the document's own words, words of the desk, and one that became another.
    closed = triage.accept(actor=cast.ada, appearance=first)
    opened = triage.accept(
        actor=cast.ada, appearance=second, wording="The works knew of the waste.", claimant="The works"
    )
    spans.edit_span(actor=cast.ada, appearance=first, start=first.start, end=first.end - 8)
    merged = triage.accept(
        actor=cast.ada, appearance=third, wording="The river of Osk is not measured.", claimant="An office"
    )
    changes.merge_claims(actor=cast.ada, claim=merged, into=opened)
    known = claimants.link(desk=cast.desk, name="A worker", kind="person")
    unsure = claimants.link(desk=cast.desk, name=f"{MARK} Verrin", source=document)
    assert known is not None
    assert unsure is not None
    claimants.merge_claimants(actor=cast.carla, claimant=unsure, into=known)
    # Evidence in another claim, found by a search, and what the search kept of it.
    judged = builders.claim(cast, "The river of Osk is clean", wording="The river of Osk is clean.")
    run = SearchRun.objects.create(
        desk=cast.desk, claim=judged, outcome="found", hits_found=1, questions=[{"text": judged.wording}]
    )
    own = SearchRun.objects.create(
        desk=cast.desk,
        claim=closed,
        outcome="found",
        hits_found=1,
        questions=[{"text": closed.wording, "terms": [MARK.lower()]}],
    )
    for number, one in enumerate((run, own), start=1):
        SearchHit.objects.create(
            run=one, rank=number, document=document, capture=capture, start=first.start, end=first.end
        )
    found = Evidence.objects.create(
        desk=cast.desk,
        claim=judged,
        kind=Evidence.Kind.PASSAGE,
        document=document,
        capture=capture,
        start=first.start,
        end=first.end,
        quotation=capture.text[first.start : first.end],
        source_title=document.title,
        place_key="capture:1",
        run=run,
        rank=1,
        matched=["river"],
        stance_cue=f"{MARK} let",
    )
    Evidence.objects.create(
        desk=cast.desk,
        claim=judged,
        kind=Evidence.Kind.PASSAGE,
        document=copied.document,
        capture=copied.capture,
        start=0,
        end=20,
        quotation=copied.capture.text[:20],
        place_key="capture:2",
        run=run,
        rank=2,
    )
    # A claim that has it as evidence already, and one of the desk's own words that it came in for.
    heard = builders.claim(cast, "The river of Osk runs clear", wording="The river of Osk runs clear.")
    for place in (judged, heard):
        SourceAlert.objects.create(
            desk=cast.desk, claim=place, document=document, capture=capture, origin=document.origin,
            start=first.start, end=first.end, relies={},
        )  # fmt: skip
    decisions.decide(actor=cast.ada, evidence=found, stance="refutes", according_to=f"{MARK} Venn")
    _notes(cast, document, closed, found)
    _jobs(cast, document, closed)
    reread.previewed_batch(cast, words=f"{MARK} let it go")
    if restrict:
        document.refresh_from_db()
        intake.set_metadata(
            actor=cast.ada, document=document, visibility=Document.Visibility.NAMED, named=[nina]
        )
    found.refresh_from_db()
    verdict, check = _published(cast, judged, found)
    Match.objects.create(claim=closed, factcheck=check)
    return World(
        cast,
        document,
        copied.document,
        opened,
        closed,
        merged,
        judged,
        found,
        verdict,
        check,
        nina,
        root,
        pia,
    )


def _notes(cast: Cast, document: Document, closed: Claim, found: Evidence) -> None:
    """What was said about the document, its claim and a passage of it, while everybody could read them."""
    places: tuple[dict[str, Any], ...] = (
        {"document": document, "desk": cast.desk}, {"claim": closed}, {"evidence": found},
    )  # fmt: skip
    for place in places:
        note = write_note(actor=cast.ada, text=f"@Ben @Dana, {MARK} says {BESIDE}.", **place)
        edit_note(actor=cast.ada, note=note, text=f"@Ben @Dana, {MARK} says so.")
    withdraw_note(
        actor=cast.ada, note=write_note(actor=cast.ada, document=document, desk=cast.desk, text=MARK)
    )


def _jobs(cast: Cast, document: Document, closed: Claim) -> None:
    """Jobs of every state that say what they were about."""
    now = timezone.now()
    common = {"desk": cast.desk, "run_after": now, "finished_at": now}
    url = {"url": document.url, "desk": cast.desk.pk}
    Job.objects.create(
        kind="fetch",
        subject=document.url[:60],
        arguments=url,
        status="failed",
        error=f"{MARK} did not answer",
        **common,
    )
    Job.objects.create(
        kind="fetch",
        subject=document.url[:60],
        arguments=url,
        status="done",
        result={"documents": [document.pk], "sentence": f"Stored as a copy of {document}."},
        **common,
    )
    Job.objects.create(
        kind="analyse",
        subject=f"document {document.pk}",
        status="failed",
        error=f"No sentence in “{MARK}”",
        progress_note=f"reading {MARK}",
        **common,
    )
    Job.objects.create(
        kind="search",
        subject=f"claim {closed.pk}",
        status="failed",
        error=f"“{closed.wording}” was refused",
        **common,
    )


def _published(cast: Cast, judged: Claim, cited: Evidence) -> tuple[Verdict, FactCheck]:
    """Publish a verdict that cites the document, as a colleague would who was told its number."""
    review = judged.reviews.get()
    data = VerdictData(
        wording=judged.wording,
        headline="No, waste came into it",
        rating_id=Rating.objects.get(scale__desk=cast.desk, key="false").pk,
        short_answer="An office measured it.",
        justification=f"An office has a paper that says so. [e:{cited.pk}]",
    )
    verdict = verdicts.submit_verdict(actor=cast.ada, review=review, data=data)
    verdicts.open_verdict(actor=cast.ben, verdict=verdict)
    # What he may not read he cannot open: he says why he approves all the same.
    verdicts.approve(actor=cast.ben, verdict=verdict, unread_reason="Ada read it to me.")
    return verdict, FactCheck.objects.get(claim=judged)
