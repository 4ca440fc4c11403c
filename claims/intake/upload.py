"""What is this uploaded file, and which documents does it hold?

Decided by the first bytes, then by the name. Refuses pictures (also when named .pdf), sound, video, archives,
other office files and programs, each with what to do instead.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from pathlib import PurePosixPath

from claims.intake.decode import decode
from claims.intake.feed import is_feed, read_feed
from claims.intake.html import extract
from claims.intake.markdown import extract_markdown
from claims.intake.office import extract_office, is_office
from claims.intake.pdf import extract_pdf
from claims.intake.plain import require_size, require_text
from claims.intake.tables import read_csv, read_json
from claims.intake.types import ACCEPTED, FEED_ENDINGS, OFFICE_ENDINGS, Extracted, IntakeError, Item, Upload
from claims.spoken import gettext as _

_ACCEPTED_TEXT = ".txt, .html, .md, .csv, .json, .pdf, .docx, .odt, .srt, .vtt and feeds (.rss, .atom, .xml)"

_IMAGES = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"\x00\x00\x01\x00", "icon"),
    (b"8BPS", "Photoshop"),
)
_OTHERS = (
    (b"{\\rtf", "an RTF document", "Save it as .docx, PDF or plain text."),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old office file or locked with a password",
        "Save it as .docx without a password, as PDF or as plain text.",
    ),
    (b"\x1f\x8b", "a packed file", "Unpack it and add what is inside."),
    (b"7z\xbc\xaf'\x1c", "a packed file", "Unpack it and add what is inside."),
    (b"Rar!", "a packed file", "Unpack it and add what is inside."),
    (b"BZh", "a packed file", "Unpack it and add what is inside."),
    (b"\xfd7zXZ\x00", "a packed file", "Unpack it and add what is inside."),
    (b"ID3", "a sound file", "Add a transcript as text or subtitles."),
    (b"OggS", "a sound or video file", "Add a transcript as text or subtitles."),
    (b"fLaC", "a sound file", "Add a transcript as text or subtitles."),
    (b"\x1aE\xdf\xa3", "a video file", "Add a transcript as text or subtitles."),
    (b"\x7fELF", "a program", "Add the text itself."),
    (b"MZ", "a program", "Add the text itself."),
    (b"%!PS", "a PostScript file", "Convert it to PDF."),
    (b"SQLite format 3\0", "a database", "Export the texts as CSV."),
)

_OTHER_OFFICE = {
    ".xlsx": "a spreadsheet",
    ".ods": "a spreadsheet",
    ".pptx": "a set of slides",
    ".odp": "a set of slides",
}
_OFFICE_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
}


def read_upload(name: str, data: bytes, *, declared: str = "", today: date | None = None) -> Upload:
    """Return every document of an uploaded file; ``name`` is the client's file name, untrusted.

    ``declared`` is a charset the client gave. Raises IntakeError; a file of several rows is only refused as a
    whole where no row can be used.
    """
    suffix = refuse_unread(name, data)
    if data[:1024].lstrip().startswith(b"%PDF-") or b"%PDF-" in data[:1024]:
        return _one(extract_pdf(data, today=today), "pdf", "application/pdf")
    if is_office(data):
        extracted = extract_office(data, today=today)
        kind = extracted.extractor.partition("/")[0]
        return _one(extracted, kind, _OFFICE_TYPES[kind])
    if suffix in FEED_ENDINGS or (suffix not in (".txt", ".csv", ".md") and is_feed(data)):
        # A file may hold entries of any hour of the day.
        now = datetime.combine(today, time.max, UTC) if today else None
        media_type = "application/feed+json" if data.lstrip().startswith(b"{") else "application/xml"
        return Upload(read_feed(data, today=now).items, (), media_type)
    decoded = decode(data, declared, markup=suffix in (".html", ".htm"))
    text = decoded.text
    if (suffix in (".html", ".htm") or (suffix not in ACCEPTED[4:] and _is_page(text))) and "<" in text:
        return _one(extract(data, declared=declared, today=today), "html", "text/html")
    if suffix == ".csv":
        return read_csv(text, today=today)
    if suffix in (".json", ".jsonl"):
        return read_json(text, today=today)
    if suffix == ".md":
        return _one(extract_markdown(text), "markdown", "text/markdown")
    require_text(text)
    extracted = Extracted(text=text, notes=decoded.notes, encoding=decoded.encoding, extractor="plain/1")
    if suffix in (".srt", ".vtt"):
        return _one(extracted, "subtitles", "text/vtt" if suffix == ".vtt" else "application/x-subrip")
    return _one(extracted, "text", "text/plain")


def refuse_unread(name: str, data: bytes) -> str:
    """Refuse what size and first bytes tell without reading the file; returns the ending of its name."""
    require_size(data)
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    _refuse_by_magic(data, suffix)
    if b"%PDF-" not in data[:1024] and not is_office(data):
        if suffix == ".pdf":
            raise IntakeError(
                "wrong_type",
                _(
                    "The file is named .pdf, but there is no PDF inside. Save it again as PDF, or paste the "
                    "text."
                ),
            )
        if suffix in OFFICE_ENDINGS:
            raise IntakeError(
                "wrong_type",
                _(
                    "The file is named %(suffix)s, but there is no such document inside. Save it again, or "
                    "paste the text."
                )
                % {"suffix": suffix},
            )
        if suffix and suffix not in ACCEPTED and re.fullmatch(r"\.[a-z0-9]{1,8}", suffix):
            raise IntakeError(
                "wrong_type",
                _(
                    "Files ending in %(suffix)s are not read; %(accepted_text)s are. Save it as one of "
                    "these, or paste the text."
                )
                % {"suffix": suffix, "accepted_text": _ACCEPTED_TEXT},
            )
        decode(data[:4096])
    return suffix


def _one(extracted: Extracted, source: str, media_type: str) -> Upload:
    return Upload(
        (Item(extracted, source, url=extracted.canonical_url, outlet=extracted.site),), (), media_type
    )


def _is_page(text: str) -> bool:
    return re.match(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype html|<html[\s>])", text, re.IGNORECASE) is not None


def _refuse_by_magic(data: bytes, suffix: str) -> None:
    kind = next((kind for magic, kind in _IMAGES if data.startswith(magic)), "")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind = "WebP"
    if data[:2] == b"BM" and len(data) > 14 and data[6:10] == b"\0\0\0\0":
        kind = "BMP"
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"avif"):
        kind = "HEIC"
    if kind:
        named = f", although it is named {suffix}" if suffix in ACCEPTED else ""
        raise IntakeError(
            "image",
            _(
                "The file is a picture (%(kind)s)%(named)s. Run text recognition over it and upload the "
                "text, or type what it says."
            )
            % {"kind": kind, "named": named},
        )
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")) and not is_office(data):
        office = {
            ".xlsx": "a spreadsheet",
            ".ods": "a spreadsheet",
            ".pptx": "a set of slides",
            ".odp": "a set of slides",
        }
        what = office.get(suffix, "a packed file, but no Word or OpenDocument text")
        raise IntakeError(
            "wrong_type",
            _("The file is %(what)s. Save it as PDF, text or CSV and upload that.") % {"what": what},
        )
    if data[4:8] == b"ftyp" or (data[:4] == b"RIFF" and data[8:12] in (b"WAVE", b"AVI ")):
        raise IntakeError(
            "wrong_type", _("The file is sound or video. Add a transcript as text or subtitles.")
        )
    for magic, what, instead in _OTHERS:
        # Two letters alone may begin a text; a program has NULs close behind.
        if data.startswith(magic) and (len(magic) > 3 or b"\0" in data[:512]):
            raise IntakeError(
                "wrong_type", _("The file is %(what)s. %(instead)s") % {"what": what, "instead": instead}
            )
