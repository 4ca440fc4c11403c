"""What is known of a text before it is stored? Checked, cleaned and read, with nothing asked of the database.

All that takes long is done here, outside any transaction: the address is made canonical, the text hashed, read for
comparing and cut into passages. Nothing is stored.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from functools import cached_property

from claims.actions import base, partial_dates
from claims.actions.documents.fetching import FetchRefused, known_address
from claims.independence.corrections import note_in
from claims.independence.fingerprint import fingerprint
from claims.independence.lookup import EDITION
from claims.intake.decode import clean
from claims.intake.hashing import blob_hash, text_hash
from claims.intake.passages import Cut, cut
from claims.intake.plain import require_text
from claims.intake.types import Extracted, IntakeError, PublishedSource
from claims.models import Archive, Capture, DateSource, Desk, Document, Outlet, Passage, User

SOURCES = {
    PublishedSource.METADATA: DateSource.METADATA,
    PublishedSource.STRUCTURED: DateSource.METADATA,
    PublishedSource.URL: DateSource.SUGGESTED,
    PublishedSource.FILE: DateSource.SUGGESTED,
    PublishedSource.VISIBLE: DateSource.VISIBLE,
    PublishedSource.FEED: DateSource.FEED,
    PublishedSource.PERSON: DateSource.PERSON,
    PublishedSource.UNKNOWN: DateSource.UNKNOWN,
}


@dataclass(frozen=True)
class Coming:
    """What is being stored: ``address`` is canonical, ``name`` that of its file, ``urls`` all that lead to it."""

    extracted: Extracted
    address: str
    digest: str
    name: str
    media_type: str
    final_url: str
    kind: str
    visibility: str
    urls: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return by which key the archive knows the document."""
        return address_key(self.address) if self.address else f"text:{self.digest}"

    def outlet_url(self, address: str) -> str:
        """Return which address tells whose text it is, of a document at ``address``."""
        shown = self.extracted.outlet_url
        return address if shown is None else shown

    @cached_property
    def passages(self) -> list[Cut]:
        return cut(self.extracted.text)

    @cached_property
    def correction(self) -> str:
        """Return the note by which the text corrects or withdraws what was printed before."""
        note = note_in(f"{self.extracted.title}\n{self.extracted.text}")
        return note.text if note else ""

    def read(self) -> None:
        """Do now what storing needs of the text, so that nobody waits for it with something locked."""
        _ = (fingerprint(self.extracted.text), self.passages, self.correction)


def coming(
    *,
    extracted: Extracted,
    url: str = "",
    final_url: str = "",
    blob: bytes = b"",
    media_type: str = "",
    kind: str = Document.Kind.PASTED,
    visibility: str = Document.Visibility.ARCHIVE,
) -> Coming:
    """Return what is to be stored, read; raises Refused where there is no text or the address is none."""
    extracted = _cleaned(extracted)
    try:
        require_text(extracted.text)
        address = known_address(extracted.canonical_url or final_url or url) if url.strip() else ""
    except IntakeError as error:
        raise base.Refused(error.sentence) from error
    except FetchRefused as error:
        raise base.Refused(str(error)) from error
    what = Coming(
        extracted,
        address,
        text_hash(extracted.text),
        blob_hash(blob) if blob else "",
        media_type,
        final_url,
        kind,
        visibility,
        (url, final_url, address),
    )
    what.read()
    return what


def document_row(
    what: Coming,
    *,
    key: str,
    archive: Archive,
    desk: Desk,
    outlet: Outlet | None,
    actor: User | None,
    now: dt.datetime,
) -> Document:
    """Return a new document that is not stored yet."""
    extracted = what.extracted
    return Document(
        archive=archive,
        desk=desk,
        kind=what.kind,
        url=what.address,
        address_key=key,
        title=extracted.title,
        outlet=outlet,
        authors=", ".join(extracted.authors)[:500],
        language=extracted.language[:10],
        published_source=SOURCES[extracted.published_source] if extracted.published else "",
        visibility=what.visibility,
        added_by=actor,
        captures_made=1,
        origin_edition=EDITION,
        created_at=now,
        updated_at=now,
        **partial_dates.columns("published", extracted.published),
    )


def capture_row(what: Coming, document: Document, number: int, now: dt.datetime) -> Capture:
    """Return a new capture that is not stored yet."""
    extracted = what.extracted
    return Capture(
        document=document,
        number=number,
        blob=what.name,
        media_type=what.media_type[:100],
        final_url=what.final_url[:2000],
        text=extracted.text,
        text_hash=what.digest,
        characters=len(extracted.text),
        title=extracted.title,
        language=extracted.language[:10],
        extractor=extracted.extractor[:60],
        published_source=SOURCES[extracted.published_source] if extracted.published else "",
        published_evidence=extracted.published_evidence[:300],
        notes=list(extracted.notes),
        correction=what.correction,
        pages=[[page.number, page.start, page.end] for page in extracted.pages],
        published=extracted.published,
        created_at=now,
    )


def passage_rows(what: Coming, capture: Capture) -> list[Passage]:
    """Return the passages of a capture, not stored yet."""
    return [
        Passage(capture=capture, number=number, start=one.start, end=one.end)
        for number, one in enumerate(what.passages, start=1)
    ]


def address_key(address: str) -> str:
    """Return the key of a canonical address; a long one is known by its hash."""
    return address if len(address) <= 250 else f"long:{digest_of(address)}"


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _cleaned(extracted: Extracted) -> Extracted:
    """Fold what comes from outside into what columns and databases take; the text keeps its length."""
    return replace(
        extracted,
        text=clean(extracted.text),
        title=" ".join(clean(extracted.title).split())[:500],
        authors=tuple(" ".join(clean(one).split()) for one in extracted.authors if one.strip()),
        site=clean(extracted.site),
        language=clean(extracted.language),
        published_evidence=clean(extracted.published_evidence),
        notes=tuple(clean(note) for note in extracted.notes),
    )
