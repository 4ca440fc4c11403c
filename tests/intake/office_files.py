"""Builds small Word and OpenDocument files by hand, so that the tests need no program that writes them."""

from __future__ import annotations

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
DRAW = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
META = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
DC = "http://purl.org/dc/elements/1.1/"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
ODT = "application/vnd.oasis.opendocument.text"


def packed(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            file.writestr(name, content, compress_type=method)
    return out.getvalue()


def paragraph(words: str) -> str:
    """Return one paragraph of Word, its words in one run."""
    return f"<w:p><w:r><w:t xml:space='preserve'>{words}</w:t></w:r></w:p>"


def docx(
    body: str,
    *,
    title: str = "",
    author: str = "",
    created: str = "",
    more: dict[str, str | bytes] | None = None,
    before: str = "",
) -> bytes:
    """Return a Word document whose body is this XML."""
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        f' xmlns:dc="{DC}" xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>{title}</dc:title>'
        f"<dc:creator>{author}</dc:creator><dcterms:created>{created}</dcterms:created>"
        "<dcterms:modified>2026-03-18T10:00:00Z</dcterms:modified></cp:coreProperties>"
    )
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<w:document xmlns:w="{W}" xmlns:mc="{mc}">'
        f"<w:body>{body}<w:sectPr/></w:body></w:document>"
    )
    parts: dict[str, str | bytes] = {"[Content_Types].xml": TYPES, "word/document.xml": document}
    return packed(parts | {"docProps/core.xml": core} | (more or {}))


def odt(
    body: str,
    *,
    title: str = "",
    author: str = "",
    created: str = "",
    more: dict[str, str | bytes] | None = None,
    before: str = "",
) -> bytes:
    """Return an OpenDocument text whose body is this XML."""
    spaces = f'xmlns:office="{OFFICE}" xmlns:text="{TEXT}" xmlns:table="{TABLE}" xmlns:draw="{DRAW}" xmlns:dc="{DC}"'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {spaces}><office:body><office:text>'
        f"{body}</office:text></office:body></office:document-content>"
    )
    meta = (
        f'<office:document-meta xmlns:office="{OFFICE}" xmlns:meta="{META}" xmlns:dc="{DC}"><office:meta>'
        f"<dc:title>{title}</dc:title><meta:initial-creator>{author}</meta:initial-creator>"
        f"<meta:creation-date>{created}</meta:creation-date><dc:date>2026-03-18T10:00:00</dc:date>"
        "</office:meta></office:document-meta>"
    )
    parts: dict[str, str | bytes] = {"mimetype": ODT, "content.xml": content, "meta.xml": meta}
    return packed(parts | {"META-INF/manifest.xml": "<manifest/>"} | (more or {}))
