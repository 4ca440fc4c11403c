"""What a person sees on a page and could do there: its links, and its forms with something plausible in them."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import html

#: What is written into a field by its name; ``{word}`` is a word of the writer's own desk.
WORDS: dict[str, tuple[str, ...]] = {
    "wording": ("The bridge of {word} carries 5,000 cars a day.",),
    "headline": ("No, far fewer cars pass {word}",),
    "short_answer": ("The road office of {word} counted 412 cars.",),
    "public_note": ("We had miscounted at {word}.",),
    "note": ("A doubt about {word}.", "It is settled at {word}."),
    "comment": ("Name the source of {word}.", ""),
    "made_on": ("2026-02", "2026-02-11", "2019"),
    "about": ("2025", "2024/2025"),
    "when": ("2026-03", ""),
    "published": ("2026-03-01", "", "2999-01-01", "soon"),
    "value": ("2026-03-01", "2025", "soon"),
    "source_date": ("2026-03-01", ""),
    "asked_at": ("2026-03-01T10:00",),
    "answered_at": ("2026-03-02T10:00", ""),
    "publish_at": ("2030-01-01T12:00", "2020-01-01T12:00"),
    "at": ("2030-01-01T12:00", "2020-01-01T12:00"),
    "url": ("https://roads.example/{word}", "", "http://127.0.0.1/"),
    "source_url": ("https://roads.example/{word}", ""),
    "quotation": ("The counter at {word} saw 412 cars that day.", "raised its fees", "eleven boats"),
    "what": ("Fees rose by 12 percent in {word} on 3 May 2025.", "https://courier.example/{word}", "  "),
    "email": ("new-{word}@desk.example", "otto@desk.example"),
    "time_zone": ("Europe/Oslo", "", "Mars/Base"),
    "editorial_approvals": ("0", "1", "2"),
    "legal_approvals": ("0", "1"),
    "days": ("30",),
}


@dataclass(frozen=True)
class Form:
    """One form of a page: where it goes, and what is in it already."""

    address: str
    method: str
    element: Any
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass
class Page:
    """A page that was read: where one can go from here."""

    address: str
    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)


def read(address: str, content: bytes, content_type: str) -> Page:
    """Read a page; anything but HTML leads nowhere."""
    page = Page(address)
    if "html" not in content_type or not content.strip():
        return page
    tree = html.document_fromstring(content)
    for link in tree.iterfind(".//a[@href]"):
        target = _own(address, str(link.get("href")))
        if target:
            page.links.append(target)
    for element in tree.iterfind(".//form"):
        target = _own(address, str(element.get("action") or address))
        if not target:
            continue
        plain = (element.get("method") or "get").lower()
        page.forms.append(Form(target, plain, element, _buttons(element)))
        for button in element.xpath(".//button[@formaction]"):
            page.forms.append(Form(_own(address, button.get("formaction")), plain, element))
    # What htmx sends without a form around it.
    for element in tree.xpath("//*[@hx-post][not(self::form)]"):
        page.forms.append(Form(_own(address, element.get("hx-post")), "post", element))
    page.forms = [form for form in page.forms if form.address]
    return page


def _own(here: str, address: str) -> str:
    """Return a path of this site, or nothing."""
    parts = urlsplit(urljoin(f"http://testserver{here}", address))
    if parts.scheme not in ("http", "https") or parts.hostname not in ("testserver", "127.0.0.1"):
        return ""
    if address.startswith("#"):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _buttons(element: Any) -> tuple[tuple[str, str], ...]:
    found = element.xpath(".//button[@name] | .//input[@type='submit' and @name]")
    return tuple((one.get("name"), one.get("value") or "") for one in found)


def fill(form: Form, dice: random.Random, word: str, evidence: list[int]) -> dict[str, Any]:
    """Return what a person might send: what stands there, choices at random, own words in the fields."""
    sent: dict[str, Any] = {}
    element = form.element
    for part in element.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]"):
        name, kind = part.get("name"), (part.get("type") or "text").lower()
        if part.get("disabled") is not None:
            continue
        if part.tag == "select":
            options = [one.get("value", one.text or "") for one in part.iterfind(".//option")]
            if options:
                sent[name] = dice.choice(options)
        elif part.tag == "textarea":
            standing = part.text or ""
            sent[name] = (
                standing if standing.strip() and dice.random() < 0.6 else _words(name, dice, word, evidence)
            )
        elif kind == "hidden":
            _also(sent, name, part.get("value") or "")
        elif kind in ("checkbox", "radio"):
            _tick(sent, name, part, kind, dice)
        elif kind == "file":
            if dice.random() < 0.2:
                words = f"The mill of {word} burned down in {dice.randrange(1900, 2000)}."
                sent[name] = SimpleUploadedFile("mill.txt", words.encode(), "text/plain")
        elif kind not in ("submit", "button", "image", "reset"):
            standing = part.get("value") or ""
            sent[name] = standing if standing and dice.random() < 0.7 else _words(name, dice, word, evidence)
    if form.buttons:
        name, value = dice.choice(form.buttons)
        sent[name] = value
    return sent


def _tick(sent: dict[str, Any], name: str, part: Any, kind: str, dice: random.Random) -> None:
    value = part.get("value") or "on"
    if kind == "checkbox":
        if dice.random() < (0.8 if part.get("checked") is not None else 0.5):
            _also(sent, name, value)
    elif name not in sent or dice.random() < 0.5:
        sent[name] = value


def _also(sent: dict[str, Any], name: str, value: str) -> None:
    if name not in sent:
        sent[name] = value
    elif isinstance(sent[name], list):
        sent[name].append(value)
    else:
        sent[name] = [sent[name], value]


def _words(name: str, dice: random.Random, word: str, evidence: list[int]) -> str:
    if name == "justification" or name == "point_answer":
        place = f" [e:{dice.choice(evidence)}]" if evidence and dice.random() < 0.9 else ""
        return f"The road office counts every car near {word}.{place}"
    chosen = dice.choice(WORDS.get(name, ("Words about {word}.", "", "12")))
    return chosen.replace("{word}", word)


_LONG = re.compile(r"\s+")


def shortened(sent: dict[str, Any]) -> str:
    """Return what was sent, for a message."""
    return _LONG.sub(
        " ", repr({name: value for name, value in sent.items() if name != "csrfmiddlewaretoken"})
    )[:600]
