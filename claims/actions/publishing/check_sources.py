"""What fact checks does an address hold? Asks it, page by page where it has several, and reads the answers.

Writes nothing. What a stranger's server sends is fetched and read in a child with limits of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.documents import parsing
from claims.actions.documents.fetching import READING, FetchRefused, ask, unreadable
from claims.intake.checks.types import CheckFile
from claims.intake.types import IntakeError
from claims.jobs import child
from claims.net.fetch import Fetched

ACCEPT = "application/json, application/ld+json, application/feed+json, text/html;q=0.8, */*;q=0.5"
GOOGLE = "factchecktools.googleapis.com"


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """What one address or file holds, or the sentence why it cannot be read.

    ``whole_pages``: where it names a page, it names all checks of that page.
    """

    source: str
    read: CheckFile | IntakeError

    @property
    def whole_pages(self) -> bool:
        """Search results name one check of a page and may leave out the others."""
        return isinstance(self.read, CheckFile) and self.read.shape != "Google's API"


def headers_for(url: str) -> dict[str, str]:
    """Return what goes with a request to this address; a key stands in no address, since addresses are logged."""
    host = (urlsplit(url).hostname or "").lower()
    return {"X-Goog-Api-Key": settings.GOOGLE_KEY} if host == GOOGLE and settings.GOOGLE_KEY else {}


def read_apart(
    name: str, body: bytes, *, columns: Mapping[str, str] | None = None, now: dt.datetime, **told: str
) -> list[tuple[str, CheckFile | IntakeError]]:
    """Read a file or answer in a child process with limits; raises IntakeError, also where that is stopped.

    ``told`` is what a server said of it: its type and character set.
    """
    try:
        return child.run(
            parsing.read_checks,
            name,
            body,
            columns=dict(columns or {}),
            fetched_at=now,
            limit=settings.BLOB_LIMIT * 4,
            limits=READING,
            **told,
        )
    except child.ChildStopped as stopped:
        raise IntakeError("stopped", unreadable(stopped)) from stopped


def read_answer(
    fetched: Fetched, *, columns: Mapping[str, str] | None = None, now: dt.datetime
) -> list[tuple[str, CheckFile | IntakeError]]:
    """Read one fetched body in a child process; raises FetchRefused where that is stopped."""
    told = {"content_type": fetched.content_type, "charset": fetched.charset}
    try:
        return read_apart(fetched.final_url, fetched.body, columns=columns, now=now, **told)
    except IntakeError as error:
        raise FetchRefused(error.sentence) from error


def ask_checks(
    url: str,
    *,
    most: int = 50,
    columns: Mapping[str, str] | None = None,
    follow: bool = False,
    first: Fetched | None = None,
    now: dt.datetime | None = None,
) -> Iterator[CheckAnswer]:
    """Yield what an address holds and, where its answer leads on, the pages after it, at most ``most``.

    ``first`` is the answer to the first request where it was asked already. Raises FetchRefused for the first
    page; a later one that fails comes out as an answer that says so.
    """
    now = now or timezone.now()
    seen: set[str] = set()
    current = url
    while current and current not in seen and len(seen) < most:
        seen.add(current)
        try:
            fetched = (
                first
                if first is not None and current == url
                else ask(current, accept=ACCEPT, headers=headers_for(current))
            )
            found = read_answer(fetched, columns=columns, now=now)
        except FetchRefused as refusal:
            if current == url:
                raise
            yield CheckAnswer(_short(current), IntakeError("broken", str(refusal)))
            return
        following = ""
        for name, read in found:
            yield CheckAnswer(_short(current) if len(found) == 1 else name, read)
            if isinstance(read, CheckFile):
                following = read.next_url or (_with_token(url, read.next_token) if read.next_token else "")
                if follow and read.links:
                    yield from ask_pages([link.url for link in read.links[:most]], now=now)
        if following and urlsplit(following).hostname != urlsplit(url).hostname:
            said = _("The next page is on another site and was not asked.")
            yield CheckAnswer(_short(following), IntakeError("broken", said))
            return
        current = following
    if current and current not in seen:
        said = _("There are more pages; the first %(n)d were read.") % {"n": most}
        yield CheckAnswer(_short(current), IntakeError("too_large", said))


def ask_pages(urls: Sequence[str], *, now: dt.datetime | None = None) -> Iterator[CheckAnswer]:
    """Yield what each of these pages holds; one that cannot be fetched says why and stops no other."""
    for url in urls:
        try:
            fetched = ask(url, accept="text/html, */*;q=0.5", headers=headers_for(url))
            for _name, read in read_answer(fetched, now=now or timezone.now()):
                if isinstance(read, CheckFile) and not read.found:
                    read = IntakeError("no_items", _("There is no fact check in the data of this page."))
                yield CheckAnswer(_short(url), read)
        except FetchRefused as refusal:
            yield CheckAnswer(_short(url), IntakeError("broken", str(refusal)))


def _with_token(url: str, token: str) -> str:
    parts = urlsplit(url)
    query = [
        (k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k not in ("pageToken", "offset")
    ]
    return urlunsplit(parts._replace(query=urlencode([*query, ("pageToken", token)])))


def _short(url: str) -> str:
    """Return an address as it may be shown: a key in it is nobody's business."""
    parts = urlsplit(url)
    query = [
        (k, v)
        for k, v in parse_qsl(parts.query, keep_blank_values=True)
        if k.lower() not in ("key", "access_token")
    ]
    return urlunsplit(parts._replace(query=urlencode(query)))
