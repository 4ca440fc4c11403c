"""Builds tiny PDF files by hand, so that the tests need no program that writes them."""

from __future__ import annotations

import io

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
