"""Is the text that was taken from a page all of its article? Joins bodies that adverts split, counts what is missing.

The extractor keeps the first element that it takes for the body. Where the page goes on in elements of the same make,
they are moved into that one, in the page's order. Everything else that was left out is only counted: what a page says
beside its article is no part of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

_FRAME = frozenset(
    {
        "nav", "footer", "aside", "header", "form", "figure", "script", "style", "noscript", "template", "button",
        "select", "svg", "iframe", "table", "blockquote", "dialog",
    }
)  # fmt: skip
_HOLDERS = ("p", "div", "section", "article", "main", "td", "li")
#: Parts of a page that are beside its article, by how they are named.
_BESIDE = re.compile(
    r"comment|disqus|respond|relat|recommend|read-?more|more-(?:from|on|stories)|side-?bar|widget|promo|newsletter"
    r"|subscri|sign-?up|footer|cookie|consent|gdpr|banner|modal|popup|share|social|bio\b|about-(?:the-)?author|teaser"
    r"|\bcards?\b|most-(?:read|popular)|popular|trending|latest|caption|credit|disclaimer|copyright|menu|\bnav|toolbar"
    r"|breadcrumb|advert|sponsor|\bads?\b|ad-(?:slot|unit)|legal|terms|\btags?\b|outbrain|taboola|paywall|login|correction"
    r"|byline|dateline|\bmeta\b|summary|standfirst|abstract|excerpt|hidden|screen-reader|visually",
    re.IGNORECASE,
)
_BODYLIKE = re.compile(
    r"body|content|text|story|article|paragraph|chunk|segment|entry|post|prose|copy", re.IGNORECASE
)
_FEWEST_WORDS = 8
#: No article has more; a page that has is compared as far as this.
_MOST_PARAGRAPHS = 3_000
_FEWEST_IN_PART = 15


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the page's prose: its element, how many words it has, and its letters alone."""

    node: Any
    words: int
    letters: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """The prose of a page, taken and missing, in the page's order."""

    taken: tuple[Paragraph, ...]
    missing: tuple[Paragraph, ...]

    @property
    def share_missing(self) -> float:
        """The missing words as a share of all."""
        gone, kept = (sum(one.words for one in part) for part in (self.missing, self.taken))
        return gone / (gone + kept) if gone + kept else 0.0


def coverage(tree: Any, text: str) -> Coverage:
    """Compare the running paragraphs of a page with the text that was taken from it."""
    letters = _letters(text)
    taken: list[Paragraph] = []
    missing: list[Paragraph] = []
    for one in islice(_prose(tree), _MOST_PARAGRAPHS):
        (taken if _holds(letters, one.letters) else missing).append(one)
    above = _ancestors(one.node for one in taken)
    missing = [one for one in missing if not _is_beside(one.node, above)]
    return Coverage(tuple(taken), tuple(missing))


def join_parts(tree: Any, seen: Coverage) -> bool:
    """Move the parts of a split body into the one that was taken; say whether there were any. Changes the tree."""
    body = _body(seen.taken)
    if body is None:
        return False
    above = _ancestors(one.node for one in seen.taken)
    makes = {_make(one.node) for one in seen.taken if one.node is body or body in one.node.iterancestors()}
    parts: dict[Any, list[Paragraph]] = {}
    for one in seen.missing:
        part = _part(one.node, above)
        # What lies inside the body was looked at there and left out.
        if part is not None and body not in part.iterancestors():
            parts.setdefault(part, []).append(one)
    order = {node: at for at, node in enumerate(tree.iter())}
    before: list[Any] = []
    after: list[Any] = []
    for part in sorted(parts, key=lambda node: order[node]):
        rows = parts[part]
        if sum(one.words for one in rows) >= _FEWEST_IN_PART and _goes_on(part, rows, makes, body):
            (before if order[part] < order[body] else after).append(part)
    for part in after:
        part.tail = None
        body.append(part)
    for at, part in enumerate(before):
        part.tail = None
        body.insert(at, part)
    return bool(before or after)


