"""What does a Word (.docx) or OpenDocument (.odt) file say? Its paragraphs, lists and tables in their order.

Both are packed XML, read with the parser that is there already: nothing is resolved, run or fetched. Tracked changes
count as accepted, comments and hidden text are left out, notes stand at the end. Refuses what unpacks to too much,
documents with macros or entities of their own, locked ones, tables without end, and every other packed file.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from claims.intake.decode import clean
from claims.intake.plain import require_size, require_text
from claims.intake.quoted import signed_quotation
from claims.intake.shown_day import read_stamp
from claims.intake.types import TEXT_LIMIT, Extracted, IntakeError, PublishedSource
from claims.spoken import gettext as _

#: How much one part of a document may unpack to, in bytes; the text itself is far smaller.
_PART_LIMIT = 32 * 1024 * 1024
_MOST_PARTS = 5_000
_MOST_CELLS = 20_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_ODT = b"application/vnd.oasis.opendocument.text"
#: What a machine wrote as a title: the name of a file or of a template.
#: What reading runs into when a file is not what it says.
_FOLLOWS_FROM_DAMAGE = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, ValueError, KeyError, RecursionError,
    etree.LxmlError,
)  # fmt: skip
_NO_TITLE = re.compile(
    r"\.(?:docx?|dotx?|odt|ott|rtf)\Z|\AMicrosoft Word - |\A(?:untitled|document|dokument)\s*\d*\Z", re.I
)
_NOT_SAID_WORD = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback", f"{_W}instrText", f"{_W}pPr"})
_NOT_SAID_ODT = frozenset(
    [
        f"{_OFFICE}annotation",
        *(
            f"{_TEXT}{name}"
            for name in (
                "tracked-changes", "table-of-content", "alphabetical-index", "note-citation", "ruby-text",
                "hidden-text", "sequence-decls",
            )
        ),
    ]
)  # fmt: skip
#: How office programs name the style of a block quotation.
_QUOTE_STYLE = re.compile(r"quot|zitat|citation|\bcita", re.IGNORECASE)
_HOLDERS_WORD = frozenset(
    f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")
)


def is_office(data: bytes) -> bool:
    """Tell by the first bytes and the names of parts whether this is a document that is read here."""
    return data.startswith(b"PK\x03\x04") and (b"word/document" in data or _ODT in data[:200])


def extract_office(data: bytes, *, today: date | None = None) -> Extracted:
    """Return the text of a Word or OpenDocument file.

    Raises IntakeError ``wrong_type``, ``encrypted``, ``broken``, ``empty``, ``too_large`` or ``too_long``.
    """
    require_size(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = set(packed.namelist())
            _refuse_parts(packed, names)
            if "word/document.xml" in names:
                blocks, about, notes = _Word(packed).read()
                kind, told = "docx", "the day the Word file was made"
            elif "content.xml" in names and _ODT in _part(packed, "mimetype", names)[:100]:
                blocks, about, notes = _OpenDocument(packed).read()
                kind, told = "odt", "the day the document was made"
            else:
                raise IntakeError(
                    "wrong_type",
                    _("The file is packed, but no text document. Unpack it and add what is inside."),
                )
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        OSError,
        EOFError,
        ValueError,
        etree.LxmlError,
    ):
        raise IntakeError(
            "broken",
            _("The document is damaged and cannot be read. Open it and save it again, or paste the text."),
        ) from None
    text = _joined(blocks)
    require_text(text)
    title, author, made = about
    stamp = read_stamp(made)
    known = stamp is not None and stamp.day <= (today or datetime.now(UTC).date())
    return Extracted(
        text=text,
        title="" if _NO_TITLE.search(title) else title,
        authors=tuple(name.strip() for name in author.split(";") if name.strip()),
        published=stamp.day.isoformat() if stamp is not None and known else "",
        published_source=PublishedSource.FILE if known else PublishedSource.UNKNOWN,
        published_evidence=told if known else "",
        notes=tuple(notes),
        extractor=f"{kind}/1",
    )


_About = tuple[str, str, str]
_Block = tuple[str, str]
_Read = tuple[list[_Block], _About, list[str]]


def _refuse_parts(packed: zipfile.ZipFile, names: set[str]) -> None:
    """Refuse what the list of parts tells: too many, locked ones, programs."""
    if len(names) > _MOST_PARTS:
        raise IntakeError(
            "too_large",
            _("The document has more than %(most_parts)s parts. Save it as PDF or plain text.")
            % {"most_parts": f"{_MOST_PARTS:,}"},
        )
    locked = any(one.flag_bits & 1 for one in packed.infolist())
    if locked or b"encryption-data" in _part(packed, "META-INF/manifest.xml", names):
        raise IntakeError(
            "encrypted",
            _("The document is locked with a password. Save a copy without one, or paste the text."),
        )
    types = _part(packed, "[Content_Types].xml", names)
    if (
        any(re.search(r"vbaProject|vbaData|\A(?:Basic|Scripts)/.", name) for name in names)
        or b"macroEnabled" in types
    ):
        raise IntakeError(
            "wrong_type",
            _("The document holds macros, which are not taken in. Save it as .docx or .odt without them."),
        )


def _part(packed: zipfile.ZipFile, name: str, names: set[str]) -> bytes:
    """Return one part, never more than the limit, whatever its header says; empty where there is none."""
    if name not in names:
        return b""
    with packed.open(name) as file:
        found = file.read(_PART_LIMIT + 1)
    if len(found) > _PART_LIMIT:
        raise IntakeError(
            "too_large",
            _(
                "The document unpacks to more than %(part_limit)s MB of text. Save the part that matters "
                "as a document of its own."
            )
            % {"part_limit": _PART_LIMIT // 1024**2},
        )
    return found


def _tree(packed: zipfile.ZipFile, name: str) -> Any:
    """Parse a part; nothing is resolved, and a document that declares entities is refused."""
    data = _part(packed, name, set(packed.namelist()))
    if not data:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    if re.search(rb"<\x00?!\x00?(?:D|E)\x00?(?:O|N)\x00?(?:C|T)", data[:4096]):
        raise _entities()
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise _entities()
    return root


def _entities() -> IntakeError:
    return IntakeError(
        "broken",
        "The document declares entities of its own, which no office program writes. Save it again, or paste the text.",
    )


def _joined(blocks: list[_Block]) -> str:
    """Return the text: a blank line between blocks, none between items of a list or rows of a table."""
    text: list[str] = []
    before = ""
    for kind, block in blocks:
        if not block.strip():
            continue
        text.append(("\n" if kind == before and kind != "p" else "\n\n") + block if text else block)
        before = kind
    return clean("".join(text))


def _tidy(pieces: list[str]) -> str:
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


class _Cells:
    """Counts the cells of all tables and refuses a table without end."""

    def __init__(self) -> None:
        self.count = 0

    def row(self, cells: list[str]) -> str:
        self.count += len(cells)
        if self.count > _MOST_CELLS:
            raise IntakeError(
                "too_large",
                _("The document has tables of more than %(most_cells)s cells. Save them as CSV and add that.")
                % {"most_cells": f"{_MOST_CELLS:,}"},
            )
        return " | ".join(" ".join(cell.split()) for cell in cells)


class _Word:
    """Reads the parts of a Word document."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self._cells = _Cells()
        self._length = 0

    def read(self) -> _Read:
        root = _tree(self._packed, "word/document.xml")
        body = root.find(f"{_W}body") if root is not None else None
        blocks = list(self._blocks(body)) if body is not None else []
        for name in ("word/footnotes.xml", "word/endnotes.xml"):
            notes = _tree(self._packed, name)
            for note in notes if notes is not None else ():
                if note.get(f"{_W}type") is None:
                    blocks += self._blocks(note)
        changed = root is not None and next(root.iter(f"{_W}ins", f"{_W}del"), None) is not None
        said = ["The document has tracked changes; they were read as accepted."] if changed else []
        return blocks, self._about(), said

    def _about(self) -> _About:
        core = _tree(self._packed, "docProps/core.xml")
        if core is None:
            return "", "", ""
        made = core.findtext("{http://purl.org/dc/terms/}created") or ""
        return _field(core, f"{_DC}title"), _field(core, f"{_DC}creator"), made.strip()

    def _blocks(self, holder: Any) -> Iterator[_Block]:
        for node in holder:
            if node.tag == f"{_W}p":
                yield from self._paragraph(node)
            elif node.tag == f"{_W}tbl":
                for row in node.iter(f"{_W}tr"):
                    # Tables inside a cell are part of its text.
                    if next(row.iterancestors(f"{_W}tbl"), None) is node:
                        yield (
                            "row",
                            self._cells.row(
                                [self._inside(cell) for cell in row.iter(f"{_W}tc") if _own(cell, row)]
                            ),
                        )
            elif node.tag in (
                f"{_W}sdt",
                f"{_W}sdtContent",
                f"{_W}ins",
                f"{_W}moveTo",
                f"{_W}customXml",
                f"{_W}smartTag",
            ):
                yield from self._blocks(node)

    def _inside(self, cell: Any) -> str:
        return " ".join(text for _, text in self._blocks(cell))

    def _paragraph(self, node: Any) -> Iterator[_Block]:
        boxes: list[Any] = []
        text = _tidy(self._run(node, boxes))
        self._length += len(text)
        _refuse_long(self._length)
        item = node.find(f"{_W}pPr/{_W}numPr") is not None
        style = node.find(f"{_W}pPr/{_W}pStyle")
        if text and style is not None and _QUOTE_STYLE.search(style.get(f"{_W}val", "")):
            yield from (("p", row) for row in signed_quotation(text.split("\n")))
        elif text:
            yield ("li", f"- {text}") if item else ("p", text)
        for box in boxes:
            yield from self._blocks(box)

    def _run(self, node: Any, boxes: list[Any]) -> list[str]:
        pieces: list[str] = []
        for one in node:
            tag = one.tag
            if tag in _NOT_SAID_WORD or not isinstance(tag, str):
                continue
            if tag == f"{_W}txbxContent":
                boxes.append(one)
            elif tag == f"{_W}t":
                pieces.append(one.text or "")
            elif tag in (f"{_W}br", f"{_W}cr"):
                pieces.append("\n")
            elif tag == f"{_W}tab":
                pieces.append("\t")
            elif tag == f"{_W}noBreakHyphen":
                pieces.append("-")
            elif tag != f"{_W}r" or not _is_hidden(one):
                pieces += self._run(one, boxes)
        return pieces


