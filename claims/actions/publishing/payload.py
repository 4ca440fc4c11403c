"""What will the public read? Builds a release's frozen payload from a verdict version, and reads stored ones.

Refuses citations that are not evidence of the claim. What is marked as not public keeps its number in the
list of sources and loses everything else.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet

from claims.exports.google import newest_day, publisher_site
from claims.exports.payload import (
    Agent,
    AppearanceShown,
    Change,
    CheckedPart,
    Citation,
    Payload,
    PointShown,
    Publisher,
    RatingShown,
)
from claims.exports.slugs import slug
from claims.language.partial_dates import PartialDate
from claims.models import (
    Appearance,
    Claim,
    Desk,
    Document,
    Evidence,
    FactCheck,
    Point,
    Rating,
    Release,
    Verdict,
)
from claims.models.fields import key_of, topic_keys
from claims.models.standing import ClaimEvidence, ask_evidence_of
from claims.models.together import Asking, answered, at_once, these
from claims.review.standing import CountedPiece, Group
from claims.vocabulary import CheckStatus, Finding, ReleaseKind

#: What readers learn of a source that the desk does not show them.
UNNAMED = "A source known to the newsroom"
#: A citation in the justification as people write it: [e:12], or several in one pair of brackets.
CITATION = re.compile(r"\[e:(\d{1,18})((?:\s*[,;]\s*e:\d{1,18})*)\]")
_CHECKS = {
    Claim.Checks.CONTENT: CheckedPart.CONTENT,
    Claim.Checks.SAID: CheckedPart.SAID,
    Claim.Checks.WORDING: CheckedPart.WORDING,
}
_CITATION_KINDS = {
    Evidence.Kind.PASSAGE: "web",
    Evidence.Kind.URL: "web",
    Evidence.Kind.FILE: "file",
    Evidence.Kind.QUOTATION: "quotation",
    Evidence.Kind.CONTACT: "contact",
}


def finding_of(value: str) -> Finding | None:
    """Return the finding that a row names; None where it names none."""
    return Finding(value) if value else None


def cited_ids(*texts: str) -> list[int]:
    """Return the evidence ids cited in the texts, each once, in the order of their first mention."""
    found: dict[int, None] = {}
    for text in texts:
        for match in CITATION.finditer(text):
            for number in re.findall(r"\d+", match[0]):
                found[int(number)] = None
    return list(found)


def numbered(text: str, numbers: Mapping[int, int]) -> str:
    """Replace citations of evidence by the numbers that readers see: ``[e:12]`` becomes ``[1]``."""

    def replace(match: re.Match[str]) -> str:
        ids = [int(found) for found in re.findall(r"\d+", match[0])]
        return "".join(f"[{numbers[one]}]" for one in ids if one in numbers)

    return CITATION.sub(replace, text)


def recited(text: str, ids: Mapping[int, int]) -> str:
    """Point the citations of a text at other evidence; those without a counterpart stay as they are."""

    def replace(match: re.Match[str]) -> str:
        found = [int(number) for number in re.findall(r"\d+", match[0])]
        return "[" + ", ".join(f"e:{ids.get(one, one)}" for one in found) + "]"

    return CITATION.sub(replace, text)


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def check_path(public_id: str, headline: str = "") -> str:
    """Return the address of a fact check's page below the site; the slug is decoration."""
    words = slug(headline)
    if re.fullmatch(r"v\d+", words):  # the address of a version
        words = ""
    return f"/checks/{public_id}/{words}/" if words else f"/checks/{public_id}/"


def stored_payload(release: Release) -> Payload:
    """Read a release's payload.

    ``uri`` is the check's name and never changes; the page's own address follows where the site lives now.
    """
    return located(Payload.from_dict(release.payload))


def located(payload: Payload) -> Payload:
    """Return the payload with our own page's address on the host of today."""
    if payload.imported:
        return payload
    frozen, shown = urlsplit(payload.uri), urlsplit(payload.url)
    if (shown.scheme, shown.netloc) != (frozen.scheme, frozen.netloc):
        return payload
    home = f"{frozen.scheme}://{frozen.netloc}/"
    desk = payload.publisher
    if desk.url == home:
        desk = dataclasses.replace(desk, url=absolute("/"))
    return dataclasses.replace(payload, url=absolute(shown.path), publisher=desk)


