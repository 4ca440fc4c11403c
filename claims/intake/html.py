"""What does an HTML page say: its article's text, title, authors, site, and when it was published?

The text comes from trafilatura, on bytes that were fetched elsewhere; nothing here touches the network. Every
date is a suggestion with its evidence: a copyright year is never one, a date in the future neither. Refuses
pages without readable text.
"""

from __future__ import annotations

import copy
import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import lxml.html  # type: ignore[import-untyped]
from lxml import etree

from claims.intake.decode import clean, decode
from claims.intake.live import stamp_entries
from claims.intake.pagedate import published_date
from claims.intake.plain import require_size, require_text
from claims.intake.quoted import mark_quotations
from claims.intake.types import TEXT_LIMIT, Extracted, IntakeError
from claims.intake.whole_body import coverage, join_parts
from claims.net.addresses import canonical_url

#: Below this length trafilatura's answer for a short page is compared with its answer for short articles.
_SHORT = 1_500
_FEWEST_WORDS = 5
#: The share of a page's prose that may be missing without a word about it.
_MOST_MISSING = 0.1
#: Parts of a page that are not its text.
_NOT_READ = (
    "script",
    "style",
    "noscript",
    "template",
    "nav",
    "footer",
    "header",
    "aside",
    "form",
    "button",
    "select",
    "svg",
    "iframe",
    "title",
)


def extract(
    data: bytes,
    url: str | None = None,
    *,
    declared: str = "",
    today: date | None = None,
) -> Extracted:
    """Read the article of a page; ``declared`` is the charset of the header.

    Raises IntakeError ``no_article``, ``empty``, ``binary``, ``too_large`` or ``too_long``.
    """
    require_size(data)
    decoded = decode(data, declared, markup=True)
    # An XML declaration with an encoding makes lxml refuse text that is already decoded.
    source = re.sub(r"\A\s*<\?xml[^>]*\?>", "", decoded.text)
    tree = _parse(source)
    if tree is None:
        raise _no_article()
    notes = list(decoded.notes)
    language = _language(tree)
    page = _marked(tree, source, language)
    document, text = _article(page, url)
    if text and len(text) <= TEXT_LIMIT:
        document, text, left_out = _whole(page, url, document, text)
        notes += left_out
    if _words(text) < _FEWEST_WORDS:
        text = _all_paragraphs(tree)
        if _words(text) < _FEWEST_WORDS:
            raise _no_article()
        notes.append("No article was recognised on the page; this is all of its text.")
    text = clean(text)
    require_text(text)
    published, source_kind, evidence, odd = published_date(
        tree, source, url or "", today or datetime.now(UTC).date()
    )
    return Extracted(
        text=text,
        title=clean(_field(document, "title") or _meta(tree, "og:title") or _title(tree)),
        authors=_authors(_field(document, "author")),
        site=clean(_meta(tree, "og:site_name") or _field(document, "sitename")),
        language=language,
        published=published,
        published_source=source_kind,
        published_evidence=evidence,
        canonical_url=_canonical(tree, url),
        notes=(*notes, *odd),
        encoding=decoded.encoding,
        extractor=_version(),
    )


def _marked(tree: Any, source: str, language: str) -> str:
    """Return the page with what it only draws in words: marks of quotations, times of a live page's entries.

    As it came where it draws neither.
    """
    quotes = (
        re.search(r"<(?:q|blockquote)\b|\bclass=[^>]{0,200}?(?:quote|zitat)", source, re.IGNORECASE)
        is not None
    )
    if not quotes and not re.search(r"\blive|LiveBlogPosting|ticker|timeline|\blx-", source, re.IGNORECASE):
        return source
    drawn = copy.deepcopy(tree)
    etree.strip_tags(drawn, etree.Comment)
    marked = mark_quotations(drawn, language) if quotes else False
    stamped = stamp_entries(drawn, source)
    return _source(drawn) if marked or stamped else source


def _article(page: str, url: str | None) -> tuple[Any, str]:
    """Return the extractor's answer and its text."""
    document = _bare(page, url, short=False)
    text = _blocks(document)
    if len(text) < _SHORT:
        small = _bare(page, url, short=True)
        if 2 * len(again := _blocks(small)) >= len(text) and again:
            return small, again
    return document, text


def _whole(page: str, url: str | None, document: Any, text: str) -> tuple[Any, str, list[str]]:
    """Return the answer with the parts of a split body joined, and a note where prose of the page is missing."""
    tree = _parse(page)
    seen = coverage(tree, text)
    if seen.missing and join_parts(tree, seen):
        again, joined = _article(_source(tree), url)
        tree = _parse(page)
        whole = coverage(tree, joined)
        if len(whole.missing) < len(seen.missing) and len(whole.taken) > len(seen.taken):
            document, text, seen = again, joined, whole
    if seen.share_missing <= _MOST_MISSING:
        return document, text, []
    count = len(seen.missing)
    said = "1 paragraph of the page was" if count == 1 else f"{count} paragraphs of the page were"
    return (
        document,
        text,
        [f"{said} left out of this text. Compare it with the page, and paste what is missing."],
    )


def _source(tree: Any) -> str:
    return str(etree.tostring(tree, encoding="unicode", method="html"))


def _no_article() -> IntakeError:
    return IntakeError(
        "no_article",
        "There is no article on this page: no paragraphs of text were found. It may need a login or a"
        " script. Open"
        " it in a browser and paste the text.",
    )


@lru_cache(maxsize=1)
def _version() -> str:
    import trafilatura

    return f"trafilatura/{trafilatura.__version__}"


