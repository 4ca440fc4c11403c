"""Which checkable claims does a text make: where, by whom, when, and how much does each deserve checking?

``split`` joins the steps: blocks, sentences, quotations, tags and trees, frames and claimants, clauses, premises,
dates, scores, wording, repeats. It raises for no text; it never changes the text and never looks anything up.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from claims.language.asides import untagged
from claims.language.blocks import layout
from claims.language.document import Reading, read
from claims.language.identify import guess
from claims.language.no_collection import without_collection
from claims.language.normalise import MAX_TEXT
from claims.language.partial_dates import PartialDate
from claims.splitting import whole_sentences
from claims.splitting.assembly import Assembly, Judge
from claims.splitting.attribution.english import in_order
from claims.splitting.attribution.results import Attributed
from claims.splitting.attribution.signatures import row_of, signed_paragraphs
from claims.splitting.checkable.head import decide
from claims.splitting.claimants.continued_speech import continued
from claims.splitting.claimants.named import NamedClaimant
from claims.splitting.claimants.ranker import Chooser, choose
from claims.splitting.claimants.resolver import Resolver
from claims.splitting.framed_sentences import framed
from claims.splitting.left_out import left_out, unread
from claims.splitting.ranking.head import Ranking, by_vectors, by_words
from claims.splitting.types import Split
from claims.splitting.units import UnitDraft, drafts, most_units

ANALYSER = "rules and heads 1.14"
"""Changes with every change of rules or weights that can change a result."""

Offer = Callable[[Reading, Sequence[Attributed], Sequence[UnitDraft], Container[int]], Sequence[UnitDraft]]


def missed(
    reading: Reading, rows: Sequence[Attributed], found: Sequence[UnitDraft], skip: Container[int]
) -> Sequence[UnitDraft]:
    """Return what the shipped ranker offers beside the units of the rules."""
    # Imported here: it needs numpy.
    from claims.splitting.missed.ranker import shipped

    return shipped().offer(reading, rows, found, skip)


@without_collection
def split(
    text: str,
    *,
    published: str | None = None,
    language: str | None = None,
    source: str = "text",
    judge: Judge | None = decide,
    chooser: Chooser | None = choose,
    offer: Offer | None = missed,
    ranking: Ranking | None = None,
) -> Split:
    """Return the claims of a text.

    ``published`` is a (partial) ISO date, ``language`` a code such as ``en`` (None: guessed from common words),
    ``source`` is ``text``, ``transcript``, ``srt``, ``vtt`` or ``auto``. Text beyond ``MAX_TEXT`` characters is left
    out and listed. ``judge`` says of all units together whether their content can be checked; None leaves that to
    the rules alone, which needs no sentence encoder and is faster. ``chooser`` says who speaks where the rules leave
    a choice; None leaves that to them as well. ``offer`` says which units the rules missed (None: none). ``ranking``
    gives the units of an English article their scores and reasons; None is the shipped one, by vectors where there is
    a ``judge`` and by words alone where there is none. Raises ValueError when ``published`` is not a date or
    ``source`` is unknown, never for a text.
    """
    if published is not None and PartialDate.parse(published).earliest is None:
        raise ValueError(f"{published!r} is no publication date: it has no year")
    if source not in ("text", "transcript", "srt", "vtt", "auto"):
        raise ValueError(f"{source!r} is no kind of text")
    whole, text = text, text[:MAX_TEXT]
    code = (language or guess(text)).split("-")[0].lower()
    laid_out = layout(text, source=source)
    reading = read(laid_out, language=code)
    asked = unread(reading)
    resolver = Resolver(reading) if code == "en" else None
    rows, people = _attributed(reading, resolver)
    if code == "en":
        found = continued(reading, rows, people, drafts(reading, rows, asked))
        for draft in found:
            if reading.view[draft.end : draft.end + 1] == "?":
                # “They closed it, right?” asked Lind: the mark stands inside the sentence.
                draft.end = min(draft.end, untagged(reading.view, draft.start, draft.end + 1))
        found = whole_sentences.with_lost(reading, rows, found, asked)
        if offer is not None:
            more = offer(reading, rows, found, asked)
            found = sorted([*found, *more], key=lambda draft: (draft.start, -draft.end))
    else:
        found = framed(reading, rows, asked)
    if ranking is None:
        ranking = by_words if judge is None else by_vectors
    most = most_units(len(text))
    units = Assembly(reading, rows, people, resolver, published, judge, chooser, ranking).units(found[:most])
    flags = [] if code == "en" else ["language-without-clause-rules"]
    if len(found) >= most:
        flags.append("too-many-claims")
    return Split(
        analyser=ANALYSER,
        language=code,
        characters=len(whole),
        published=published,
        published_source="",
        units=units,
        left_out=left_out(reading, units, asked, len(whole)),
        flags=tuple(flags),
    )


def _attributed(
    reading: Reading, resolver: Resolver | None
) -> tuple[tuple[Attributed, ...], tuple[NamedClaimant, ...]]:
    """Return the frames of a reading and who is meant by each."""
    # Imported here: a pack brings its own word lists.
    from claims.splitting.packs import attribute, claimants

    rows = attribute(reading)
    if reading.language == "en":
        # Letters and posts are whole paragraphs with a name below: their writer speaks, no frame says so.
        rows = in_order((*rows, *(row_of(reading, signature) for signature in signed_paragraphs(reading))))
    return rows, claimants(reading, rows, resolver)