@dataclasses.dataclass(frozen=True, slots=True)
class Sources:
    """The rows beside a verdict version that its payload is built from."""

    evidence: Mapping[int, Evidence]
    places: Sequence[Appearance]
    points: Sequence[Point]
    #: the values of the rating's scale
    values: Sequence[int]
    #: what the claim's evidence counts as
    counted: ClaimEvidence = dataclasses.field(default_factory=ClaimEvidence)


def sources_of(verdict: Verdict) -> Sources:
    """Return what one version's payload is built from, read by one statement."""
    return answered(ask_sources_of(verdict))


def ask_sources_of(verdict: Verdict) -> Asking[Sources]:
    """Ask for what ``sources_of`` returns, beside other parts of a page."""
    found = yield from ask_sources_of_each([verdict])
    return found[verdict.pk]


def sources_of_each(verdicts: Sequence[Verdict]) -> dict[int, Sources]:
    """Return by id what ``sources_of`` gives for each stored version, in as many statements as for one."""
    return answered(ask_sources_of_each(verdicts))


def ask_sources_of_each(verdicts: Sequence[Verdict]) -> Asking[dict[int, Sources]]:
    """Ask for what ``sources_of_each`` returns, beside other parts of a page."""
    claims = {verdict.claim_id for verdict in verdicts}
    rows = cited_rows({pk for verdict in verdicts for pk in verdict.citations})
    accepted, scales = _accepted(claims), _values({verdict.rating.scale_id for verdict in verdicts})
    written = Point.objects.filter(verdict__in=[row.pk for row in verdicts]).order_by("verdict_id", "number")
    counted, _asked = yield from at_once(ask_evidence_of(claims), these(rows, accepted, scales, written))
    evidence = {row.pk: row for row in rows}
    places, values = _by_claim(accepted), _by_scale(scales)
    points: dict[int, list[Point]] = defaultdict(list)
    for point in written:
        points[point.verdict_id].append(point)
    return {
        row.pk: Sources(
            evidence={pk: evidence[pk] for pk in row.citations if pk in evidence},
            places=places.get(row.claim_id, ()),
            points=points.get(row.pk, ()),
            values=values.get(row.rating.scale_id, ()),
            counted=counted[row.claim_id],
        )
        for row in verdicts
    }


def evidence_rows(ids: Iterable[int]) -> dict[int, Evidence]:
    """Return evidence by id with what a citation shows of it."""
    return {row.pk: row for row in cited_rows(ids)}


def cited_rows(ids: Iterable[int]) -> QuerySet[Evidence]:
    """Ask for evidence with what a citation shows of it, in no order."""
    rows = Evidence.objects.filter(pk__in=list(ids)).order_by()
    return rows.select_related("document__outlet__owner", "capture", "contact", "decided_by").defer(
        "capture__text"
    )


def places_of(claims: Iterable[int]) -> dict[int, list[Appearance]]:
    """Return each claim's accepted appearances with their documents, in the order of acceptance."""
    return _by_claim(_accepted(claims))


def _accepted(claims: Iterable[int]) -> QuerySet[Appearance]:
    rows = Appearance.objects.filter(claim__in=list(claims), triage=Appearance.Triage.ACCEPTED)
    return rows.select_related("document__outlet").order_by("id")


def _by_claim(rows: Iterable[Appearance]) -> dict[int, list[Appearance]]:
    found: dict[int, list[Appearance]] = defaultdict(list)
    for row in rows:
        if row.claim_id is not None:
            found[row.claim_id].append(row)
    return found


def scale_values(scales: Iterable[int]) -> dict[int, list[int]]:
    """Return the values on each rating scale; labels off the scale have none."""
    return _by_scale(_values(scales))


def _values(scales: Iterable[int]) -> QuerySet[Any, Any]:
    return Rating.objects.filter(scale__in=list(scales)).order_by("pk").values_list("scale_id", "value")


