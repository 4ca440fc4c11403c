"""Which fact checks does a web page name in its structured data? JSON-LD, microdata and RDFa.

Mends what often stands there: comments and CDATA around the JSON, commas before a bracket, several objects in
a row, line ends inside texts, relative addresses. A part that cannot be mended is told and stops no other.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urljoin

import lxml.html  # type: ignore[import-untyped]
from lxml import etree

from claims.exports.imports import ImportRefused, PassedOver, ReadElement, read_feed
from claims.intake.decode import decode
from claims.intake.loose_json import objects_in_a_row, read_loose

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/json")
_COMMA = re.compile(r',(\s*[}\]])|("(?:[^"\\]|\\.)*")', re.DOTALL)
_AROUND = re.compile(
    r"\A\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.{0,40}?\*/)|(?:-->|//\s*\]\]>|\]\]>|;)\s*\Z"
)
_ADDRESSES = ("url", "@id", "mainEntityOfPage", "image")
_DEEPEST = 30
#: So often one part of a page is fetched for an object and for those inside it.
_FETCHED = 4


def is_page(text: str) -> bool:
    """Tell whether a text begins as a web page does."""
    return re.match(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|script)\b",
                    text[:8_000], re.IGNORECASE | re.DOTALL) is not None  # fmt: skip


def read_page(data: bytes, *, url: str = "", charset: str = "", **when: Any) -> tuple[ReadElement, ...]:
    """Return the fact checks of a page; what else its structured data names is passed over and told.

    ``url`` is where the page was fetched: it stands in where a check names no address of its own.
    """
    tree = _tree(data, charset)
    if tree is None:
        return ()
    page = _own_address(tree, url)
    found: list[ReadElement] = []
    objects: list[Any] = []
    for number, script in enumerate(_scripts(tree), start=1):
        try:
            objects += [_absolute(one, page, 0) for one in _objects(script)]
        except (ValueError, RecursionError):
            found.append(
                ImportRefused(number, f"part {number} of the page's structured data is broken", None)
            )
    objects += [_absolute(one, page, 0) for one in (*_microdata(tree), *_rdfa(tree))]
    if not any("ClaimReview" in json.dumps(one, default=str) for one in objects):
        objects += [_absolute(one, page, 0) for one in _data_of_scripts(tree)]
    around = {"url": page} if page else {}
    if objects:
        # One graph: what one part says only by @id may stand in another.
        graph = {"@type": "WebPage", "@graph": objects}
        read = list(read_feed([{"item": [graph], **around}], **when))
        if any(not isinstance(one, PassedOver) for one in read):
            # A page says much beside its check: author, trail of links, the site itself.
            read = [one for one in read if not isinstance(one, PassedOver)]
        found += read
    return tuple(found)


def feeds_of(data: bytes, *, url: str = "", charset: str = "") -> tuple[str, ...]:
    """Return the addresses of the feeds that a page links as its own."""
    tree = _tree(data, charset)
    if tree is None:
        return ()
    found = [
        urljoin(url, link.get("href", ""))
        for link in tree.iter("link")
        if "alternate" in link.get("rel", "").lower().split() and link.get("type", "").lower() in _FEED_TYPES
    ]
    return tuple(dict.fromkeys(one for one in found if one.startswith(("http://", "https://"))))


def _tree(data: bytes, charset: str) -> Any:
    text = decode(data, charset, markup=True).text
    # An XML declaration in a text makes lxml refuse it.
    text = re.sub(r"\A\s*<\?xml[^>]*>", "", text)
    try:
        return lxml.html.document_fromstring(text, parser=lxml.html.HTMLParser(huge_tree=False))
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _own_address(tree: Any, url: str) -> str:
    for path in ("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"):
        for value in tree.xpath(path)[:1]:
            absolute = urljoin(url, str(value).strip())
            if absolute.startswith(("http://", "https://")):
                return absolute
    return url


def _scripts(tree: Any) -> Iterator[str]:
    for script in tree.iter("script"):
        kind = script.get("type", "").partition(";")[0].strip().lower()
        if kind == "application/ld+json" and (script.text or "").strip():
            yield script.text


def _data_of_scripts(tree: Any) -> Iterator[Any]:
    """Yield what a page carries for its own scripts, where a ClaimReview is in it and nowhere else."""
    for script in tree.iter("script"):
        kind = script.get("type", "").partition(";")[0].strip().lower()
        if kind == "application/json" and "ClaimReview" in (script.text or ""):
            try:
                yield from _objects(script.text)
            except (ValueError, RecursionError):
                continue


def _objects(source: str) -> list[Any]:
    """Return the objects of one script; raises ValueError where it is no JSON after all mending."""
    text = source.replace("\ufeff", "").strip()
    for _n in range(4):
        text = _AROUND.sub("", text).strip()
    tries = [text, _COMMA.sub(_without_comma, text)]
    if "&quot;" in text:
        tries.append(unescape(text))
    for one in tries:
        try:
            return objects_in_a_row(one)
        except ValueError:
            continue
    return read_loose(text)


def _without_comma(match: re.Match[str]) -> str:
    return match[2] if match[2] is not None else match[1]


def _absolute(value: Any, base: str, depth: int) -> Any:
    """Return an object with relative addresses of pages resolved; ``@id`` keeps its sign within the page."""
    if depth > _DEEPEST:
        return value
    if isinstance(value, list):
        return [_absolute(one, base, depth + 1) for one in value]
    if not isinstance(value, Mapping):
        return value
    return {
        key: urljoin(base, one.strip())
        if key in _ADDRESSES and isinstance(one, str) and base and re.match(r"\s*(?:/|\.\.?/)", one)
        else _absolute(one, base, depth + 1)
        for key, one in value.items()
    }


@dataclass(frozen=True, slots=True)
class _Marks:
    """By which attributes an object, its type, its name and its fields are written into a page."""

    scope: str
    kind: str
    name: str
    field: str


_ITEMS = _Marks("itemscope", "itemtype", "itemid", "itemprop")
_RDFA = _Marks("typeof", "typeof", "resource", "property")


def _microdata(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield the outermost objects written as microdata among which there is a ClaimReview."""
    for node in tree.xpath("//*[@itemscope][not(@itemprop)]"):
        if node.xpath("descendant-or-self::*[contains(@itemtype, 'ClaimReview')]"):
            yield _item(node, _ITEMS, tree, Counter(), 0)


