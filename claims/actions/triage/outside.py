"""How does a claim come in that no article makes: from a broadcast, a post, a reader's letter?"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base, partial_dates
from claims.actions.claims import claimants
from claims.actions.claims.wording import one_sentence
from claims.actions.documents.analysis import put_in_place
from claims.actions.documents.coming import address_key, digest_of
from claims.actions.documents.fetching import FetchRefused, known_address
from claims.actions.documents.intake import add_file
from claims.actions.documents.storing import first_visible
from claims.actions.evidence.search import search_claim
from claims.actions.indexing.outbox import touch_index
from claims.actions.triage.decisions import new_claim
from claims.intake.decode import clean
from claims.jobs import rows
from claims.models import Appearance, Claim, Desk, Document, User

_LONGEST = 5_000


@transaction.atomic
def claim_without_article(
    *,
    actor: User,
    desk: Desk,
    quotation: str,
    who: str = "",
    where: str = "",
    when: str = "",
    url: str = "",
    file: tuple[str, bytes] | None = None,
    checks: str = Claim.Checks.CONTENT,
    wording: str | None = None,
    kind: str = "",
    why: str = "",
    now: dt.datetime | None = None,
) -> Claim:
    """Make a claim of what somebody said elsewhere: the words, who, where and when.

    A file and an address go into the archive by a job; where the words stand there letter by letter, the
    appearance gets its place.
    """
    now = now or timezone.now()
    base.require(actor, desk, *base.WORKERS, what=_("make claims"))
    quotation = clean(quotation).strip()
    if not any(character.isalnum() for character in quotation):
        raise base.Refused(_("Write the words that are to be checked."))
    if len(quotation) > _LONGEST:
        raise base.Refused(_("This is too long for one claim; quote the sentence that asserts it."))
    if checks not in Claim.Checks.values:
        raise base.Refused(_("Choose what is checked: the content, that it was said, or the exact wording."))
    made_on = partial_dates.past("made_on", when, now=now, what=_("The day it was said"))
    sentence = one_sentence(wording if wording and wording.strip() else quotation)
    if not sentence:
        raise base.Refused(_("Write the claim as one sentence."))
    address = ""
    if url.strip():
        try:
            address = known_address(url)
        except FetchRefused as error:
            raise base.Refused(str(error)) from error
    with base.gesture():
        document = None if file else _known(address, actor, desk)
        person = claimants.link(desk=desk, name=who, kind=kind, now=now)
        claim = new_claim(
            actor=actor,
            desk=desk,
            now=now,
            wording=sentence,
            wording_confirmed_by=actor if wording else None,
            wording_confirmed_at=now if wording else None,
            checks=checks,
            claimant=person,
            why=" ".join(clean(why).split())[:300],
            language=document.language if document else desk.language,
            made_on_typed=bool(made_on["made_on"]),
            **made_on,
        )
        row = Appearance.objects.create(
            desk=desk,
            document=document,
            quotation=quotation,
            locator=" ".join(clean(where).split())[:300],
            attribution=Appearance.Attribution.QUOTED if person else Appearance.Attribution.ARTICLE,
            claimant_text=person.name if person else "",
            claimant_kind=person.kind if person else "",
            wording=sentence,
            appeared_on=str(made_on["made_on"]),
            triage=Appearance.Triage.ACCEPTED,
            claim=claim,
            touched_by=actor,
            touched_at=now,
            provenance={"by": "person", **({"url": address} if address else {})},
            created_at=now,
        )
        if file:
            name, data = file
            purpose = {"appearance": row.pk}
            add_file(actor=actor, desk=desk, name=name, data=data, purpose=purpose, now=now)
        elif document is not None:
            put_in_place(row, list(document.captures.order_by("-number")[:1]))
        elif address and settings.OUTBOUND:
            rows.enqueue(
                "fetch",
                desk=desk,
                subject=address[:60],
                arguments={"url": address, "desk": desk.pk, "actor": actor.pk, "appearance": row.pk},
                dedupe_key=f"fetch:{desk.pk}:{digest_of(address)}:{row.pk}",
                now=now,
            )
        base.audit(
            "claim.added",
            claim,
            actor=actor,
            desk=desk,
            claim_id=claim.pk,
            after="queued",
            now=now,
            quotation=quotation,
            where=row.locator,
            url=address,
        )
        touch_index("claims", claim.pk)
        search_claim(actor=None, claim=claim, now=now)
    return claim


def _known(address: str, actor: User, desk: Desk) -> Document | None:
    if not address:
        return None
    return first_visible(
        Document.objects.for_desk(desk).filter(address_key=address_key(address)), actor, desk
    )
