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

from claims.independence.reliance import Reliance, Source, sources
from claims.models import Claim, Evidence, Origin, SearchHit, SearchRun, User
from claims.models.corrections import Corrected, ask_corrections_of
from claims.models.kept import kept
from claims.models.standing import ClaimEvidence, Counting, ask_evidence_of
from claims.models.together import Asking, answered, at_once, these
from claims.query.deciding import deciding_sentence, matching
from claims.review.claim_time import ClaimTime
from claims.review.standing import CountedPiece, EvidenceStanding, Group
from claims.templatetags.glyphs import drawing_of, glyph
from claims.workbench.chips import FiltersAsked
from claims.workbench.claim.board_filters import BoardChoice, BoardFilters
from claims.workbench.claim.fetch_states import FetchState, ask_fetch_states
from claims.workbench.claim.relevance_words import in_words
from claims.workbench.claim.standing_words import (
    FORMS,
    GROUPS,
    UNCOUNTED,
    WHEN,
    TallySide,
    figures,
    relies_on,
    sides,
)

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
    #: Further passages of the same document that bear on the claim, and in words why the document does.
    further: tuple[SafeString, ...] = ()
    why: str = ""
    piece: CountedPiece | None = None
    sources: tuple[Source, ...] = ()
    relies: Reliance = field(default_factory=Reliance)
    corrections: Sequence[Corrected] = ()
    fetch: FetchState | None = None

    @property
    def relies_on(self) -> str:
        """Return whom the passage relies on, in words."""
        return relies_on(self.sources)

    @property
    def form(self) -> str:
        """Return what makes it primary by its issuer or form, in words."""
        return str(FORMS[self.relies.form]) if self.relies.form and self.piece and self.piece.primary else ""

    @property
    def denier(self) -> str:
        """Return who denies it in the passage, where that is not the claimant."""
        if not self.relies.denies or self.relies.note:
            return ""
        return self.relies.denier or _("somebody")

    @property
    def when(self) -> str:
        """Return the day of the source against the day the claim was made, in words."""
        return str(WHEN[self.piece.when]) if self.piece else ""

    @property
    def uncounted(self) -> str:
        """Return why it does not count; empty where it counts."""
        reason = self.piece.uncounted if self.piece else None
        return str(UNCOUNTED[reason]) if reason else ""

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
            f' data-on="{value}" data-off="" class="stance s-{value}" data-key="{number}" title="{number}">'
            f"{glyph(drawing_of(value))}{escape(label)}</button>"
        )
    cite, reject = (_("Cited") if cited else _("Cite")), (_("Take back") if rejected else _("Reject"))
    parts.append(
        f'</span><button name="cited" value="{"false" if cited else "true"}"'
        f' aria-pressed="{"true" if cited else "false"}" data-on="true" data-off="false" data-clears="rejected"'
        f' data-key="c">{escape(cite)}'
        ' <kbd class="single" aria-hidden="true">c</kbd></button>'
        f'<button name="rejected" value="{"false" if rejected else "true"}"'
        ' data-on="true" data-off="false" data-clears="cited"'
        f' data-key="x">{escape(reject)}'
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
    def outlets(self) -> list[str]:
        """Return the outlets that carry it, each once, in the order of their rows."""
        return list(dict.fromkeys(row.outlet for row in self.rows if row.outlet))

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
class EvidenceLane:
    """One of the three groups of the board, its evidence by origin."""

    key: Group
    groups: Sequence[EvidenceGroup]

    @property
    def title(self) -> str:
        return str(GROUPS[self.key])

    @property
    def repeats(self) -> bool:
        return self.key is Group.REPEATS

    @property
    def figure(self) -> str:
        """Return what of the figures is in here: origins that count, or the articles that repeat the claimant."""
        rows = [row for group in self.groups for row in group.rows]
        if self.repeats:
            n = len({row.piece.article for row in rows if row.piece})
            return ngettext("%(n)d article", "%(n)d articles", n) % {"n": n}
        n = len({row.piece.origin for row in rows if row.piece and row.piece.uncounted is None})
        return ngettext("%(n)d origin", "%(n)d origins", n) % {"n": n}


@dataclass(frozen=True, slots=True)
class EvidencePart:
    """The evidence of a claim: in three groups and by origin, what was rejected, and the figures over all of it.

    The figures are those of the claim, whoever looks; the rows are those that this person may see.
    """

    lanes: Sequence[EvidenceLane]
    rejected: Sequence[EvidenceRow]
    counted: EvidenceStanding
    cited: Sequence[EvidenceRow]
    unjudged: int
    time: ClaimTime
    #: Everything counted of the claim, for whoever asks for the part that a verdict cites.
    whole: ClaimEvidence
    #: What people judged, against and for, in origins.
    sides: Sequence[TallySide] = ()
    #: How many passages were found that are weaker than what is shown; they are read on demand.
    weaker: int = 0
    asked: FiltersAsked | None = None
    choices: Sequence[BoardChoice] = ()
    left_out: int = 0

    @property
    def groups(self) -> list[EvidenceGroup]:
        """Return the evidence by origin over all three groups."""
        return [group for lane in self.lanes for group in lane.groups]

    @property
    def first(self) -> int:
        """Return the row that stands open while nobody has chosen another."""
        return next((row.evidence.pk for group in self.groups for row in group.shown), 0)

    @property
    def in_order(self) -> list[EvidenceRow]:
        """Return every row that is not set aside, as the board shows them."""
        return [row for group in self.groups for row in (*group.shown, *group.folded)]

    @property
    def sentence(self) -> str:
        """Return the figures in words: 9 articles · 4 origins · 2 primary."""
        return figures(self.counted)

    @property
    def empty(self) -> bool:
        return not self.groups and not self.rejected and not self.left_out


def evidence_row(
    row: Evidence,
    language: str,
    counted: ClaimEvidence | None = None,
    notes: Sequence[Corrected] = (),
    fetch: FetchState | None = None,
) -> EvidenceRow:
    """Prepare one piece of evidence for the page; ``counted`` is what its claim's evidence counts as."""
    document = row.document
    spoken = (document.language if document else "") or language
    outlet = document.outlet if document is not None else None
    owner = outlet.owner if outlet is not None else None
    relies = Reliance.from_json(row.relies or {})
    return EvidenceRow(
        evidence=row,
        quotation=highlighted(row.quotation, row.matched, spoken),
        title=row.source_title or (document.title if document else "") or _("Without a title"),
        outlet=outlet.name if outlet else urlsplit(row.source_url).hostname or "",
        owner=owner.name if owner else "",
        date=row.source_date or (document.published if document else ""),
        url=_web(row.source_url or (document.url if document else "")),
        further=tuple(highlighted(one["quotation"], one["matched"], spoken) for one in row.further),
        why=in_words(row.reasons),
        piece=counted.pieces.get(row.pk) if counted else None,
        sources=sources(relies, counted.asker, according_to=row.according_to) if counted else (),
        relies=relies,
        corrections=notes,
        fetch=fetch,
    )


def _web(url: str) -> str:
    return url if url.lower().startswith(("http://", "https://")) else ""


def highlighted(text: str, matched: Iterable[Any], language: str, *, paragraphs: bool = False) -> SafeString:
    """Return the text with its deciding sentence marked, or, where no sentence decides, the words that match.

    What stands around a deciding sentence is a span of its own, which a closed row leaves out.
    """
    wanted = [str(term) for term in matched]
    spoken = language or "en"
    decides = deciding_sentence(text, wanted, spoken) if wanted else None
    if decides is not None:
        start, end = decides
        around = '<span class="around">{}</span>'
        parts = [escape(text[:start]), escape(text[start:end]), escape(text[end:])]
        html = f"{around.format(parts[0])}<mark>{parts[1]}</mark>{around.format(parts[2])}"
    else:
        out, at = [], 0
        for place in matching(text, wanted, spoken) if wanted else ():
            out += [
                escape(text[at : place.start]),
                "<mark>",
                escape(text[place.start : place.end]),
                "</mark>",
            ]
            at = place.end
        html = "".join([*out, escape(text[at:])])
    # Between paragraphs one line end is enough in a row.
    return mark_safe(html if paragraphs else _BLANK_LINES.sub("\n", html))  # noqa: S308  # every piece of text was escaped


def evidence_part(claim: Claim, user: User) -> EvidencePart:
    """Gather the evidence of a claim that this person may see."""
    return answered(ask_evidence_part(claim, user))


def ask_evidence_part(
    claim: Claim, user: User, *, narrowed: BoardFilters | None = None
) -> Asking[EvidencePart]:
    """Ask for what ``evidence_part`` returns, beside other parts of a page."""
    found, hits = _shown_to(user, claim.pk), _answers(claim.pk, user)
    every, _asked = yield from at_once(ask_evidence_of([claim.pk]), these(found, hits))
    counted = _as_known(claim, found, every[claim.pk])
    notes, states = yield from at_once(ask_corrections_of(found, user), ask_fetch_states(found, user))
    rows = [
        evidence_row(row, claim.language, counted, notes.get(row.pk, ()), states.get(row.pk))
        for row in found
        if row.is_shown
    ]
    used = [row for row in rows if not row.evidence.rejected]
    filters = narrowed or BoardFilters()
    timed = [(row, row.piece.when.value if row.piece else "") for row in used]
    shown = [row for row, when in timed if filters.keeps(row.evidence, when)]
    return EvidencePart(
        lanes=_lanes(shown),
        rejected=[row for row in rows if row.evidence.rejected],
        counted=counted.standing,
        cited=[row for row in used if row.evidence.cited],
        unjudged=sum(1 for row in used if not row.evidence.cited and not row.evidence.stance),
        time=counted.time,
        whole=counted,
        sides=sides(counted.pieces.values()),
        asked=filters.asked,
        choices=filters.choices([(row.evidence, when) for row, when in timed]),
        left_out=len(used) - len(shown),
        weaker=len(found) - len(rows) + len(_weaker_hits(hits, found)),
    )


@kept
def _shown_to(user: User, claim: int) -> QuerySet[Evidence]:
    return (
        Evidence.objects.visible_to(user)
        .filter(claim=claim)
        .select_related("document__outlet__owner", "capture", "contact", "added_by", "decided_by")
        .defer("capture__text")
        # Why documents are one origin names them: it is told to those who may read them all.
        .annotate(may_read_origin=Exists(_origins(user)))
        .order_by("rank", "id")
    )


def _lanes(rows: Sequence[EvidenceRow]) -> list[EvidenceLane]:
    """Return the groups of the board that hold something, each by origin in the order of its best row."""
    lanes: dict[Group, dict[str, EvidenceGroup]] = {lane: {} for lane in GROUPS}
    for row in rows:
        piece = row.piece
        lane = piece.group if piece else Group.OTHER
        key = piece.origin if piece else f"e{row.evidence.pk}"
        group = lanes[lane].setdefault(key, EvidenceGroup(key))
        group.rows.append(row)
        if row.evidence.document is not None and not group.reason and row.evidence.may_read_origin:  # type: ignore[attr-defined]  # annotated
            group.reason = row.evidence.document.origin_reason
    return [EvidenceLane(lane, list(groups.values())) for lane, groups in lanes.items() if groups]


@kept
def _answers(claim: int, user: User) -> QuerySet[Any, Any]:
    """Ask for what the newest searches answered with, best first: number, capture and place.

    Of the claim and of a reviewer's own words the newest search each. Documents that this person may not
    read are left out.
    """
    newest = (
        SearchRun.objects.filter(claim=claim)
        .exclude(kind=SearchRun.Kind.OUTSIDE)
        .order_by()
        .values("kind")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    hits = SearchHit.objects.visible_to(user).filter(run__in=newest).order_by("-run_id", "rank", "pk")
    return hits.values_list("pk", "capture_id", "start")


def _weaker_hits(hits: Iterable[tuple[int, int | None, int]], rows: Iterable[Evidence]) -> list[int]:
    """Return the ids of those answers of searches that are not among the evidence there is."""
    known: set[tuple[int | None, int]] = set()
    for row in rows:
        known.add((row.capture_id, row.start))
        known |= {(one["capture"], one["start"]) for one in row.further}
    found: dict[tuple[int | None, int], int] = {}
    for pk, capture, start in hits:
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
    return answered(_ask_weaker_part(claim, user))


def _as_known(claim: Claim, rows: Iterable[Evidence], counted: ClaimEvidence) -> ClaimEvidence:
    """Return what is counted, for whoever is to give an opinion without what others decided."""
    return Counting([claim.pk]).of(rows)[claim.pk] if any(row.kept_apart for row in rows) else counted


def _ask_weaker_part(claim: Claim, user: User) -> Asking[tuple[list[EvidenceRow], list[WeakerPassage]]]:
    rows = (
        Evidence.objects.visible_to(user)
        .filter(claim=claim)
        .select_related("document__outlet__owner", "contact")
        .order_by("rank", "id")
    )
    answers = _answers(claim.pk, user)
    every, _asked = yield from at_once(ask_evidence_of([claim.pk]), these(rows, answers))
    counted, ids = _as_known(claim, rows, every[claim.pk]), _weaker_hits(answers, rows)
    hits = (
        SearchHit.objects.visible_to(user)
        .select_related("document__outlet")
        .annotate(words=Substr("capture__text", F("start") + 1, F("end") - F("start")))
        .in_bulk(ids)
    )
    folded = [evidence_row(row, claim.language, counted) for row in rows if not row.is_shown]
    return folded, [
        WeakerPassage(hit, highlighted(hit.words, hit.matched, hit.document.language or claim.language))
        for pk in ids
        if (hit := hits.get(pk)) is not None
    ]


def _origins(user: User) -> QuerySet[Origin]:
    return Origin.objects.visible_to(user).filter(pk=OuterRef("document__origin")).order_by()
