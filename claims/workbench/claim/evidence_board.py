"""The evidence of a claim and the searches for it, as the page shows them: grouped by origin, with figures in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Exists, F, Max, OuterRef, QuerySet
from django.db.models.functions import Substr
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from claims.models import Claim, Evidence, Job, Origin, SearchHit, SearchRun, User
from claims.query.analysis import mark
from claims.workbench.claim.relevance_words import in_words

STANCES = [
    (value, label, str(number))
    for number, (value, label) in enumerate((row for row in Evidence.Stance.choices if row[0]), start=1)
]

_BLANK_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One piece of evidence as it is shown: its words with what matched marked, and where it is from."""

    evidence: Evidence
    quotation: SafeString
    title: str
    outlet: str
    owner: str
    date: str
    url: str
    hint_label: str
    #: Further passages of the same document that bear on the claim, and in words why the document does.
    further: tuple[SafeString, ...] = ()
    why: str = ""

    @property
    def buttons(self) -> SafeString:
        """Return the buttons that decide: stance, cite, reject."""
        e = self.evidence
        return decision_buttons(e.stance, e.cited, e.rejected, get_language() or "")


@lru_cache(maxsize=256)
def decision_buttons(stance: str, cited: bool, rejected: bool, language: str) -> SafeString:
    """Return the buttons of one row as they stand; forty rows of template nodes took half of the page's time."""
    parts = [f'<span class="stances" role="group" aria-label="{escape(_("Stance"))}">']
    for value, label, number in STANCES:
        chosen = value == stance
        parts.append(
            f'<button name="stance" value="{"" if chosen else value}" aria-pressed="{"true" if chosen else "false"}"'
            f' class="stance s-{value}" data-key="{number}">{escape(label)}'
            f' <kbd class="single" aria-hidden="true">{number}</kbd></button>'
        )
    cite, reject = (_("Cited") if cited else _("Cite")), (_("Take back") if rejected else _("Reject"))
    parts.append(
        f'</span><button name="cited" value="{"false" if cited else "true"}"'
        f' aria-pressed="{"true" if cited else "false"}" data-key="c">{escape(cite)}'
        ' <kbd class="single" aria-hidden="true">c</kbd></button>'
        f'<button name="rejected" value="{"false" if rejected else "true"}" data-key="x">{escape(reject)}'
        ' <kbd class="single" aria-hidden="true">x</kbd></button>'
    )
    return mark_safe("".join(parts))  # noqa: S308  # values are of closed lists, labels were escaped


@dataclass(slots=True)
class EvidenceGroup:
    """Evidence that rests on one origin: ten copies of one report count once."""

    key: str
    rows: list[EvidenceRow] = field(default_factory=list)
    reason: str = ""

    @property
    def copies(self) -> int:
        return len({row.evidence.document_id for row in self.rows if row.evidence.document_id})

    @property
    def shown(self) -> list[EvidenceRow]:
        """Return the best row of the origin, and whatever a person decided to use."""
        return [
            row for at, row in enumerate(self.rows) if at == 0 or row.evidence.cited or row.evidence.stance
        ]

    @property
    def folded(self) -> list[EvidenceRow]:
        return [
            row
            for at, row in enumerate(self.rows)
            if at and not row.evidence.cited and not row.evidence.stance
        ]


@dataclass(frozen=True, slots=True)
class EvidencePart:
    """The evidence of a claim: in groups by origin, what was rejected, and the figures over them."""

    groups: Sequence[EvidenceGroup]
    rejected: Sequence[EvidenceRow]
    articles: int
    origins: int
    ultimate: tuple[str, ...]
    cited: Sequence[EvidenceRow]
    unjudged: int
    #: How many passages were found that are weaker than what is shown; they are read on demand.
    weaker: int = 0

    @property
    def sentence(self) -> str:
        """Return the figures in words: 9 articles · 4 origins · 2 ultimate sources."""
        parts = [
            ngettext("%(n)d article", "%(n)d articles", self.articles) % {"n": self.articles},
            ngettext("%(n)d origin", "%(n)d origins", self.origins) % {"n": self.origins},
        ]
        if self.ultimate:
            n = len(self.ultimate)
            parts.append(ngettext("%(n)d ultimate source", "%(n)d ultimate sources", n) % {"n": n})
        return " · ".join(parts)

    @property
    def empty(self) -> bool:
        return not self.groups and not self.rejected