def _own(cell: Any, row: Any) -> bool:
    return next(cell.iterancestors(f"{_W}tr"), None) is row


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(f"{_W}val", "1") not in ("0", "false", "off")


class _OpenDocument:
    """Reads the parts of an OpenDocument text."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self._cells = _Cells()
        self._length = 0
        self._notes: list[Any] = []

    def read(self) -> _Read:
        root = _tree(self._packed, "content.xml")
        body = root.find(f"{_OFFICE}body/{_OFFICE}text") if root is not None else None
        if body is None:
            raise IntakeError(
                "wrong_type", _("The file is no text document. Save it as .odt, PDF or plain text.")
            )
        blocks = list(self._blocks(body, item=False))
        while self._notes:
            blocks += self._blocks(self._notes.pop(0), item=False)
        changed = next(body.iter(f"{_TEXT}tracked-changes"), None) is not None
        said = ["The document has tracked changes; they were read as accepted."] if changed else []
        return blocks, self._about(), said

    def _about(self) -> _About:
        meta = _tree(self._packed, "meta.xml")
        if meta is None:
            return "", "", ""
        space = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
        author = _field(meta, f"{space}initial-creator") or _field(meta, f"{_DC}creator")
        return _field(meta, f"{_DC}title"), author, _field(meta, f"{space}creation-date")

    def _blocks(self, holder: Any, *, item: bool) -> Iterator[_Block]:
        for node in holder:
            tag = node.tag
            if tag in _NOT_SAID_ODT or not isinstance(tag, str):
                continue
            if tag in (f"{_TEXT}p", f"{_TEXT}h"):
                boxes: list[Any] = []
                text = _tidy(self._run(node, boxes))
                self._length += len(text)
                _refuse_long(self._length)
                if text and _QUOTE_STYLE.search(node.get(f"{_TEXT}style-name", "")):
                    yield from (("p", row) for row in signed_quotation(text.split("\n")))
                elif text:
                    yield ("li", f"- {text}") if item and tag == f"{_TEXT}p" else ("p", text)
                for box in boxes:
                    yield from self._blocks(box, item=False)
            elif tag == f"{_TABLE}table-row":
                cells = [self._inside(one) for one in node if one.tag == f"{_TABLE}table-cell"]
                yield "row", self._cells.row([cell for cell in cells if cell])
            else:
                yield from self._blocks(node, item=item or tag == f"{_TEXT}list-item")

    def _inside(self, cell: Any) -> str:
        return " ".join(text for _, text in self._blocks(cell, item=False))

    def _run(self, node: Any, boxes: list[Any]) -> list[str]:
        pieces = [node.text or ""]
        for one in node:
            tag = one.tag
            if tag == f"{_TEXT}note":
                body = one.find(f"{_TEXT}note-body")
                self._notes += [body] if body is not None else []
            elif isinstance(tag, str) and tag.endswith("}text-box"):
                boxes.append(one)
            elif tag in (f"{_TEXT}s", f"{_TEXT}tab"):
                pieces.append(" ")
            elif tag == f"{_TEXT}line-break":
                pieces.append("\n")
            elif tag not in _NOT_SAID_ODT and isinstance(tag, str):
                pieces += self._run(one, boxes)
            pieces.append(one.tail or "")
        return pieces


def _field(root: Any, tag: str) -> str:
    found = next(root.iter(tag), None)
    return clean(" ".join((found.text or "").split())) if found is not None else ""


def _refuse_long(length: int) -> None:
    """Stop reading where the text is longer than is taken, before all of it is in memory."""
    if length > TEXT_LIMIT:
        raise IntakeError(
            "too_long",
            _(
                "The text is longer than %(text_limit)s characters. Save the pages that matter as a "
                "document of their own."
            )
            % {"text_limit": f"{TEXT_LIMIT:,}"},
        )
