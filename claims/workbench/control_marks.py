"""How do people see the characters that cannot be seen? Every HTML answer passes here on its way out.

In text each becomes a marked sign with its name, and nothing is left that could reorder what follows. One code
point stands for one, so offsets counted in the page stay those of the stored text. Where no markup can stand
(titles of windows, choices, hints) the code point is written out; what a form sends back and where a link leads
stays the data it is, written as references. JSON, feeds, CSV and files are data and are left alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.html import escape
from django.utils.translation import gettext as _

from claims.language import control_characters as controls

_NAMED = 4

_TAG = re.compile(r"<!--.*?-->|<[a-zA-Z/!](?:\"[^\"]*\"|'[^']*'|[^'\">])*>", re.S)
_TAG_NAME = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"([^\s=<>\"'/]+)(\s*=\s*)(\"[^\"]*\"|'[^']*'|[^\s>]+)")
# What these attributes hold is sent, asked or looked up, never shown.
_DATA = re.compile(
    r"(?:value|href|src|srcset|action|formaction|id|name|for|class|pattern|hx-(?!confirm|prompt)\w+|data-autosave)\Z",
    re.I,
)
_PLAIN = frozenset({"title", "option"})
_SENT = frozenset({"textarea"})
_RAW = frozenset({"script", "style"})


class ControlMarksMiddleware:
    """Marks control and bidirectional characters in every HTML answer, whoever made it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        kind = response.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind != "text/html" or not isinstance(response, HttpResponse):
            return response
        if response.charset == "utf-8" and not controls.may_hold_any(response.content):
            return response
        html = response.content.decode(response.charset, "replace")
        if controls.CONTROL.search(html):
            response.content = marked_page(html).encode(response.charset, "xmlcharrefreplace")
            if response.has_header("Content-Length"):
                response["Content-Length"] = str(len(response.content))
        return response


def marked_page(html: str) -> str:
    """Return a page or a part of one with every such character marked or written as a reference."""
    parts: list[str] = []
    inside, at = "", 0
    for found in _TAG.finditer(html):
        tag = found.group()
        closing, element = _name(tag)
        if inside in _RAW | _SENT | {"json"} and not closing:
            continue
        parts += (_text(html[at : found.start()], inside), _tag(tag))
        at = found.end()
        if closing:
            inside = ""
        elif element == "script" and "json" in tag:
            inside = "json"
        elif element in _PLAIN | _SENT | _RAW:
            inside = element
    parts.append(_text(html[at:], inside))
    return "".join(parts)


def _name(tag: str) -> tuple[bool, str]:
    """Return whether the tag closes, and the name of its element; no name for comments."""
    named = _TAG_NAME.match(tag)
    return (bool(named.group(1)), named.group(2).lower()) if named else (False, "")


def _text(text: str, inside: str) -> str:
    if inside == "json":
        return controls.CONTROL.sub(_in_json, text)
    if inside in _SENT:
        return controls.CONTROL.sub(_reference, text)
    if inside in _PLAIN:
        return controls.in_words(text)
    return text if inside in _RAW else controls.CONTROLS.sub(_marked, text)


def _tag(tag: str) -> str:
    if not controls.CONTROL.search(tag):
        return tag
    if tag.startswith("<!"):
        return controls.in_words(tag)
    return controls.CONTROL.sub("", _ATTRIBUTE.sub(_attribute, tag))


def _attribute(found: re.Match[str]) -> str:
    name, equals, value = found.groups()
    if _DATA.match(name):
        return f"{name}{equals}{controls.CONTROL.sub(_reference, value)}"
    return f"{name}{equals}{controls.in_words(value)}"


def _marked(found: re.Match[str]) -> str:
    """Mark a run of such characters: one sign for each, and the names of the first ones."""
    run = found.group()
    names = [controls.name(one) for one in run[:_NAMED]]
    labels = [controls.label(one) for one in run[:_NAMED]]
    if len(run) > _NAMED:
        names.append(_("and %(count)d more") % {"count": len(run) - _NAMED})
        labels.append("…")
    title, short = escape("; ".join(names)), escape(" ".join(labels))
    return (
        f'<span class="ctrl" dir="ltr" title="{title}" data-ctrl="{short}">{controls.SIGN * len(run)}</span>'
    )


def _reference(found: re.Match[str]) -> str:
    point = ord(found.group())
    # References to these mean other characters, or nothing; a browser takes none of them for a mark of direction.
    return found.group() if point == 0 or 0x7F <= point <= 0x9F else f"&#x{point:X};"


def _in_json(found: re.Match[str]) -> str:
    return json.dumps(found.group())[1:-1]
