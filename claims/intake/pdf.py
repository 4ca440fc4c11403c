"""What does a PDF say, page by page?

Refuses what holds no text a machine can read: encrypted files, scans, broken files, each with what to do.
"""

from __future__ import annotations

import io
import logging
import re
from datetime import UTC, date, datetime
from typing import Any

from claims.intake.decode import clean
from claims.intake.plain import require_size, require_text
from claims.intake.types import TEXT_LIMIT, Extracted, IntakeError, Page, PublishedSource
from claims.spoken import gettext as _

_MOST_PAGES = 1_000
#: What a reader runs into when a file is not what it says.
_FOLLOWS_FROM_DAMAGE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)

# pypdf tells about every oddity of a file through logging; the reader of a page cannot act on it.
logging.getLogger("pypdf").setLevel(logging.ERROR)


def extract_pdf(data: bytes, *, today: date | None = None) -> Extracted:
    """Return the text of all pages, a blank line between them, with each page's offsets.

    Raises IntakeError ``encrypted``, ``scanned``, ``broken``, ``too_large`` or ``too_long``.
    """
    require_size(data)
    import pypdf
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise _encrypted()
        count = len(reader.pages)
        if count > _MOST_PAGES:
            raise IntakeError(
                "too_long",
                _(
                    "The PDF has %(n)s pages; up to %(most_pages)s are read. Save the pages that matter as a "
                    "PDF."
                )
                % {"n": f"{count:,}", "most_pages": f"{_MOST_PAGES:,}"},
            )
        text, pages, empty = _pages(reader)
        info = reader.metadata
        title, author, created = _info(info)
    except IntakeError:
        raise
    except (FileNotDecryptedError, DependencyError):
        raise _encrypted() from None
    except (PyPdfError, *_FOLLOWS_FROM_DAMAGE) as error:
        # The reader meets files of every kind; what it cannot follow is broken to us, whatever it raised.
        raise IntakeError(
            "broken",
            _(
                "The PDF is damaged and cannot be read. Open it in a viewer and print it to a new PDF, "
                "or paste the text."
            ),
        ) from error
    letters = sum(1 for c in text if c.isalnum())
    if letters < 15 * max(1, count) ** 0.5:
        raise IntakeError(
            "scanned",
            _(
                "The PDF holds pictures of pages, no text. Run text recognition over it and upload the "
                "result, or paste the text."
            ),
        )
    require_text(text)
    notes = []
    if empty:
        shown = ", ".join(str(n) for n in empty[:10]) + (" …" if len(empty) > 10 else "")
        notes.append(f"Without readable text: page {shown}.")
    known = bool(created) and date.fromisoformat(created) <= (today or datetime.now(UTC).date())
    return Extracted(
        text=text,
        title=title,
        authors=author,
        published=created if known else "",
        published_source=PublishedSource.FILE if known else PublishedSource.UNKNOWN,
        published_evidence="the day the PDF file was made" if known else "",
        notes=tuple(notes),
        extractor=f"pypdf/{pypdf.__version__}",
        pages=tuple(pages),
    )


def _pages(reader: Any) -> tuple[str, list[Page], list[int]]:
    parts: list[str] = []
    pages: list[Page] = []
    empty: list[int] = []
    at = 0
    for number, page in enumerate(reader.pages, start=1):
        # Trailing spaces of lines are layout; everything else stays as the file has it.
        text = clean(re.sub(r"[ \t]+(?=\n)", "", page.extract_text() or "")).strip()
        if parts:
            parts.append("\n\n")
            at += 2
        pages.append(Page(number, at, at + len(text)))
        parts.append(text)
        at += len(text)
        if not text:
            empty.append(number)
        if at > TEXT_LIMIT:
            raise IntakeError(
                "too_long",
                _(
                    "The text is longer than %(text_limit)s characters by page %(number)s. Save the pages "
                    "that matter as a PDF of their own."
                )
                % {"text_limit": f"{TEXT_LIMIT:,}", "number": number},
            )
    return "".join(parts), pages, empty


def _info(info: Any) -> tuple[str, tuple[str, ...], str]:
    if info is None:
        return "", (), ""
    title = clean(" ".join(str(info.title or "").split()))
    author = clean(" ".join(str(info.author or "").split()))
    try:
        created = info.creation_date.date().isoformat() if info.creation_date else ""
    except (ValueError, AttributeError):
        created = ""
    # Word processors write the file's name there.
    if re.search(r"\.(?:docx?|odt|rtf|indd|qxd)\Z|\AMicrosoft Word - |\Auntitled", title, re.IGNORECASE):
        title = ""
    return title, tuple(a.strip() for a in author.split(";") if a.strip()), created


def _encrypted() -> IntakeError:
    return IntakeError(
        "encrypted",
        "The PDF is locked with a password. Save a copy without one, or paste the text.",
    )
