"""What shape does a claim's wording have? One line that begins with a capital and ends like a sentence."""

from __future__ import annotations

from claims.intake.decode import clean


def one_sentence(text: str) -> str:
    """Return a wording as one line that begins with a capital and ends like a sentence."""
    line = " ".join(clean(text).split()).strip()
    if not any(character.isalnum() for character in line):
        return ""
    line = line[0].upper() + line[1:]
    line = line.rstrip(" ,;:–—-")
    closed = line.rstrip("\"'”’»)]")
    return line if closed.endswith((".", "!", "?", "…", "。", "！", "？")) else line + "."
