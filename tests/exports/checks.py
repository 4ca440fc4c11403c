"""Fact checks of an invented desk at Lake Ostra, in every state that outputs must handle."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from claims.exports.feedinfo import FeedInfo
from claims.exports.payload import (
    Agent,
    AppearanceShown,
    Change,
    Citation,
    Payload,
    PointShown,
    Publisher,
    RatingShown,
)
from claims.vocabulary import CheckStatus, Finding, ReleaseKind

DESK = Publisher(name="Ostra Weir Checks", url="https://weir.example", logo="https://weir.example/logo.png")
BORN = datetime(2021, 3, 1, 9, 30, tzinfo=UTC)
NASTY = "</script><b>“Ostra” & Söhne</b> \u2028 ]]> =1+1"


def check(n: int = 1, **changes: Any) -> Payload:
    given: dict[str, Any] = {
        "id": f"k{n:05d}",
        "uri": f"https://desk.example/checks/k{n:05d}/",
        "url": f"https://www.weir.example/checks/{n}/no-the-weir-did-not-burst",
        "number": 1,
        "kind": ReleaseKind.FIRST,
        "status": CheckStatus.LIVE,
        "headline": f"No, the weir did not burst ({n})",
        "wording": "The weir at Lake Ostra burst in March 2019.",
        "quotation": "“It burst, and nobody told us.”",
        "claim_uri": f"https://desk.example/claims/{n}",
        "claimant": Agent(
            name="Jan Kral",
            kind="person",
            same_as=("https://www.wikidata.org/wiki/Q000", "https://kral.example/"),
            job_title="mayor",
        ),
        "made_on": "2020-10-14",
        "outlet": "Radio Ostra",
        "appearances": (
            AppearanceShown(
                url="https://radio.example/talk", published="2020-10-14", first=True, outlet="Radio Ostra"
            ),
            AppearanceShown(locator="evening news, minute 12", outlet="TV Ostra", published="2020-10"),
        ),
        "rating": RatingShown(
            label="False",
            code="false",
            definition="The claim contradicts the evidence.",
            finding=Finding.REFUTED,
            value=1,
            best=5,
            worst=1,
            scale="Default",
            scale_version=1,
        ),
        "short_answer": "The weir leaked, but it never burst.",
        "justification": "The board inspected the weir on 12 March 2019 [1]. The wall was *not* broken [2].",
        "citations": (
            Citation(
                number=1,
                evidence_id="e1",
                url="https://board.example/report.pdf",
                title="Inspection report",
                outlet="Water board",
                published="2019-03",
                quotation="two cracks, no breach",
                archived_url="https://archive.example/1",
                primary=True,
                origin="o1",
            ),
            Citation(
                number=2,
                evidence_id="e2",
                title="Answer of the board's engineer",
                kind="contact",
                origin="o1",
            ),
        ),
        "points": (
            PointShown(question="Did it burst?", answer="No.", finding=Finding.REFUTED, citations=(1, 2)),
        ),
        "origins": 1,
        "byline": ("Ana Ruiz",),
        "publisher": DESK,
        "published_at": BORN + timedelta(minutes=n),
        "modified_at": BORN + timedelta(minutes=n),
        "language": "en",
        "topics": ("water", "Lake Ostra"),
        "licence": "CC BY 4.0",
        "licence_url": "https://creativecommons.org/licenses/by/4.0/",
    }
    return Payload(**(given | changes))


def unproven(n: int = 2) -> Payload:
    rating = RatingShown(
        label="Unproven", code="unproven", finding=Finding.NOT_ENOUGH, scale="Default", scale_version=1
    )
    return check(n, rating=rating, headline="We cannot say whether the gate was open", claimant=None)


def corrected(n: int = 3) -> Payload:
    later = BORN + timedelta(days=5)
    note = "We had given the wrong day of the inspection."
    return check(
        n,
        number=3,
        kind=ReleaseKind.CORRECTION,
        modified_at=later,
        public_note=note,
        changes=(
            Change(number=2, kind=ReleaseKind.MINOR, at=BORN + timedelta(days=1)),
            Change(number=3, kind=ReleaseKind.CORRECTION, at=later, note=note),
        ),
    )


def suspended(n: int = 4) -> Payload:
    return _ended(n, CheckStatus.SUSPENDED, ReleaseKind.SUSPENSION, "A source has changed its account.")


def withdrawn(n: int = 5) -> Payload:
    return _ended(n, CheckStatus.WITHDRAWN, ReleaseKind.WITHDRAWAL, "The letter we relied on was forged.")


def _ended(n: int, status: CheckStatus, kind: ReleaseKind, note: str) -> Payload:
    when = BORN + timedelta(days=9)
    change = Change(number=2, kind=kind, at=when, note=note)
    return replace(
        check(n), status=status, kind=kind, number=2, modified_at=when, public_note=note, changes=(change,)
    )


def nasty(n: int = 6) -> Payload:
    return check(
        n,
        headline=f"=HYPERLINK() {NASTY}",
        wording=NASTY,
        quotation=NASTY,
        short_answer=f"@{NASTY}\nsecond line\x01",
        claimant=Agent(name=NASTY, kind="person"),
        topics=(NASTY,),
        byline=(NASTY,),
    )


def every_state() -> list[Payload]:
    return [check(), unproven(), corrected(), suspended(), withdrawn(), nasty()]


FEED = FeedInfo(
    title="Checks of the Ostra Weir & friends",
    home_url="https://desk.example/",
    feed_url="https://desk.example/feeds/x",
    feed_id="https://desk.example/feeds/",
    publisher=DESK,
    updated=BORN + timedelta(days=9),
    description="What was checked",
    language="en",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    first_url="https://desk.example/feeds/x",
)


def next_url(last: Payload) -> str:
    return f"https://desk.example/feeds/x?after={last.id}"


def html(payload: Payload) -> str:
    return f"<p>{payload.justification}</p>"