def _by_scale(rows: Iterable[tuple[int, int | None]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for scale, value in rows:
        if value is not None:
            found[scale].append(value)
    return found


def build_payload(
    *,
    verdict: Verdict,
    sources: Sources,
    factcheck: FactCheck | None,
    public_id: str,
    number: int,
    kind: ReleaseKind,
    public_note: str,
    now: dt.datetime,
) -> Payload:
    """Build what readers will see of this version from it and its sources; asks for nothing more.

    ``factcheck`` is the published object that it changes, None for the first release. Raises BadPayload where
    the parts contradict each other.
    """
    claim, desk = verdict.claim, verdict.desk
    now = now.replace(microsecond=0)
    cited = [sources.evidence[pk] for pk in verdict.citations if pk in sources.evidence]
    numbers = {row.pk: place for place, row in enumerate(cited, start=1)}
    before = Payload.from_dict(factcheck.latest.payload) if factcheck and factcheck.latest else None
    places = sources.places
    first = _first(places)
    # The public reads the words of the first place that it may know of; those of others stay inside.
    told = _first([row for row in places if _is_public(row.document)])
    changes = before.changes if before else ()
    if kind is not ReleaseKind.FIRST:
        changes = (*changes, Change(number=number, kind=kind, at=now, note=public_note))
    uri = before.uri if before else absolute(check_path(public_id))
    if factcheck is not None and factcheck.url:
        url = factcheck.url
    else:
        url = before.url if before else absolute(check_path(public_id, verdict.headline))
    return Payload(
        id=public_id,
        uri=uri,
        url=url,
        number=number,
        kind=kind,
        status=CheckStatus.LIVE,
        headline=verdict.headline,
        wording=verdict.wording,
        rating=_rating(verdict.rating, sources.values),
        publisher=publisher(desk),
        published_at=before.published_at if before else now,
        modified_at=now,
        verdict_version=verdict.number,
        claim_id=claim.public_id,
        claim_uri=before.claim_uri if before else f"{uri}#claim",
        quotation=told.quotation if told else "",
        checks=_CHECKS[Claim.Checks(claim.checks)],
        claimant=_claimant(claim),
        made_on=claim.made_on,
        about=claim.about,
        appeared_on=_appeared_on(told) if told else "",
        outlet=_outlet(told.document) if told and told.document else "",
        appearances=_shown(places, first),
        short_answer=verdict.short_answer,
        justification=numbered(verdict.justification, numbers),
        points=tuple(
            PointShown(
                question=point.question,
                answer=numbered(point.answer, numbers),
                finding=finding_of(point.finding),
                citations=tuple(numbers[pk] for pk in cited_ids(point.answer) if pk in numbers),
            )
            for point in sources.points
        ),
        not_found=verdict.not_found,
        citations=tuple(_citation(numbers[row.pk], row, sources.counted.pieces.get(row.pk)) for row in cited),
        origins=sources.counted.of([row.pk for row in cited]).origins,
        byline=tuple(name.strip() for name in verdict.byline.split(",") if name.strip()),
        language=claim.language or desk.language,
        topics=tuple(str(topic) for topic in claim.topics),
        public_note=public_note,
        changes=changes,
        licence_url=desk.licence,
    )


def restated(
    payload: Payload, *, status: CheckStatus, kind: ReleaseKind, number: int, note: str, now: dt.datetime
) -> Payload:
    """Return the same content under another status: suspended, reinstated or withdrawn."""
    now = now.replace(microsecond=0)
    return dataclasses.replace(
        payload,
        status=status,
        kind=kind,
        number=number,
        public_note=note,
        modified_at=now,
        changes=(*payload.changes, Change(number=number, kind=kind, at=now, note=note)),
    )


def publisher(desk: Desk) -> Publisher:
    """Return the desk as readers know it."""
    return Publisher(name=desk.name, url=desk.newsroom_url or absolute("/"), logo=desk.logo_url)


def _rating(rating: Rating, values: Sequence[int]) -> RatingShown:
    numbers = rating.value is not None and min(values) < max(values)
    return RatingShown(
        label=rating.label,
        code=rating.key,
        definition=rating.definition,
        finding=finding_of(rating.finding),
        value=rating.value if numbers else None,
        best=max(values) if numbers else None,
        worst=min(values) if numbers else None,
        scale=rating.scale.name,
        scale_version=rating.scale.version,
    )


def _claimant(claim: Claim) -> Agent | None:
    one = claim.claimant
    if one is None:
        return None
    while one.merged_into is not None:
        one = one.merged_into
    return Agent(
        name=one.name,
        kind=one.kind,
        same_as=(one.same_as,) if one.same_as else (),
        job_title=one.job_title,
    )


def _is_public(document: Document | None) -> bool:
    return document is None or document.visibility == Document.Visibility.ARCHIVE


def _first(places: Sequence[Appearance]) -> Appearance | None:
    """Return the earliest dated place, else the one that was accepted first."""

    def day(row: Appearance) -> dt.date:
        known = row.document.published_earliest if row.document else None
        return known or dt.date.max

    return min(places, key=lambda row: (day(row), row.pk)) if places else None


def _appeared_on(row: Appearance) -> str:
    return row.appeared_on or (row.document.published if row.document else "")


def _outlet(document: Document | None) -> str:
    return document.outlet.name if document and document.outlet else ""


def _shown(places: Iterable[Appearance], first: Appearance | None) -> tuple[AppearanceShown, ...]:
    rows: dict[tuple[str, str], AppearanceShown] = {}
    for row in places:
        document = row.document if _is_public(row.document) else None
        url = document.url if document else ""
        title = document.title if document else ""
        locator = (row.locator or ("" if url else title)) if _is_public(row.document) else ""
        key = (url, locator)
        if key in rows or not (url or locator):
            continue
        dated = _appeared_on(row)
        rows[key] = AppearanceShown(
            url=url,
            title=title if url else "",
            outlet=_outlet(document),
            published=dated,
            locator=locator,
            first=first is not None and row.pk == first.pk and bool(dated),
        )
    return tuple(rows.values())


def _citation(number: int, row: Evidence, piece: CountedPiece | None) -> Citation:
    open_to_all = _is_public(row.document)
    if not row.is_public or not (open_to_all or row.cleared_by_id):
        return Citation(number=number, evidence_id=str(row.pk), title=UNNAMED, kind="redacted")
    if not open_to_all:
        # A person decided to publish these words, not where they stand.
        return Citation(
            number=number,
            evidence_id=str(row.pk),
            title=UNNAMED,
            quotation=row.quotation,
            translation=row.translation,
            stance=row.stance,
            kind="redacted",
        )
    document = row.document
    contact = getattr(row, "contact", None)
    title = row.source_title or (document.title if document else "")
    date = row.source_date or (document.published if document else "")
    if contact is not None:
        title = title or contact.who
        date = date or (contact.answered_at or contact.asked_at).date().isoformat()
    return Citation(
        number=number,
        evidence_id=str(row.pk),
        url=row.source_url or (document.url if document else ""),
        title=title,
        outlet=_outlet(document),
        published=date,
        quotation=row.quotation,
        translation=row.translation,
        language=document.language if document else "",
        accessed_at=row.capture.created_at.replace(microsecond=0) if row.capture else None,
        according_to=row.according_to,
        primary={"primary": True, "secondary": False}.get(row.primacy),
        stance=row.stance,
        origin=piece.origin if piece else f"e{row.pk}",
        of_claimant=piece is not None and piece.group is Group.REPEATS,
        when=piece.when.value if piece else "",
        interest=row.interest,
        kind=_CITATION_KINDS[Evidence.Kind(row.kind)],
    )


def columns(payload: Payload) -> dict[str, Any]:
    """Return the columns of FactCheck that are copied from its latest payload."""
    try:
        made = PartialDate.parse(payload.made_on) if payload.made_on else None
    except ValueError:
        made = None
    return {
        "claim_text": payload.wording,
        "claimant_name": (payload.claimant.name if payload.claimant else payload.outlet)[:200],
        "rating_label": payload.rating.label[:100],
        "finding": payload.rating.finding or "",
        "language": payload.language[:10],
        "made_on": payload.made_on[:40],
        "made_on_earliest": made.earliest if made else None,
        "status": payload.status.value,
        "publisher": payload.publisher.name[:200],
        "site": publisher_site(payload.url)[:253],
        "language_key": payload.language.lower().partition("-")[0][:10],
        "claimant_key": key_of(payload.claimant.name if payload.claimant else payload.outlet)[:200],
        "topic_keys": topic_keys(payload.topics),
        "newest_on": newest_day(payload),
        "first_published_at": payload.published_at,
        "modified_at": payload.modified_at,
    }
