"""How does a reader without an account reach the desk? One message, bounded, with no trace of the network it came by.

It refuses what holds nothing to read, what is too long to be read, and more than people could answer.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.documents.fetching import FetchRefused, known_address
from claims.intake.decode import clean
from claims.models import Desk, FactCheck, ReaderMessage

LONGEST = 5_000
#: Open messages of one desk beyond which no further one is taken: nobody reads as many.
MOST_OPEN = 2_000


@transaction.atomic
def receive_message(
    *,
    actor: None = None,
    desk: Desk,
    kind: str,
    words: str,
    url: str = "",
    name: str = "",
    reply_to: str = "",
    check: str = "",
    now: dt.datetime | None = None,
) -> ReaderMessage:
    """Store what a reader wrote; ``check`` is the public id of the fact check it is about.

    A message that says the same as an open one of the same desk is that one. Raises Refused.
    """
    now = now or timezone.now()
    if kind not in ReaderMessage.Kind.values:
        raise base.Refused(_("Choose what your message is about."))
    words = clean(words).replace("\r\n", "\n").strip()
    if sum(character.isalnum() for character in words) < 3:
        raise base.Refused(_("Write what should be checked, or what is wrong."))
    if len(words) > LONGEST:
        raise base.Refused(
            _("Your message has %(n)d characters; %(most)d is the most. Write what matters most.")
            % {"n": len(words), "most": LONGEST}
        )
    address = _address(url)
    about = None
    if check:
        about = FactCheck.objects.published().filter(desk=desk, public_id=check).first()
        if about is None:
            raise base.Refused(_("There is no such fact check here. Leave the number of the check empty."))
    if kind == ReaderMessage.Kind.COMPLAINT and about is None and not address:
        raise base.Refused(_("Say which fact check you mean: its address, or its number at the end of it."))
    waiting = ReaderMessage.objects.open().filter(desk=desk)
    same = waiting.filter(kind=kind, words=words, url=address, factcheck=about).first()
    if same is not None:
        return same
    if waiting.count() >= MOST_OPEN:
        raise base.Refused(
            _("So many messages wait that we can take no further one now. Please write later.")
        )
    due = now + dt.timedelta(days=settings.COMPLAINT_DAYS) if kind == ReaderMessage.Kind.COMPLAINT else None
    message = ReaderMessage.objects.create(
        desk=desk,
        kind=kind,
        words=words,
        url=address,
        name=" ".join(clean(name).split())[:200],
        reply_to=clean(reply_to).strip()[:254],
        factcheck=about,
        answer_by=due,
        created_at=now,
    )
    base.audit("reader_message.received", message, actor=None, desk=desk, after=kind, now=now)
    return message


def _address(url: str) -> str:
    if not url.strip():
        return ""
    try:
        return known_address(url)
    except FetchRefused as error:
        raise base.Refused(str(error)) from error
