"""What does a web address hold? Asks the guarded client, reads the answer as page, PDF, text or feed.

Writes nothing. A refusal says whether asking again may help.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.utils.translation import gettext as _

from claims.actions.documents import parsing
from claims.intake.types import Extracted, IntakeError, Item
from claims.jobs import child
from claims.net.addresses import Allow, canonical_url
from claims.net.errors import BadStatus, FetchError, TimedOut, Unreachable
from claims.net.fetch import Fetched, Limits

#: The whole request, with what a name server may take beside it.
FETCHING = child.ChildLimits(seconds=45, cpu=20, memory=400)
#: Reading one body; what takes longer is no article.
READING = child.ChildLimits(seconds=60, cpu=45, memory=700)


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


def ask(
    url: str, *, accept: str = "", headers: Mapping[str, str] | None = None, bare: bool = False
) -> Fetched:
    """Fetch one address, whatever it holds; raises FetchRefused.

    ``headers`` go to the first host alone. ``bare``: any status is an answer, also 304 and errors.
    """
    if not settings.OUTBOUND:
        raise FetchRefused(
            _("This installation fetches no addresses. Paste the text, or upload the page as a file.")
        )
    limits = Limits(wire=settings.BLOB_LIMIT, body=settings.BLOB_LIMIT)
    try:
        return child.run(
            partial(parsing.fetch_address, limits=limits),
            url,
            user_agent=f"factcheck-workbench (+{settings.SITE_URL})",
            headers={**({"Accept": accept} if accept else {}), **(headers or {})},
            bare=bare,
            allow=allowed(),
            limits=FETCHING,
        )
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
        extracted, items = child.run(parsing.read_answer, fetched, now, limits=READING)
    except IntakeError as error:
        raise FetchRefused(error.sentence) from error
    except child.ChildStopped as stopped:
        raise FetchRefused(unreadable(stopped)) from stopped
    return FetchedPage(fetched, extracted, items)


def unreadable(stopped: child.ChildStopped) -> str:
    """Return what a person reads where reading a file or page was stopped."""
    return _("It could not be read: %(why)s Paste the text, or save it in another format.") % {"why": stopped}
