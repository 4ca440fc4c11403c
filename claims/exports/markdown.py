"""Which HTML may people's Markdown become? Rendered without raw HTML, then cleaned to a short list of tags.

No images, no styles, no scripts: what people write can link and structure, nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from html import escape
from threading import local

import nh3
from markdown_it import MarkdownIt

from claims.exports.payload import Citation, Payload

_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "hr", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
_NUMBER = re.compile(r"\[(\d{1,4})\]")
_TEXT = re.compile(r"<[^>]*>|[^<]+")
# One renderer per thread: it is not made for being shared.
_threads = local()


def _renderer() -> MarkdownIt:
    found: MarkdownIt | None = getattr(_threads, "renderer", None)
    if found is None:
        found = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
        _threads.renderer = found
    return found


def render(text: str) -> str:
    """Return safe HTML; headings begin at level 3, because they stand inside a page that has its own."""
    renderer = _renderer()
    tokens = renderer.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 5)}"
    html = renderer.renderer.render(tokens, renderer.options, {})
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener nofollow"
    )


def link_citations(html: str, numbers: Collection[int], page: str = "") -> str:
    """Turn ``[1]`` in rendered HTML into a link to source 1 of ``page``; empty means the same page."""
    inside = 0

    def piece(match: re.Match[str]) -> str:
        nonlocal inside
        part = match[0]
        if part.startswith("<"):
            name = part.strip("</>").partition(" ")[0].lower()
            if name in ("a", "code", "pre"):
                inside += -1 if part.startswith("</") else 1
            return part
        return part if inside else _NUMBER.sub(link, part)

    def link(match: re.Match[str]) -> str:
        number = int(match[1])
        if number not in numbers:
            return match[0]
        return f'<a class="citation" href="{escape(page)}#source-{number}">[{number}]</a>'

    return _TEXT.sub(piece, html)


def justification(payload: Payload, page: str = "") -> str:
    """Return the reasoning of a check as HTML, its citations linked."""
    return link_citations(render(payload.justification), [c.number for c in payload.citations], page)


def feed_content(payload: Payload) -> str:
    """Return what a feed reader shows: rating, short answer, reasoning, sources."""
    rating = payload.rating
    parts = [
        f"<p><strong>{escape(rating.label)}</strong>: {escape(payload.wording)}</p>",
        f"<p>{escape(payload.short_answer)}</p>" if payload.short_answer else "",
        justification(payload, payload.url),
    ]
    for point in payload.points:
        parts.append(f"<h3>{escape(point.question)}</h3>{render(point.answer)}")
    if payload.not_found:
        parts.append(f"<p>{escape(payload.not_found)}</p>")
    if payload.citations:
        items = "".join(f"<li>{_source(cited)}</li>" for cited in payload.citations)
        parts.append(f"<ol>{items}</ol>")
    return "".join(parts)


def _source(cited: Citation) -> str:
    title = escape(cited.title or cited.url or cited.quotation[:80])
    text = f'<a href="{escape(cited.url)}">{title}</a>' if _safe(cited.url) else title
    rest = ", ".join(escape(part) for part in (cited.outlet, cited.published) if part)
    return f"{text}{f', {rest}' if rest else ''}"


def _safe(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))
