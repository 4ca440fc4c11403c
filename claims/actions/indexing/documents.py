"""From rows to what the engine stores: documents with their passages, fact checks and claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef, Prefetch, Q

from claims.language.weights import encoder_key
from claims.models import (
    Archive,
    Capture,
    Claim,
    Desk,
    Document,
    FactCheck,
    IndexEntry,
    Passage,
    PassageMeaning,
)
from claims.models.documents import passage_words
from claims.query.types import ARCHIVE_AUDIENCE, Collection, Ref
from claims.search import engine


def desk_archive(desk_id: int) -> int:
    """Return the id of the desk's own archive, which also scopes its fact checks and claims."""
    return Archive.objects.filter(desk_id=desk_id).order_by("id").values_list("id", flat=True)[0]


def gather(entries: Sequence[IndexEntry]) -> list[engine.IndexedDocument]:
    """Return engine documents for these entries; rows that are gone or have no words are left out."""
    by_collection: dict[str, dict[int, int]] = defaultdict(dict)
    for entry in entries:
        by_collection[entry.collection][entry.object_id] = entry.version
    return [
        *_documents(by_collection.get(Collection.DOCUMENTS, {})),
        *_factchecks(by_collection.get(Collection.FACTCHECKS, {})),
        *_claims(by_collection.get(Collection.CLAIMS, {})),
    ]


def audience(document: Document) -> tuple[str, ...]:
    """Return who may find a document, as marks; needs no marks of archives, which are a query's scope."""
    if document.visibility == Document.Visibility.ARCHIVE:
        return (ARCHIVE_AUDIENCE,)
    if document.visibility == Document.Visibility.DESK:
        return (f"desk:{document.desk_id}",)
    people = {user.pk for user in document.named.all()}
    if document.added_by_id:
        people.add(document.added_by_id)
    return tuple(f"user:{pk}" for pk in sorted(people))


def _documents(versions: dict[int, int]) -> list[engine.IndexedDocument]:
    # Only the newest state is read, each text once: older ones are not searched.
    later = Capture.objects.filter(document=OuterRef("document"), number__gt=OuterRef("number"))
    newest = Capture.objects.filter(~Exists(later)).prefetch_related("passages")
    found = (
        Document.objects.filter(pk__in=versions)
        .prefetch_related("named", Prefetch("captures", queryset=newest, to_attr="newest_first"))
        .order_by("pk")
    )
    meanings = _meanings(versions)
    out = []
    for row in found:
        captures: list[Capture] = row.newest_first
        passages = tuple(
            engine.IndexedPassage(
                passage.pk, capture.text[passage.start : passage.end], meanings.get(passage.pk, b"")
            )
            for capture in captures[:1]
            for passage in capture.passages.all()
        )
        if not passages:
            continue
        out.append(
            engine.IndexedDocument(
                ref=Ref(Collection.DOCUMENTS, row.pk),
                version=versions[row.pk],
                archive=row.archive_id,
                title=row.title,
                passages=passages,
                audience=audience(row) or ("nobody",),
                language=row.language or "en",
                outlet=row.outlet_id or 0,
                earliest=row.published_earliest if row.published_latest else None,
                latest=row.published_latest if row.published_earliest else None,
            )
        )
    return out


def _meanings(documents: Iterable[int]) -> dict[int, bytes]:
    """Return the vectors of the documents' passages, those of today's encoder."""
    rows = PassageMeaning.objects.filter(passage__capture__document__in=documents).order_by()
    found = list(rows.values_list("passage", "encoder", "vector"))
    return {pk: bytes(vector) for pk, encoder, vector in found if encoder == encoder_key()}


def _factchecks(versions: dict[int, int]) -> list[engine.IndexedDocument]:
    rows = FactCheck.objects.filter(pk__in=versions).select_related("latest").order_by("pk")
    archives = {
        pk: desk_archive(pk) for pk in Desk.objects.filter(factchecks__in=rows).values_list("pk", flat=True)
    }
    out = []
    for row in rows:
        if row.status != FactCheck.Status.LIVE or row.latest is None:
            continue
        payload = row.latest.payload
        body = "\n".join(
            str(payload.get(key) or "")
            for key in ("wording", "headline", "quotation", "short_answer", "justification")
        )
        body = "\n".join(part for part in (row.claim_text, body) if part.strip())
        out.append(
            engine.IndexedDocument(
                ref=Ref(Collection.FACTCHECKS, row.pk),
                version=versions[row.pk],
                archive=archives[row.desk_id],
                title=str(payload.get("headline") or row.claim_text),
                passages=(engine.IndexedPassage(row.pk, body),),
                also=row.claimant_name,
                language=row.language or "en",
                earliest=row.made_on_earliest,
                latest=row.made_on_earliest,
            )
        )
    return out


def _claims(versions: dict[int, int]) -> list[engine.IndexedDocument]:
    rows = (
        Claim.objects.filter(pk__in=versions, merged_into=None)
        .select_related("claimant__source", "source")
        .prefetch_related("source__named", "claimant__source__named")
        .order_by("pk")
    )
    archives = {
        pk: desk_archive(pk) for pk in Desk.objects.filter(claims__in=rows).values_list("pk", flat=True)
    }
    out = []
    for row in rows:
        # A claim found by words that its finder may not read would tell them what these are.
        readable = row.appearances.filter(
            Q(document=None) | Q(document__visibility=Document.Visibility.ARCHIVE)
        )
        quotations = "\n".join(readable.order_by("id").values_list("quotation", flat=True)[:5])
        out.append(
            engine.IndexedDocument(
                ref=Ref(Collection.CLAIMS, row.pk),
                version=versions[row.pk],
                archive=archives[row.desk_id],
                title=row.wording,
                passages=(engine.IndexedPassage(row.pk, quotations or row.wording),),
                also=row.claimant.name if row.claimant else "",
                audience=claim_audience(row) or ("nobody",),
                language=row.language or "en",
                earliest=row.made_on_earliest if row.made_on_latest else None,
                latest=row.made_on_latest if row.made_on_earliest else None,
            )
        )
    return out


def claim_audience(row: Claim) -> tuple[str, ...]:
    """Return who may find a claim: its desk, or who may read the document whose words it still is."""
    sources = [row.source if row.wording_confirmed_at is None else None]
    sources.append(row.claimant.source if row.claimant else None)
    found: set[str] | None = None
    for source in sources:
        if source is None or audience(source) in ((ARCHIVE_AUDIENCE,), (f"desk:{row.desk_id}",)):
            continue
        found = set(audience(source)) if found is None else found & set(audience(source))
    return (f"desk:{row.desk_id}",) if found is None else tuple(sorted(found))


def passage_texts(ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return (title, text) by passage id, for the second question."""
    rows = Passage.objects.filter(pk__in=ids).annotate(words=passage_words())
    return {
        pk: (title, words) for pk, title, words in rows.values_list("pk", "capture__document__title", "words")
    }