def evidence_row(row: Evidence, language: str) -> EvidenceRow:
    """Prepare one piece of evidence for the page."""
    document = row.document
    spoken = (document.language if document else "") or language
    outlet = document.outlet if document is not None else None
    owner = outlet.owner if outlet is not None else None
    return EvidenceRow(
        evidence=row,
        quotation=highlighted(row.quotation, row.matched, spoken),
        title=row.source_title or (document.title if document else "") or _("Without a title"),
        outlet=outlet.name if outlet else urlsplit(row.source_url).hostname or "",
        owner=owner.name if owner else "",
        date=row.source_date or (document.published if document else ""),
        url=_web(row.source_url or (document.url if document else "")),
        hint_label=str(Evidence.Stance(row.stance_hint).label) if row.stance_hint else "",
        further=tuple(highlighted(one["quotation"], one["matched"], spoken) for one in row.further),
        why=in_words(row.reasons),
    )


def _web(url: str) -> str:
    return url if url.lower().startswith(("http://", "https://")) else ""


def highlighted(text: str, matched: Iterable[Any], language: str) -> SafeString:
    """Return the text with the words that were asked for marked."""
    wanted = [str(term) for term in matched]
    out, at = [], 0
    for start, end in mark(text, wanted, language or "en") if wanted else ():
        out += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    out.append(escape(text[at:]))
    # Between paragraphs one line end is enough here.
    return mark_safe(_BLANK_LINES.sub("\n", "".join(out)))  # noqa: S308  # every piece of text was escaped


def evidence_part(claim: Claim, user: User) -> EvidencePart:
    """Gather the evidence of a claim that this person may see, in one query."""
    found = list(
        Evidence.objects.visible_to(user)
        .filter(claim=claim)
        .select_related("document__outlet__owner", "contact", "added_by", "decided_by")
        # Why documents are one origin names them: it is told to those who may read them all.
        .annotate(may_read_origin=Exists(_origins(user)))
        .order_by("rank", "id")
    )
    rows = [evidence_row(row, claim.language) for row in found if row.is_shown]
    groups: dict[str, EvidenceGroup] = {}
    for row in rows:
        if row.evidence.rejected:
            continue
        key = _origin(row.evidence)
        group = groups.setdefault(key, EvidenceGroup(key))
        group.rows.append(row)
        if row.evidence.document is not None and not group.reason and row.evidence.may_read_origin:  # type: ignore[attr-defined]  # annotated
            group.reason = row.evidence.document.origin_reason
    kept = [row for group in groups.values() for row in group.rows]
    sources = dict.fromkeys(
        " ".join(row.evidence.according_to.casefold().split())
        for row in kept
        if row.evidence.according_to.strip()
    )
    return EvidencePart(
        groups=list(groups.values()),
        rejected=[row for row in rows if row.evidence.rejected],
        articles=len({row.evidence.document_id or -row.evidence.pk for row in kept}),
        origins=len(groups),
        ultimate=tuple(sources),
        cited=[row for row in kept if row.evidence.cited],
        unjudged=sum(1 for row in kept if not row.evidence.cited and not row.evidence.stance),
        weaker=len(found) - len(rows) + len(weaker_hits(claim, user, found)),
    )