def _goes_on(part: Any, rows: list[Paragraph], makes: set[tuple[str, frozenset[str]]], body: Any) -> bool:
    """Tell whether a part is of the same make as the body, in the same article, and no article of its own."""
    if part.tag == "h1" or part.find(".//h1") is not None or _linked_share(part) > 0.4:
        return False
    own = _article_of(body)
    if own is not None and own not in part.iterancestors() and not (part.tag == own.tag == "article"):
        return False
    if part.tag == "article" and (
        part.find(".//header") is not None or part.find(".//h2//a[@href]") is not None
    ):
        return False
    (make, _count), *_ = Counter(_make(one.node) for one in rows).most_common(1)
    tag, names = make
    for other_tag, other_names in makes:
        if names and (names == other_names or _share_body_name(names, other_names)):
            return True
        if not names and not other_names and tag == other_tag and _same_place(part, body):
            return True
    return False


def _share_body_name(names: frozenset[str], others: frozenset[str]) -> bool:
    return any(_BODYLIKE.search(name) for name in names & others)


def _same_place(part: Any, body: Any) -> bool:
    """Tell whether two elements without names stand side by side."""
    return part.getparent() is not None and part.getparent() is body.getparent() and part.tag == body.tag


def _body(taken: tuple[Paragraph, ...]) -> Any:
    """Return the smallest element with nearly all words that were taken."""
    whole = sum(one.words for one in taken)
    held: Counter[Any] = Counter()
    for one in taken:
        for node in one.node.iterancestors():
            held[node] += one.words
    fitting = [node for node, words in held.items() if 10 * words >= 9 * whole]
    return max(fitting, key=lambda node: sum(1 for _ in node.iterancestors()), default=None)


def _article_of(node: Any) -> Any:
    found = node if node.tag == "article" else None
    for parent in node.iterancestors("article"):
        found = parent
    return found


def _part(node: Any, above: set[Any]) -> Any:
    """Return the largest element around a paragraph that holds nothing that was taken."""
    part = None
    while node is not None and node not in above:
        part, node = node, node.getparent()
    return part


def _make(node: Any) -> tuple[str, frozenset[str]]:
    """Return how the element around a paragraph is made: its tag and names, without what numbers it."""
    holder = node.getparent() if node.tag in ("p", "li") and node.getparent() is not None else node
    named = " ".join(holder.get(name, "") for name in ("class", "itemprop", "id", "data-component"))
    names = (re.sub(r"[-_]*\d+", "", name).lower() for name in named.split())
    return str(holder.tag), frozenset(
        name for name in names if name and name not in ("first", "last", "odd", "even", "intro", "clearfix")
    )


def _prose(tree: Any) -> Iterator[Paragraph]:
    """Yield the running paragraphs of a page: elements with enough words of their own, few of them links."""
    for node in tree.iter(*_HOLDERS):
        if any(parent.tag in _FRAME for parent in node.iterancestors()):
            continue
        if node.tag == "li" and _linked_share(node) > 0.3:
            continue
        own = node.text_content() if node.tag == "p" else _own_text(node)
        words = len(own.split())
        if words >= _FEWEST_WORDS and (node.tag != "p" or _linked_share(node) <= 0.5):
            yield Paragraph(node, words, _letters(own))


def _own_text(node: Any) -> str:
    """Return the text of an element itself and of what is set inside its lines, not of blocks inside it."""
    pieces = [node.text or ""]
    for one in node:
        if isinstance(one.tag, str) and one.tag in (
            "a",
            "b",
            "i",
            "em",
            "strong",
            "span",
            "q",
            "abbr",
            "u",
            "mark",
        ):
            pieces.append(one.text_content())
        pieces.append(one.tail or "")
    return " ".join(pieces)


def _linked_share(node: Any) -> float:
    whole = len("".join(node.itertext()).split())
    return sum(len(one.text_content().split()) for one in node.iter("a")) / whole if whole else 0.0


def _is_beside(node: Any, above: set[Any]) -> bool:
    """Tell whether a missing paragraph stands in a part of the page that is no part of the article."""
    while node is not None and node not in above:
        if _BESIDE.search(f"{node.get('class', '')} {node.get('id', '')} {node.get('role', '')}"):
            return True
        if node.get("aria-hidden") == "true" or node.get("hidden") is not None:
            return True
        node = node.getparent()
    return False


def _ancestors(nodes: Iterator[Any]) -> set[Any]:
    found: set[Any] = set()
    for node in nodes:
        while node is not None and node not in found:
            found.add(node)
            node = node.getparent()
    return found


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def _holds(letters: str, paragraph: str) -> bool:
    """Tell whether a paragraph is in a text, by its beginning and its end: inside, the extractor may tidy."""
    return paragraph in letters or (paragraph[:60] in letters and paragraph[-60:] in letters)
