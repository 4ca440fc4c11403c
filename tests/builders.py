"""Objects for tests, made through the same actions that people use."""

from __future__ import annotations

import datetime as dt
from typing import Any

from claims.actions.documents import intake
from claims.actions.documents.analysis import store_split
from claims.actions.documents.storing import Added
from claims.actions.triage import decisions as triage
from claims.actions.triage.outside import claim_without_article
from claims.models import AnalysisRun, Appearance, Claim, Document
from claims.splitting.types import ClaimantKind, DateMention, Reason, Split, Unit, Unresolved, Wording
from claims.tasks.base import run_now
from claims.vocabulary import Attribution, Checkable
from tests.people import Cast

HARBOUR = """Harbour fees in Port Lenna doubled

The harbour authority of Port Lenna raised its fees by 40 percent on 2 March 2026. Minister Ilse Brandt \
said the port had lost 300 jobs since 2024. “We never promised lower fees,” she told reporters.

The fishing union says the new fees will close eleven boats. Fees were last raised in 2019."""

_NUMBER = 0


def article(cast: Cast, text: str = HARBOUR, **options: Any) -> Added:
    """Store a pasted article at the desk of the cast."""
    return intake.add_text(actor=options.pop("actor", cast.ada), desk=cast.desk, text=text, **options)


def unit(text: str, words: str, number: int = 0, **fields: Any) -> Unit:
    """Return one unit of a text, placed where its words stand first; for tests that need no pipeline."""
    start = text.index(words)
    end = start + len(words)
    bottom = text.find("\n", end)
    place: dict[str, Any] = {
        "sentence": (start, end),
        "paragraph": (text.rfind("\n", 0, start) + 1, len(text) if bottom < 0 else bottom),
        "attribution": Attribution.ARTICLE,
        "checkable": Checkable.FACT,
        "score": 0.7,
        "reasons": (Reason("figure", 1.2, "gives a figure: 300"),),
        "wording": Wording(words[0].upper() + words[1:] + "."),
    }
    return Unit(id=number, start=start, end=end, text=words, **(place | fields))


def date(text: str, expr: str, value: str, earliest: str = "", latest: str = "") -> DateMention:
    """Return a date mention placed where the expression stands first."""
    start = text.index(expr)
    return DateMention(expr, start, start + len(expr), value, earliest, latest or earliest)


def harbour_units() -> tuple[Unit, ...]:
    """Return what a splitting of ``HARBOUR`` could hold: three claims of three kinds of attribution."""
    return (
        unit(
            HARBOUR,
            "The harbour authority of Port Lenna raised its fees by 40 percent on 2 March 2026",
            0,
            dates=(date(HARBOUR, "2 March 2026", "2026-03-02", "2026-03-02"),),
        ),
        unit(
            HARBOUR,
            "the port had lost 300 jobs since 2024",
            1,
            attribution=Attribution.REPORTED,
            claimant="Ilse Brandt",
            claimant_kind=ClaimantKind.PERSON,
            wording=Wording("The port had lost 300 jobs since 2024.", (Unresolved(0, 8, "which port"),)),
        ),
        unit(
            HARBOUR,
            "We never promised lower fees",
            2,
            attribution=Attribution.QUOTED,
            claimant="Ilse Brandt",
            claimant_kind=ClaimantKind.PERSON,
            checkable=Checkable.SAID,
        ),
    )


def split_of(text: str, units: tuple[Unit, ...], **fields: Any) -> Split:
    """Return a splitting with these units."""
    values: dict[str, Any] = {
        "analyser": "test/1",
        "language": "en",
        "characters": len(text),
        "published": None,
        "published_source": "",
    }
    return Split(units=units, **(values | fields))


def analysed(cast: Cast, added: Added, units: tuple[Unit, ...] | None = None, **fields: Any) -> AnalysisRun:
    """Store a splitting of a stored article for the desk of the cast."""
    found = harbour_units() if units is None else units
    return store_split(
        desk=cast.desk, capture=added.capture, split=split_of(added.capture.text, found, **fields)
    )


def suggestion(cast: Cast, words: str = "raised its fees") -> Appearance:
    """Return the stored suggestion whose quotation holds these words."""
    return Appearance.objects.get(desk=cast.desk, quotation__contains=words)


def accepted(cast: Cast, words: str = "raised its fees", **options: Any) -> Claim:
    """Accept the suggestion whose quotation holds these words."""
    return triage.accept(actor=options.pop("actor", cast.ada), appearance=suggestion(cast, words), **options)


def claim(cast: Cast, quotation: str = "", **options: Any) -> Claim:
    """Make a claim without an article; each has other words unless they are given."""
    global _NUMBER
    _NUMBER += 1
    quotation = quotation or f"The bridge of Lenna number {_NUMBER} carries {_NUMBER * 1000} cars a day"
    values: dict[str, Any] = {
        "who": "Ilse Brandt",
        "where": "Radio Lenna, morning show",
        "when": "2026-03-10",
    }
    desk = options.pop("desk", cast.desk)
    return claim_without_article(
        actor=options.pop("actor", cast.ada), desk=desk, quotation=quotation, **(values | options)
    )


def moment(days: float = 0) -> dt.datetime:
    """Return a moment some days after the fixed one of the tests."""
    from tests.conftest import NOW

    return NOW + dt.timedelta(days=days)


def uploaded(cast: Cast, name: str, data: bytes, **options: Any) -> list[Document]:
    """Return the documents of a file that Ada uploaded to her desk, once it is read."""
    job = intake.add_file(actor=cast.ada, desk=cast.desk, name=name, data=data, **options)
    run_now(job.pk)
    job.refresh_from_db()
    return [Document.objects.get(pk=pk) for pk in job.result["documents"]]