@lru_cache(maxsize=1)
def _short_config() -> Any:
    from trafilatura.settings import DEFAULT_CONFIG

    config = copy.deepcopy(DEFAULT_CONFIG)
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "20")
    return config


def _bare(source: str, url: str | None, *, short: bool) -> Any:
    """Ask trafilatura, without comments, links and dates; None where it finds nothing."""
    from trafilatura import bare_extraction

    options: dict[str, Any] = {"config": _short_config()} if short else {}
    try:
        return bare_extraction(
            source,
            url=url,
            with_metadata=True,
            include_comments=False,
            include_tables=True,
            # Dates are read in pagedate, with their evidence; a cut-off in the past keeps this one cheap.
            date_extraction_params={"extensive_search": False, "max_date": "1995-01-02"},
            **options,
        )
    except Exception:  # a parser of foreign pages may fail in any way; all of them mean "no article"
        return None


def _parse(source: str) -> Any:
    try:
        return lxml.html.document_fromstring(source, parser=lxml.html.HTMLParser(no_network=True))
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _blocks(document: Any) -> str:
    """Serialise trafilatura's tree: one block per paragraph, a blank line between blocks."""
    body = getattr(document, "body", None)
    if body is None:
        return ""
    blocks: list[str] = []
    _walk(body, blocks)
    text = "\n\n".join(block for block in blocks if block)
    # Items of one list belong together.
    return re.sub(r"(?<=\n)(- [^\n]*)\n\n(?=- )", r"\1\n", "\n" + text).lstrip("\n")


def _walk(node: Any, blocks: list[str]) -> None:
    for child in node:
        if not isinstance(child.tag, str):
            continue
        if child.tag == "item":
            if any(isinstance(one.tag, str) and one.tag == "list" for one in child):
                blocks.append(_flat(child.text or "", prefix="- "))
                _walk(child, blocks)
            else:
                blocks.append(_flat(_inline(child), prefix="- "))
        elif child.tag == "row":
            blocks.append(" | ".join(_flat(_inline(cell)) for cell in child))
        elif child.tag in ("p", "head", "ab", "code") or len(child) == 0:
            blocks.append(_flat(_inline(child)))
        else:
            if child.text and child.text.strip():
                blocks.append(_flat(child.text))
            _walk(child, blocks)
        if child.tail and child.tail.strip():
            blocks.append(_flat(child.tail))


def _inline(node: Any) -> str:
    parts = [node.text or ""]
    for child in node:
        if isinstance(child.tag, str):
            parts.append("\n" if child.tag == "lb" else _inline(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _flat(text: str, prefix: str = "") -> str:
    lines = [re.sub(r"[ \t\r\f\v]+", " ", line).strip(" ") for line in text.split("\n")]
    flat = "\n".join(line for line in lines if line)
    return prefix + flat if flat else ""


def _all_paragraphs(tree: Any) -> str:
    """Return the text of a page that is no article: what stands in its block elements, menus left out."""
    tree = copy.deepcopy(tree)
    etree.strip_elements(tree, *_NOT_READ, etree.Comment, with_tail=False)
    body = tree.find("body")
    if body is None:
        return ""
    blocks: list[str] = []
    for node in body.iter("p", "li", "h1", "h2", "h3", "h4", "blockquote", "pre", "td", "dd"):
        if node.find(".//p") is None:
            blocks.append(_flat(node.text_content().replace("\n", " ")))
    if not any(blocks):
        blocks = [_flat(body.text_content())]
    return "\n\n".join(block for block in blocks if block)


def _words(text: str) -> int:
    return len(re.findall(r"\w{2,}|[^\W\x00-\u2fff]", text))


def _field(document: Any, name: str) -> str:
    value = getattr(document, name, None) if document is not None else None
    return " ".join(value.split()) if isinstance(value, str) else ""


def _authors(value: str) -> tuple[str, ...]:
    names = [clean(" ".join(name.split())) for name in value.split(";")]
    return tuple(dict.fromkeys(name for name in names if name))


def _title(tree: Any) -> str:
    return " ".join((tree.findtext(".//title") or "").split())


def _meta(tree: Any, name: str) -> str:
    for attribute in ("property", "name"):
        for node in tree.iterfind(f".//meta[@{attribute}='{name}']"):
            if content := (node.get("content") or "").strip():
                return " ".join(content.split())
    return ""


def _language(tree: Any) -> str:
    root = tree.getroottree().getroot()
    value = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    value = value or _meta(tree, "og:locale")
    code = value.strip().lower().replace("_", "-").partition("-")[0]
    return code if re.fullmatch(r"[a-z]{2,3}", code) else ""


def _canonical(tree: Any, url: str | None) -> str:
    """Return the page's own idea of its address, where it names one on the same site, else the address asked.

    A canonical link to another host is how copies point at their original: interesting, but not this address.
    """
    from urllib.parse import urljoin, urlsplit

    own = _canonical_or_empty(url or "")
    for node in tree.iterfind(".//link[@rel='canonical']"):
        href = (node.get("href") or "").strip()
        try:
            named = _canonical_or_empty(urljoin(url or "", href)) if href else ""
        except ValueError:
            continue
        if not named:
            continue
        if not own or _site(urlsplit(named).hostname) == _site(urlsplit(own).hostname):
            return own if urlsplit(named).path in ("", "/") and urlsplit(own).path not in ("", "/") else named
    return own


def _site(host: str | None) -> str:
    name = host or ""
    for prefix in ("www.", "m.", "amp.", "mobile."):
        name = name.removeprefix(prefix)
    return name


def _canonical_or_empty(url: str) -> str:
    try:
        return canonical_url(url)
    except ValueError:
        return ""
