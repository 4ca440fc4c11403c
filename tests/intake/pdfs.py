"""Builds tiny PDF files by hand, so that the tests need no program that writes them."""

from __future__ import annotations

import io
import zlib

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject


def pdf(*pages: str, title: str = "", created: str = "", password: str = "") -> bytes:
    """Return a PDF with one line of text after the other per page; an empty page has no text at all."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for text in pages:
        page = writer.add_blank_page(595, 842)
        stream = StreamObject()
        lines = "".join(f"({line}) Tj 0 -14 Td " for line in text.split("\n"))
        stream.set_data(f"BT /F1 12 Tf 50 780 Td {lines} ET".encode("latin-1") if text else b"")
        page[NameObject("/Contents")] = stream
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
    info = {k: v for k, v in (("/Title", title), ("/CreationDate", created)) if v}
    if info:
        writer.add_metadata(info)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    PdfReader(io.BytesIO(out.getvalue()))
    return out.getvalue()


def endless(pages: int = 200) -> bytes:
    """Return a small file whose forms draw each other ten times over, four deep, on each of its pages."""
    forms = [_form(7 + depth if depth < 3 else 0) for depth in range(4)]
    kids = " ".join(f"{10 + number} 0 R" for number in range(pages))
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R >> >> >>"
    )
    return _file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
            page,
            _packed(b"BT /F1 12 Tf (The port raised its fees.) Tj ET\n" + b"/X Do\n" * 10),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            *forms,
            *[page] * pages,
        ]
    )


def laborious(pages: int = 900) -> bytes:
    """Return a small file of many pages that share one long content: each is set and read by itself."""
    lines = b"(Fees) Tj\n" + b"/F1 12 Tf 1 0 0 1 50 780 Tm 0 -1 Td\n" * 6_000
    kids = " ".join(f"{6 + number} 0 R" for number in range(pages))
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>"
    )
    return _file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
            _packed(b"BT /F1 12 Tf 50 780 Td " + lines + b"ET"),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"null",
            *[page] * pages,
        ]
    )


def _form(inner: int) -> bytes:
    drawn = f" /XObject << /X {inner} 0 R >>" if inner else ""
    names = f"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >>{drawn} >>"
    return _packed(b"/X Do\n" * 10 if inner else b"BT /F1 12 Tf 1 0 0 1 50 780 Tm ET\n", names)


def _packed(data: bytes, names: str = "") -> bytes:
    packed = zlib.compress(data, 9)
    head = f"<< /Length {len(packed)} /Filter /FlateDecode {names} >>"
    return head.encode() + b"\nstream\n" + packed + b"\nendstream"


def _file(objects: list[bytes]) -> bytes:
    made, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n" % number + one + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(made)}\n%%EOF\n"
    return made + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer.encode()