def _rdfa(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield the outermost objects written as RDFa among which there is a ClaimReview."""
    for node in tree.xpath("//*[@typeof][not(@property)]"):
        if node.xpath("descendant-or-self::*[contains(@typeof, 'ClaimReview')]"):
            yield _item(node, _RDFA, tree, Counter(), 0)


def _item(node: Any, marks: _Marks, tree: Any, fetched: Counter[str], depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": re.split(r"[/:#]", node.get(marks.kind, "").split(" ")[0].rstrip("/"))[-1]
    }
    if node.get(marks.name):
        found["@id"] = node.get(marks.name)
    # What belongs to an object may stand elsewhere in the page. Such parts may name each other in a circle.
    names = [one for one in dict.fromkeys(node.get("itemref", "").split()) if fetched[one] < _FETCHED]
    fetched.update(names)
    elsewhere = [tree.get_element_by_id(name, None) for name in names]
    stack = [one for one in reversed([*node, *elsewhere]) if one is not None]
    while stack:
        one = stack.pop()
        if not isinstance(one.tag, str):
            continue
        names = [name.rpartition(":")[2] for name in one.get(marks.field, "").split()]
        inner = one.get(marks.scope) is not None
        if names:
            value = _item(one, marks, tree, fetched, depth + 1) if inner and depth < _DEEPEST else _value(one)
            for name in names:
                found.setdefault(name, []).append(value)
        if not inner:
            stack.extend(reversed(one))
    return {
        key: value[0] if isinstance(value, list) and len(value) == 1 else value
        for key, value in found.items()
    }


def _value(node: Any) -> str:
    for name in ("content", "datetime", "href", "src", "data", "value"):
        if node.get(name) is not None:
            return str(node.get(name))
    return " ".join(str(node.text_content()).split())
