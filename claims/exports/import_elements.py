"""Where in a foreign file are its ClaimReviews? In a feed, a list, a graph, or inside the page they belong to.

Types may stand alone or in lists, in any order; objects of a graph may point at each other by ``@id``. Nothing
is passed over silently: what holds no ClaimReview comes out as what it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from claims.exports.loose_values import as_list, fields_of, first_of, kinds_of, text_of, url_of

#: How deep a ClaimReview may lie inside other objects; real pages need three.
DEEPEST = 12
_NO_FIELDS: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Element:
    """One object of a file and what is said around it; ``review`` is None where a feed's item holds nothing."""

    review: Any
    around: Mapping[str, Any]
    passed_over: bool = False


def elements(data: Any) -> Iterator[Element]:
    """Yield the objects of a parsed file in their order. Never raises, whatever the shape."""
    nodes: dict[str, Mapping[str, Any]] = {}
    _collect(data, nodes, 0)
    yield from _within(data, _NO_FIELDS, nodes, 0)


def is_review(row: Mapping[str, Any]) -> bool:
    """Return whether an object is a ClaimReview, by its types or, where it names none, by its claim."""
    kinds = kinds_of(row)
    return "claimreview" in kinds or (not kinds and "claimReviewed" in row)


def _within(
    data: Any, around: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]], depth: int
) -> Iterator[Element]:
    if isinstance(data, list):
        for one in data:
            yield from _within(one, around, nodes, depth)
        return
    if not isinstance(data, Mapping):
        packed = _packed(data) if depth < DEEPEST else None
        if packed is None:
            yield Element(data, around)
        else:
            yield from _within(packed, around, nodes, depth + 1)
        return
    row = fields_of(data)
    if is_review(row):
        review = _resolved(data, nodes, 2)
        if "claim" in around and not row.get("claimReviewed") and not row.get("itemReviewed"):
            review = {**review, "itemReviewed": around["claim"]}
        yield Element(review, around)
    elif "dataFeedElement" in row:
        yield from _within(as_list(row["dataFeedElement"]), around, nodes, depth + 1)
    elif "item" in row and "listitem" not in kinds_of(row):
        found = [one for one in as_list(row["item"]) if one is not None]
        if not found:
            yield Element(None, row)
        for one in found:
            yield from _item(one, row, nodes, depth + 1)
    else:
        yield from _inside(row, around, nodes, depth)


def _packed(data: Any) -> Any:
    """Return what a text holds that is a ClaimReview written as JSON once more; None where it is none."""
    if not isinstance(data, str) or "ClaimReview" not in data or data.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return json.loads(data, strict=False)
    except (ValueError, RecursionError):
        return None


def _item(
    one: Any, row: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]], depth: int
) -> Iterator[Element]:
    """Yield what a feed's item holds; an object without a type is taken for a ClaimReview and judged as one."""
    inner = list(_within(one, row, nodes, depth))
    if isinstance(one, Mapping) and not kinds_of(fields_of(one)) and all(e.passed_over for e in inner):
        inner = [Element(one, row)]
    yield from inner


def _inside(
    row: Mapping[str, Any], around: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]], depth: int
) -> Iterator[Element]:
    """Yield the ClaimReviews inside another object, such as the article they belong to; else the object itself."""
    here = {**around, **_said_around(row)}
    found = False
    # What is inside a graph has no page around it: its objects stand beside each other.
    inside = around if "@graph" in row else here
    if depth < DEEPEST:
        for name, value in row.items():
            if not isinstance(value, list | Mapping):
                continue
            graph = name == "@graph"
            for one in as_list(value):
                if not isinstance(one, list | Mapping):
                    continue
                for element in _within(one, inside, nodes, depth + 1):
                    if graph or not element.passed_over:
                        found = True
                        yield element
    if not found:
        yield Element(row, around, passed_over=True)


def _said_around(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an object says of the checks inside it: of a page its address and days, of a claim the claim."""
    if "claim" in kinds_of(row):
        return {"claim": {name: value for name, value in row.items() if name not in ("review", "reviews")}}
    said = {k: row[k] for k in ("url", "dateCreated", "dateModified", "datePublished") if k in row}
    if not text_of(said.get("url")) and "@graph" not in row:
        page = url_of(row.get("mainEntityOfPage")) or url_of(row.get("@id"))
        said |= {"url": page} if page and "#" not in page else {}
    return said


def _collect(data: Any, nodes: dict[str, Mapping[str, Any]], depth: int) -> None:
    """Note every object that has an ``@id`` and says more than it, so that references can be followed."""
    if depth > DEEPEST:
        return
    if isinstance(data, list):
        for one in data:
            _collect(one, nodes, depth + 1)
    elif isinstance(data, Mapping):
        name = data.get("@id")
        if isinstance(name, str) and len(data) > 1:
            nodes.setdefault(name, data)
        for value in data.values():
            if isinstance(value, list | Mapping):
                _collect(value, nodes, depth + 1)


def _resolved(
    data: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]], depth: int
) -> Mapping[str, Any]:
    """Return the object with the references in its fields replaced by what they point at, ``depth`` levels deep."""

    def follow(value: Any) -> Any:
        if isinstance(value, list):
            return [follow(one) for one in value]
        if not isinstance(value, Mapping):
            return value
        if set(value) == {"@id"}:
            value = nodes.get(str(value["@id"]), value)
        return _resolved(value, nodes, depth - 1) if depth else value

    if not nodes:
        return data
    return {key: follow(value) if isinstance(value, list | Mapping) else value for key, value in data.items()}


def page_of(around: Mapping[str, Any]) -> str:
    """Return the address of the page around an element, as it was given."""
    value = first_of(around.get("url"))
    return value if isinstance(value, str) else ""
