"""What does a web address hold? Asks the guarded client, reads the answer as page, PDF, text or feed.

Writes nothing. A refusal says whether asking again may help.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from claims.intake.types import Extracted, IntakeError, Item
from claims.net.addresses import Allow, canonical_url
from claims.net.errors import BadStatus, FetchError, TimedOut, Unreachable
from claims.net.fetch import Fetched, Limits, fetch

_FEEDS = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")


class FetchRefused(Exception):
    """The address cannot be taken in; the message is for a person. ``again`` where a retry may help."""

    def __init__(self, sentence: str, *, again: bool = False) -> None:
        super().__init__(sentence)
        self.again = again


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """One fetched address: its answer, and the document in it – or, for a feed, its entries."""

    fetched: Fetched
    extracted: Extracted | None
    items: tuple[Item, ...] = ()

    @property
    def media_type(self) -> str:
        return self.fetched.content_type[:100]


def known_address(url: str) -> str:
    """Return the address under which a page is remembered; raises FetchRefused where it is none."""
    text = url.strip()
    if len(text) > 2000:
        raise FetchRefused(_("The address is longer than 2,000 characters. Take out what follows the “?”."))
    try:
        return canonical_url(text)
    except ValueError:
        raise FetchRefused(
            _("This is not a complete web address. It begins with http:// or https:// and a host name.")
        ) from None


def allowed() -> Allow:
    """Return what the operator lets the client reach besides the public web."""
    try:
        return Allow.only(*settings.FETCH_ALLOW)
    except ValueError as error:
        raise FetchRefused(f"FACTCHECK_FETCH_ALLOW: {error}.") from error


def ask(url: str, *, accept: str = "") -> Fetched:
    """Fetch one address, whatever it holds; raises FetchRefused."""
    if not settings.OUTBOUND:
        raise FetchRefused(
            _("This installation fetches no addresses. Paste the text, or upload the page as a file.")
        )
    limits = Limits(wire=settings.BLOB_LIMIT, body=settings.BLOB_LIMIT)
    try:
        return fetch(
            url,
            user_agent=f"factcheck-workbench (+{settings.SITE_URL})",
            headers={"Accept": accept} if accept else None,
            limits=limits,
            allow=allowed(),
        ).ok()
    except BadStatus as error:
        raise FetchRefused(error.sentence, again=error.status == 429 or error.status >= 500) from error
    except (TimedOut, Unreachable) as error:
        raise FetchRefused(error.sentence, again=True) from error
    except FetchError as error:
        raise FetchRefused(error.sentence) from error


def read_address(url: str, *, now: dt.datetime) -> FetchedPage:
    """Fetch one address and read it; raises FetchRefused with a sentence for a person."""
    fetched = ask(url)
    try:
        return _read(fetched, now)
    except IntakeError as error:
        raise FetchRefused(error.sentence) from error


def _read(fetched: Fetched, now: dt.datetime) -> FetchedPage:
    from claims.intake.feed import read_feed
    from claims.intake.html import extract
    from claims.intake.upload import read_upload

    kind, today = fetched.content_type, now.date()
    beginning = fetched.body[:1024].lstrip().lower()
    if kind in _FEEDS or (kind.endswith("xml") and (b"<rss" in beginning or b"<feed" in beginning)):
        return FetchedPage(fetched, None, read_feed(fetched.body, content_type=kind, today=now).items)
    if kind in ("text/html", "application/xhtml+xml") or beginning.startswith((b"<!doctype html", b"<html")):
        return FetchedPage(
            fetched, extract(fetched.body, fetched.final_url, declared=fetched.charset, today=today)
        )
    upload = read_upload(_file_name(fetched), fetched.body, declared=fetched.charset, today=today)
    if len(upload.items) == 1:
        return FetchedPage(fetched, upload.items[0].extracted)
    return FetchedPage(fetched, None, upload.items)


def _file_name(fetched: Fetched) -> str:
    """Return a name whose ending says what the header says; without one, the address decides."""
    ending = {
        "application/pdf": ".pdf",
        "application/json": ".json",
        "text/csv": ".csv",
        "text/markdown": ".md",
        "text/plain": ".txt",
    }.get(fetched.content_type)
    path = fetched.final_url.partition("?")[0].partition("#")[0]
    return "page" + ending if ending else path.rpartition("/")[2]
