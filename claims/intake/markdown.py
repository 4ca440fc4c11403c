"""What does a Markdown file say, as plain paragraphs? Front matter gives title, author and date."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from claims.intake.partial import day_written, parse_partial
from claims.intake.plain import require_text
from claims.intake.quoted import signed_quotation
from claims.intake.types import Extracted, IntakeError, PublishedSource

_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_KEY = re.compile(r"^([A-Za-z_]+)[ \t]*:[ \t]*(.+?)[ \t]*$", re.MULTILINE)


def extract_markdown(source: str) -> Extracted:
    """Return the text without marks: a block per paragraph, list items with a dash, links as their words."""
    # Marks are few beside the words: what is too long as source is not parsed at all.
    require_text(source)
    fields: dict[str, str] = {}
    if match := _FRONT.match(source):
        fields = {k.lower(): v.strip("\"'") for k, v in _KEY.findall(match[1])}
        source = source[match.end() :]
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(source)
    title, blocks = fields.get("title", ""), list(_blocks(tokens))
    if not title:
        title = next((text for kind, text in blocks if kind == "h1"), "")
    text = ""
    for n, (kind, block) in enumerate(blocks):
        together = n and kind == blocks[n - 1][0] and kind in ("li", "row")
        text += ("\n" if together else "\n\n" if n else "") + block
    require_text(text)
    published, notes = _date(fields)
    return Extracted(
        text=text,
        title=title,
        authors=tuple(a for a in (fields.get("author", ""),) if a),
        published=published,
        published_source=PublishedSource.METADATA if published else PublishedSource.UNKNOWN,
        published_evidence="date in the front matter" if published else "",
        notes=notes,
        extractor="markdown/1",
    )


def _date(fields: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    value = fields.get("date") or fields.get("published") or ""
    if not value:
        return "", ()
    try:
        return parse_partial(day_written(value)).value, ()
    except IntakeError:
        return "", (f"The date in the front matter, “{value}”, could not be read.",)


def _blocks(tokens: Sequence[Token]) -> list[tuple[str, str]]:
    blocks: list[tuple[str, str]] = []
    kind, cells, in_item = "p", [], 0  # type: str, list[str], int
    quoted: list[tuple[str, str]] | None = None
    for token, before in zip(tokens, ["", *(one.type for one in tokens)], strict=False):
        if token.type == "blockquote_open" and token.level == 0:
            # What a block quotation holds is collected, and comes out in marks.
            quoted, blocks = blocks, []
        elif token.type == "blockquote_close" and token.level == 0 and quoted is not None:
            inside, blocks, quoted = blocks, quoted, None
            plain = all(one == "p" for one, _ in inside)
            lines = [line for _, text in inside for line in text.split("\n")]
            blocks += [("p", text) for text in signed_quotation(lines)] if plain else inside
        elif token.type == "heading_open":
            kind = token.tag
        elif token.type == "list_item_open":
            in_item += 1
        elif token.type == "list_item_close":
            in_item -= 1
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            blocks.append(("row", " | ".join(cells)))
        elif token.type == "inline":
            text = _inline(token.children or [])
            if not text:
                continue
            if before in ("td_open", "th_open"):
                cells.append(text)
            elif in_item:
                blocks.append(("li", "- " + text))
            else:
                blocks.append((kind, text))
            kind = "p"
        elif token.type in ("fence", "code_block") and token.content.strip():
            blocks.append(("code", token.content.rstrip()))
    return blocks


def _inline(children: Sequence[Token]) -> str:
    parts = []
    for child in children:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n")
        elif child.type == "image":
            parts.append(child.content)
    return "".join(parts).strip()
