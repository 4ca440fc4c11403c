"""What a child process does with what others wrote: fetch an address, read bytes, find the claims of a text.

Module-level functions, called by ``claims.jobs.child``. Only pure rooms are imported, and only when they are
needed: the child stays small, and no web process loads parsers or weights.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claims.intake.checks.types import CheckFile
    from claims.intake.types import Extracted, IntakeError, Item, Upload
    from claims.net.addresses import Allow
    from claims.net.fetch import Fetched, Limits
    from claims.splitting.types import Split

_FEEDS = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")


def fetch_address(
    url: str,
    *,
    user_agent: str,
    headers: Mapping[str, str] | None,
    limits: Limits,
    allow: Allow,
    bare: bool = False,
) -> Fetched:
    """Ask one address with the guarded client; raises FetchError, for a status only where not ``bare``."""
    from claims.net.fetch import fetch

    fetched = fetch(url, user_agent=user_agent, headers=headers, limits=limits, allow=allow)
    return fetched if bare else fetched.ok()


def read_answer(fetched: Fetched, now: dt.datetime) -> tuple[Extracted | None, tuple[Item, ...]]:
    """Read a fetched body as page, feed or file: one document, or several items; raises IntakeError."""
    from claims.intake.feed import is_feed, read_feed
    from claims.intake.html import extract
    from claims.intake.upload import read_upload

    kind, today = fetched.content_type, now.date()
    beginning = fetched.body[:1024].lstrip().lower()
    if kind in _FEEDS or (kind.endswith(("xml", "json")) and is_feed(fetched.body)):
        return None, read_feed(fetched.body, content_type=kind, url=fetched.final_url, today=now).items
    if kind in ("text/html", "application/xhtml+xml") or beginning.startswith((b"<!doctype html", b"<html")):
        return extract(fetched.body, fetched.final_url, declared=fetched.charset, today=today), ()
    upload = read_upload(_file_name(fetched), fetched.body, declared=fetched.charset, today=today)
    if len(upload.items) == 1:
        return upload.items[0].extracted, ()
    return None, upload.items


def read_file(name: str, data: bytes, *, declared: str, today: dt.date) -> Upload:
    """Read an uploaded file; raises IntakeError."""
    from claims.intake.upload import read_upload

    return read_upload(name, data, declared=declared, today=today)


def read_outlet_feed(fetched: Fetched, now: dt.datetime) -> tuple[str, tuple[Item, ...]]:
    """Read a fetched body as a feed of articles: its title and entries; raises IntakeError.

    A page in its place is told with the feeds that it links.
    """
    from claims.intake.checks.pages import feeds_of, is_page
    from claims.intake.decode import decode
    from claims.intake.feed import is_feed, read_feed
    from claims.intake.types import IntakeError

    if not is_feed(fetched.body) and is_page(decode(fetched.body[:20_000], fetched.charset).text):
        linked = feeds_of(fetched.body, url=fetched.final_url, charset=fetched.charset)
        said = "This is a web page, not a feed."
        said += (
            f" It links: {', '.join(linked[:5])}" if linked else " It links none; look for “RSS” on the site."
        )
        raise IntakeError("no_items", said)
    feed = read_feed(fetched.body, content_type=fetched.content_type, url=fetched.final_url, today=now)
    return feed.title, feed.items


def read_checks(
    url: str, data: bytes, *, limit: int, **options: Any
) -> list[tuple[str, CheckFile | IntakeError]]:
    """Read fetched bytes as fact checks of others, file by file where they are packed; raises IntakeError."""
    from claims.intake.checks.files import read_files

    # What the address ends in says more than nothing.
    name = url.partition("?")[0].rpartition("/")[2] or "answer"
    return list(read_files(name, data, limit=limit, url=url, **options))


def find_claims(text: str, *, published: str, language: str, source: str) -> Split:
    """Split a text into what it asserts."""
    from claims.splitting import split

    return split(text, published=published or None, language=language or None, source=source)


def language_of(text: str) -> str:
    """Guess the language of a text; the model for that is large."""
    from claims.intake.language import guess_language

    return guess_language(text)


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
