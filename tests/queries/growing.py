"""How rows grow: each function makes one more of something, with names, people and articles of its own."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

from claims.actions.claims import claimants, tags
from claims.actions.desk import api_keys, settings
from claims.actions.discussion import notes
from claims.actions.evidence import decisions
from claims.actions.review import handing, verdicts
from claims.actions.triage import decisions as triage
from claims.models import (
    AnalysisRun,
    Appearance,
    Capture,
    Claim,
    Document,
    Evidence,
    FactCheck,
    Feed,
    FeedEntry,
    FeedRun,
    ForeignLabel,
    Invitation,
    Job,
    Match,
    Membership,
    Opinion,
    Origin,
    Panel,
    Rating,
    RatingScale,
    ReaderMessage,
    Release,
    RereadArticle,
    Rereading,
    Review,
    SavedView,
    SearchHit,
    SearchRun,
    SourceAlert,
    Verdict,
    VerdictDraft,
    guards,
)
from claims.vocabulary import Role
from tests import builders, reread
from tests.people import Cast, make_desk, person
from tests.workbench import desk_pages

TEXT = "\n\n".join(
    f"The ferry of Osk number {number} carried {number * 100} people in 2025." for number in range(1, 40)
)


@dataclass
class Growing:
    """One of each thing that rows hang on, and how many of each there are."""

    cast: Cast
    claim: Claim
    document: Document
    capture: Capture
    run: AnalysisRun
    verdict: Verdict
    check: FactCheck
    batch: Rereading
    feed: Feed
    origin: Origin
    asked: SearchRun
    made: int = 0


def begin(cast: Cast) -> Growing:
    verdict = desk_pages.submitted(cast)
    check = desk_pages.published(cast)
    added = builders.article(
        cast, TEXT, title="Ferries", outlet="Osk Post", url="https://osk.example/ferries"
    )
    run = builders.analysed(cast, added, ())
    claim = builders.claim(cast, wording="The ferries of Osk are full.")
    batch = reread.previewed_batch(cast)
    feed = Feed.objects.create(desk=cast.desk, kind="articles", url="https://a.example/", url_key="a")
    origin = Origin.objects.create(archive=added.document.archive)
    asked = SearchRun.objects.create(
        desk=cast.desk, claim=claim, kind="own_words", outcome="found", questions=[{"text": "pier"}]
    )
    return Growing(
        cast, claim, added.document, added.capture, run, verdict, check, batch, feed, origin, asked
    )


def _an_article(on: Growing, number: int) -> None:
    """An article of another outlet and owner, with suggestions of which one is accepted; some are finished."""
    text = f"The mill of Osk {number} burned in {1900 + number}. Anna Weir {number} said it was empty."
    added = builders.article(
        on.cast,
        text,
        title=f"Mill {number}",
        outlet=f"Gazette {number}",
        url=f"https://gazette{number}.example/mill",
        authors=f"Penn {number}",
        published=f"2026-02-{number + 1:02d}",
    )
    units = (
        builders.unit(text, f"The mill of Osk {number} burned in {1900 + number}"),
        builders.unit(text, "it was empty", 1, claimant=f"Anna Weir {number}"),
    )
    builders.analysed(on.cast, added, units)
    row = Appearance.objects.filter(document=added.document).order_by("start")[0]
    triage.accept(actor=on.cast.ada, appearance=row, claimant=f"Miller {number}")
    assert added.document.outlet is not None
    settings.set_owner(
        actor=on.cast.dana, desk=on.cast.desk, outlet=added.document.outlet, owner=f"House {number}"
    )
    if number % 4 == 3:
        triage.finish_article(actor=on.cast.ada, desk=on.cast.desk, document=added.document)


def _in_the_article(on: Growing, number: int) -> None:
    """Two suggestions in one article, one of which becomes a claim; and another state of its text."""
    for half in range(2):
        words = f"The ferry of Osk number {2 * number + half + 1} carried"
        start = on.capture.text.index(words)
        row = Appearance.objects.create(
            desk=on.cast.desk,
            document=on.document,
            capture=on.capture,
            run=on.run,
            start=start,
            end=start + len(words),
            quotation=words,
            attribution="reported",
            claimant_text=f"Skipper {number}",
            checkable="fact",
        )
        if half:
            triage.accept(
                actor=on.cast.ada,
                appearance=row,
                claimant=f"Skipper {number}",
                wording=f"Ferry {number} ran.",
            )
    text = f"Older words, {number}."
    Capture.objects.create(
        document=on.document,
        number=100 + number,
        text=text,
        text_hash=f"older{number}",
        extractor="x",
        characters=len(text),
    )


def _evidence(on: Growing, number: int) -> None:
    """A place, a quotation, a contact, a passage of another article, and the search that found it."""
    cast = on.cast
    Appearance.objects.filter(claim=builders.claim(cast)).update(claim=on.claim)
    decisions.add_quotation(
        actor=cast.ada, claim=on.claim, quotation=f"{number} were counted.", source_title=f"Letter {number}"
    )
    decisions.add_contact(
        actor=cast.ben,
        claim=on.claim,
        who=f"Clerk {number}",
        quotation=f"It was {number}.",
        asked_at=builders.moment(),
    )
    added = builders.article(
        cast, f"The quay of Osk {number} is new. It cost much.", outlet=f"Herald {number}"
    )
    run = SearchRun.objects.create(
        desk=cast.desk,
        claim=on.claim,
        outcome="found",
        hits_found=1,
        asked_by=person(f"Asker{number}", cast.desk, Role.FACT_CHECKER),
        questions=[{"text": "quay"}],
    )
    SearchHit.objects.create(run=run, rank=1, document=added.document, capture=added.capture, start=0, end=10)
    for state in ("open", "dismissed"):
        came_in = builders.article(
            cast, f"The {state} mole of Osk {number} is old. It cost little.", outlet=f"Courier {number}"
        )
        SourceAlert.objects.create(
            desk=cast.desk, claim=on.claim, document=came_in.document, capture=came_in.capture, start=0, end=10,
            origin=came_in.document.origin, state=state,
        )  # fmt: skip
    Evidence.objects.create(
        desk=cast.desk,
        claim=on.claim,
        kind=Evidence.Kind.PASSAGE,
        document=added.document,
        capture=added.capture,
        start=0,
        end=10,
        quotation=added.capture.text[:10],
        place_key=f"capture:{number}",
        run=run,
        rank=number + 1,
    )


def _of_one_origin(on: Growing, number: int) -> None:
    """Another article that rests on the same report, and a passage of it that a search answered with."""
    added = builders.article(
        on.cast, f"The pier of Osk {number} leans. It was built in haste.", outlet=f"Echo {number}"
    )
    Document.objects.filter(pk__in=(added.document.pk, on.document.pk)).update(
        origin=on.origin, origin_reason="The same words."
    )
    SearchHit.objects.create(
        run=on.asked, rank=number + 1, document=added.document, capture=added.capture, start=0, end=10
    )


def _a_check(on: Growing, number: int) -> None:
    """A published check that matches the claim, one that waits for its approval, one that is held."""
    check = desk_pages.published(on.cast)
    Match.objects.create(claim=on.claim, factcheck=check, rank=number + 1)
    verdicts.open_verdict(actor=on.cast.carla, verdict=desk_pages.submitted(on.cast))
    held = Review.objects.get(claim=builders.claim(on.cast, who=f"Speaker {number}"))
    Review.objects.filter(pk=held.pk).update(state=Review.State.APPROVED, held=True)


def _a_release(on: Growing, number: int) -> None:
    """Another version of one published check."""
    assert on.check.latest is not None
    payload = copy.deepcopy(on.check.latest.payload)
    with guards.lifted():
        Release.objects.create(
            factcheck=on.check,
            number=number + 2,
            kind=Release.Kind.CORRECTION,
            payload=payload,
            payload_hash=on.check.latest.payload_hash,
            public_note=f"Note {number}",
            by=on.cast.carla,
        )


def _a_proposal(on: Growing, number: int) -> None:
    """A colleague who opened the version that waits, and offers other words for it."""
    colleague = person(f"Reader{number}", on.cast.desk, Role.REVIEWER)
    verdicts.open_verdict(actor=colleague, verdict=on.verdict)
    handing.ask_reader(actor=on.cast.ada, verdict=on.verdict, reader=colleague, words=f"Please, {number}.")
    VerdictDraft.objects.create(
        review=on.verdict.review,
        user=colleague,
        data={"proposal": True, "headline": f"Words {number}", "comment": f"Why {number}"},
        base=on.verdict,
        updated_at=builders.moment(),
    )


def _jobs(on: Growing, number: int) -> None:
    for status in ("queued", "running", "failed", "done"):
        Job.objects.create(
            desk=on.cast.desk,
            kind="analyse",
            subject=f"document {on.document.pk + number}",
            status=status,
            run_after=builders.moment(),
        )


def _people(on: Growing, number: int) -> None:
    """A colleague of two roles, an invitation, a key; the administrator works at one more desk, another asks."""
    colleague = person(f"Colleague{number}", on.cast.desk, Role.REVIEWER, Role.FACT_CHECKER)
    Invitation.objects.create(
        desk=on.cast.desk,
        user=person(f"Invited{number}"),
        email=f"invited{number}@desk.example",
        roles=["fact_checker"],
        invited_by=colleague,
    )
    api_keys.make_key(actor=on.cast.dana, desk=on.cast.desk, name=f"key {number}", scopes=["read"])
    desk = make_desk(f"desk{number}", f"Desk {number}")
    Membership.objects.create(desk=desk, user=on.cast.dana, role=Role.ADMINISTRATOR)
    asking = make_desk(f"asking{number}", f"Asking {number}")
    Invitation.objects.create(
        desk=asking, user=on.cast.dana, email="dana@desk.example", roles=["reviewer"], invited_by=colleague
    )


def _a_claimant(on: Growing, number: int) -> None:
    made = claimants.link(desk=on.cast.desk, name=f"Governor {number}", kind="person")
    assert made is not None
    claimants.add_alias(actor=on.cast.carla, claimant=made, alias=f"The governor {number}")


def _a_scale(on: Growing, number: int) -> None:
    """Another scale, and another label of the one in use."""
    current = RatingScale.objects.get(desk=on.cast.desk, is_current=True)
    Rating.objects.create(
        scale=current, key=f"label{number}", label=f"Label {number}", finding="refuted", position=10 + number
    )
    scale = RatingScale.objects.create(desk=on.cast.desk, version=number + 2, name=f"Scale {number}")
    Rating.objects.create(scale=scale, key="false", label="False", finding="refuted", position=1)


def _a_batch(on: Growing, number: int) -> None:
    """Another batch of readings by newer rules, and another article in one of them."""
    reread.previewed_batch(on.cast)
    document = Document.objects.get(title=f"Mill {number}")
    RereadArticle.objects.create(
        rereading=on.batch,
        document=document,
        capture=document.captures.get(),
        state="read",
        new=1,
        differences=[{"kind": "new", "at": 0, "words": f"Mill {number} burned", "says": {}}],
    )


def _a_feed(on: Growing, number: int) -> None:
    """Another feed; and another asking, entry and label of what is there, and another imported file."""
    Feed.objects.create(
        desk=on.cast.desk,
        kind="articles",
        url=f"https://a.example/{number}",
        url_key=f"a{number}",
        failures=number,
    )
    FeedRun.objects.create(feed=on.feed, outcome="new", counts={"new": 1}, passed_over={"person": 1})
    added = builders.article(
        on.cast, f"The crane of Osk {number} is new. It is high.", outlet=f"Crane {number}"
    )
    FeedEntry.objects.create(
        feed=on.feed,
        key=f"k{number}",
        url=f"https://a.example/e{number}",
        outcome="taken",
        document=added.document,
    )
    label = ForeignLabel.objects.create(
        desk=on.cast.desk,
        site="checks.example",
        label=f"Label {number}",
        label_key=f"label {number}",
        confirmed_by=person(f"Confirmer{number}", on.cast.desk, Role.DESK_EDITOR),
        confirmed_at=builders.moment(),
    )
    FactCheck.objects.create(
        desk=on.cast.desk,
        imported=True,
        import_key=f"x{number}",
        foreign_label=label,
        modified_at=builders.moment(),
        status="withdrawn",
    )
    ForeignLabel.objects.create(
        desk=on.cast.desk, site=f"c{number}.example", label="False", label_key="false"
    )
    Job.objects.create(
        desk=on.cast.desk,
        kind="import",
        status="done",
        arguments={"name": f"{number}.csv"},
        result={"new": 1},
    )


def _tags(on: Growing, number: int) -> None:
    """A tag on the claim and the article that are looked at, and one tag on every newer claim and article."""
    claim, document = Claim.objects.latest("pk"), Document.objects.latest("pk")
    if number < tags.MOST - 2:
        tags.tag_claim(actor=on.cast.ada, claim=on.claim, typed=f"goods {number}")
        tags.tag_document(actor=on.cast.ada, desk=on.cast.desk, document=on.document, typed=f"goods {number}")
    tags.tag_claim(actor=on.cast.ada, claim=claim, typed="growing")
    rating = Rating.objects.filter(scale__desk=on.cast.desk, scale__is_current=True).order_by("pk")[0]
    known = claim.claimant_id or 0
    for of, query in (
        ("claims", f"tag=goods+{number}&rating={rating.pk}&claimant={known}&assignee=nobody&evidence=none"),
        ("articles", f"tag=goods+{number}&state=triage"),
        ("checks", f"show=live&tag=goods+{number}&rating=False"),
    ):
        SavedView.objects.create(
            desk=on.cast.desk,
            owner=on.cast.dana,
            of=of,
            name=f"View {number}",
            query=query,
            shared=bool(number % 2),
        )
    tags.tag_document(actor=on.cast.ada, desk=on.cast.desk, document=document, typed="growing")


def _a_letter(on: Growing, number: int) -> None:
    """Another message of a reader."""
    ReaderMessage.objects.create(
        desk=on.cast.desk,
        kind="complaint",
        words=f"The check of mill {number} is wrong.",
        answer_by=builders.moment(),
        created_at=builders.moment(),
    )


def _talk(on: Growing, number: int) -> None:
    """Notes of another colleague on the claim, on a passage and on the article; one changed, one withdrawn."""
    cast = on.cast
    writer = person(f"Writer{number}", cast.desk, Role.FACT_CHECKER)
    passage = on.claim.evidence.order_by("-pk")[0]
    for place in ({"claim": on.claim}, {"evidence": passage}, {"document": on.document, "desk": cast.desk}):
        note = notes.write_note(actor=writer, text=f"@Dana, look at {number}.", **place)
        notes.edit_note(actor=writer, note=note, text=f"@Dana, look at {number} again.")
        gone = notes.write_note(actor=writer, text="Or not.", **place)
        notes.withdraw_note(actor=writer, note=gone)


def _a_panel(on: Growing, number: int) -> None:
    """A panel that has ended, with the opinions of two colleagues."""
    cast, scale = on.cast, RatingScale.objects.filter(desk=on.cast.desk, is_current=True).get()
    rating, now = scale.ratings.order_by("pk")[0], builders.moment()
    panel = Panel.objects.create(
        desk=cast.desk, review=on.verdict.review, asked_by=cast.ada, scale=scale, needed=2, closed_at=now,
        outcome="agreed", rating=rating,
    )  # fmt: skip
    for reader in (
        person(f"One{number}", cast.desk, Role.REVIEWER),
        person(f"Two{number}", cast.desk, Role.REVIEWER),
    ):
        Opinion.objects.create(
            panel=panel, reader=reader, rating=rating, first_rating=rating, reason="So it is.", given_at=now
        )


GROWTH: tuple[Callable[[Growing, int], None], ...] = (
    _an_article,
    _in_the_article,
    _evidence,
    _of_one_origin,
    _a_check,
    _a_release,
    _a_proposal,
    _jobs,
    _people,
    _a_claimant,
    _a_scale,
    _a_batch,
    _a_feed,
    _a_letter,
    _talk,
    _a_panel,
    _tags,
)


def grow(on: Growing, number: int) -> None:
    """Make this many more of everything."""
    for _ in range(number):
        for one in GROWTH:
            one(on, on.made)
        on.made += 1
