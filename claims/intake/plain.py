"""What text did a person type or paste, and how long may any text be?

A form field is not stripped: what was pasted is what offsets mean. Only line ends are folded, because
browsers send CRLF for every one of them.
"""

from __future__ import annotations

from claims.intake.decode import clean, refuse_binary
from claims.intake.types import BYTES_LIMIT, TEXT_LIMIT, Extracted, IntakeError
from claims.spoken import gettext as _


def pasted(field: str, *, title: str = "") -> Extracted:
    """Take the text of a form field; raises IntakeError ``empty``, ``too_large``, ``too_long`` or"
    " ``binary``."""
    text = clean(field.replace("\r\n", "\n").replace("\r", "\n"))
    require_text(text)
    refuse_binary(text)
    return Extracted(text=text, title=title.strip(), extractor="plain/1")


def require_size(data: bytes) -> None:
    """Refuse no bytes and more bytes than are read."""
    if not data:
        raise IntakeError("empty", _("The file is empty. Choose another one, or paste the text."))
    if len(data) > BYTES_LIMIT:
        raise IntakeError(
            "too_large",
            _(
                "The file has %(n)s MB; up to %(bytes_limit)s MB are read. Take out pictures, or add the "
                "part that matters."
            )
            % {"n": f"{len(data) / 1024 / 1024:.1f}", "bytes_limit": BYTES_LIMIT // 1024 // 1024},
        )


def require_text(text: str) -> None:
    """Refuse a text without a visible character, and one longer than is analysed."""
    if not any(c.isalnum() for c in text):
        raise IntakeError("empty", _("There is no text in it. Paste the article, or add its address."))
    # Bytes first: five megabytes deserve their own sentence. A code point has at most four.
    if len(text) > BYTES_LIMIT // 4 and len(text.encode("utf-8", "replace")) > BYTES_LIMIT:
        raise IntakeError(
            "too_large",
            _("The text is larger than %(bytes_limit)s MB. Paste the part that matters.")
            % {"bytes_limit": BYTES_LIMIT // 1024 // 1024},
        )
    if len(text) > TEXT_LIMIT:
        raise IntakeError(
            "too_long",
            _(
                "The text has %(n)s characters; up to %(text_limit)s are read as one document. Add it in "
                "parts."
            )
            % {"n": f"{len(text):,}", "text_limit": f"{TEXT_LIMIT:,}"},
        )