def weaker_hits(claim: Claim, user: User, rows: Sequence[Evidence]) -> list[int]:
    """Return the ids of what the newest searches answered with beside the evidence there is, best first.

    Of the claim and of a reviewer's own words the newest search each. Documents that this person may not
    read are left out.
    """
    known = {(row.capture_id, row.start) for row in rows}
    known |= {(one["capture"], one["start"]) for row in rows for one in row.further}
    newest = (
        SearchRun.objects.filter(claim=claim)
        .exclude(kind=SearchRun.Kind.OUTSIDE)
        .order_by()
        .values("kind")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    hits = SearchHit.objects.visible_to(user).filter(run__in=newest).order_by("-run", "rank", "pk")
    found: dict[tuple[int | None, int], int] = {}
    for pk, capture, start in hits.values_list("pk", "capture_id", "start"):
        if (capture, start) not in known:
            found.setdefault((capture, start), pk)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class WeakerPassage:
    """A passage that a search answered with and the board does not show."""

    hit: SearchHit
    quotation: SafeString


def weaker_part(claim: Claim, user: User) -> tuple[list[EvidenceRow], list[WeakerPassage]]:
    """Gather what is weaker: rows of earlier searches that are folded, and passages that are no evidence."""
    rows = list(
        Evidence.objects.visible_to(user)
        .filter(claim=claim)
        .select_related("document__outlet__owner", "contact")
        .order_by("rank", "id")
    )
    ids = weaker_hits(claim, user, rows)
    hits = (
        SearchHit.objects.visible_to(user)
        .select_related("document__outlet")
        .annotate(words=Substr("capture__text", F("start") + 1, F("end") - F("start")))
        .in_bulk(ids)
    )
    folded = [evidence_row(row, claim.language) for row in rows if not row.is_shown]
    return folded, [
        WeakerPassage(hit, highlighted(hit.words, hit.matched, hit.document.language or claim.language))
        for pk in ids
        if (hit := hits.get(pk)) is not None
    ]


def _origins(user: User) -> QuerySet[Origin]:
    return Origin.objects.visible_to(user).filter(pk=OuterRef("document__origin")).order_by()


def _origin(row: Evidence) -> str:
    """Return what makes this independent of others, as the public count does."""
    if row.document is not None:
        return f"o{row.document.origin_id}" if row.document.origin_id else f"d{row.document_id}"
    if row.source_url:
        return f"s{urlsplit(row.source_url).hostname or ''}"
    return f"e{row.pk}"


@dataclass(frozen=True, slots=True)
class SearchPart:
    """What was asked so far, and whether a search is under way."""

    runs: Sequence[SearchRun]
    running: Job | None
    failed: Job | None
    #: A file sent as evidence that is being read, or could not be.
    reading: Job | None = None

    @property
    def busy(self) -> bool:
        return self.running is not None or (
            self.reading is not None and self.reading.status != Job.Status.FAILED
        )

    @property
    def sentence(self) -> str:
        """Return the log in one line: how much was asked, searched, in the claim's time, and found."""
        inside = [run for run in self.runs if run.kind != SearchRun.Kind.OUTSIDE]
        if not inside:
            return ""
        questions = sum(len(run.questions) for run in inside)
        newest = inside[0]
        parts = [
            ngettext(
                "%(n)d question to %(passages)s passages",
                "%(n)d questions to %(passages)s passages",
                questions,
            )
            % {"n": questions, "passages": f"{newest.searched:,}"}
        ]
        if newest.in_window is not None:
            parts.append(_("%(n)s of them in the claim's time") % {"n": f"{newest.in_window:,}"})
        hits = sum(run.hits_found for run in inside)
        parts.append(ngettext("%(n)d hit", "%(n)d hits", hits) % {"n": hits})
        return ", ".join(parts)

    @property
    def newest(self) -> SearchRun | None:
        return next((run for run in self.runs if run.kind != SearchRun.Kind.OUTSIDE), None)


def search_part(claim: Claim, user: User) -> SearchPart:
    """Gather the searches of a claim and the job that is under way.

    Of questions that quote a hidden document this person sees that they were asked, and what was found.
    """
    runs = list(SearchRun.objects.filter(claim=claim).select_related("asked_by").order_by("-id")[:30])
    told = set(SearchRun.objects.visible_to(user).filter(claim=claim).order_by().values_list("pk", flat=True))
    for run in runs:
        if run.pk not in told:
            run.questions = [
                {"text": _("(quotes a source shown to named people only)")} for _one in run.questions
            ]
    jobs = list(
        Job.objects.filter(kind="search", subject=f"claim {claim.pk}", desk=claim.desk_id).order_by("-id")[:3]
    )
    under_way = (Job.Status.QUEUED, Job.Status.RUNNING)
    running = next((job for job in jobs if job.status in under_way), None)
    failed = jobs[0] if jobs and jobs[0].status == Job.Status.FAILED else None
    if failed is not None and not Job.objects.shown_to(user).filter(pk=failed.pk).exists():
        failed.error = ""
    reading = (
        Job.objects.filter(kind="read", subject=f"claim {claim.pk}", desk=claim.desk_id)
        .order_by("-id")
        .first()
    )
    return SearchPart(
        runs, running, failed, reading if reading and reading.status != Job.Status.DONE else None
    )
