"""How do fact checks of other publishers come in? One ClaimReview at a time, with its raw object.

They are found like our own and never published by us. Refuses what is no usable fact check; a changed one
becomes its next release, an unchanged one nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.publishing import releases
from claims.actions.publishing.labels import label_for
from claims.actions.publishing.payload import columns, restated
from claims.exports.google import publisher_site
from claims.exports.imports import Imported, NotAReview, read_claimreview
from claims.exports.loose_values import storable
from claims.exports.payload import Payload
from claims.models import Desk, FactCheck, User
from claims.models.fields import key_of
from claims.net.addresses import page_identity
from claims.vocabulary import CheckStatus, ReleaseKind


def import_factcheck(
    *,
    actor: User | None,
    desk: Desk,
    raw: Mapping[str, Any],
    page_url: str = "",
    created: str = "",
    modified: str = "",
    now: dt.datetime | None = None,
) -> FactCheck:
    """Store one ClaimReview of another publisher; a changed one becomes its next release, a known one none.

    Raises Refused where the object is no usable fact check. ``actor=None`` is a command or a feed reader.
    """
    return take_in(
        actor=actor, desk=desk, raw=raw, page_url=page_url, created=created, modified=modified, now=now
    )[0]


@transaction.atomic
def take_in(
    *,
    actor: User | None,
    desk: Desk,
    raw: Mapping[str, Any],
    page_url: str = "",
    created: str = "",
    modified: str = "",
    alone: bool = False,
    stated: dt.datetime | None = None,
    now: dt.datetime | None = None,
) -> tuple[FactCheck, str]:
    """Do what ``import_factcheck`` says, and tell what it was: ``new``, ``changed``, ``unchanged`` or ``older``.

    ``alone``: its page holds no other check. Then it takes the place of the one check known from that page also
    where its wording was corrected. ``stated`` is when its publisher says it was last changed, where they do: a
    state older than the one that is stored changes nothing.
    """
    now = now or timezone.now()
    if actor is not None:
        base.require(actor, desk, *base.WORKERS, what=_("import fact checks"))
    try:
        found = read_claimreview(raw, page_url=page_url, created=created, modified=modified, fetched_at=now)
    except NotAReview as problem:
        raise base.Refused(_("This cannot be imported: %(problem)s.") % {"problem": problem}) from problem
    stated = stated or found.stated
    # What a label means is this desk's to say, not its publisher's.
    rating = dataclasses.replace(found.payload.rating, finding=None)
    payload = dataclasses.replace(found.payload, rating=rating)
    label = label_for(desk, payload, site=publisher_site(payload.url))
    check = _known(desk, payload, alone=alone)
    if check is not None and stated and check.changed_there_at and stated < check.changed_there_at:
        return check, "older"
    if check is not None and check.latest is not None:
        payload = _as_known(Payload.from_dict(check.latest.payload), payload)
        if _same(check.latest.payload, payload.to_dict()):
            if stated and stated != check.changed_there_at:
                FactCheck.objects.filter(pk=check.pk).update(changed_there_at=stated)
            return check, "unchanged"
        payload = _renumbered(payload, number=check.latest.number + 1, kind=ReleaseKind.UPDATE)
    else:
        payload = _renumbered(payload, number=1, kind=ReleaseKind.FIRST)
    verb = "factcheck.import_updated" if check is not None else "factcheck.imported"
    if check is None:
        check = FactCheck.objects.create(
            desk=desk,
            imported=True,
            import_key=_import_key(payload),
            url=payload.url[:2000],
            raw=storable(raw),
            foreign_label=label,
            changed_there_at=stated,
            created_at=now,
            **columns(payload),
        )
    else:
        check.foreign_label = label
        FactCheck.objects.filter(pk=check.pk).update(
            raw=storable(raw),
            url=payload.url[:2000],
            foreign_label=label,
            changed_there_at=stated or check.changed_there_at,
        )
    release = releases.write_release(check, payload, verdict=None, actor=actor, now=now)
    base.audit(verb, check, actor=actor, desk=desk, now=now, release=release.number, notes=list(found.notes))
    return check, "changed" if verb == "factcheck.import_updated" else "new"


@transaction.atomic
def withdraw_import(
    *, actor: User | None, desk: Desk, url: str, at: dt.datetime | None = None, now: dt.datetime | None = None
) -> int:
    """Take over that another publisher withdrew a page; returns how many checks it held."""
    now = now or timezone.now()
    if actor is not None:
        base.require(actor, desk, *base.WORKERS, what=_("import fact checks"))
    found = FactCheck.objects.select_for_update(of=("self",)).select_related("latest")
    count = 0
    of_page = found.filter(desk=desk, imported=True, url__in=_spellings(url))
    for check in of_page.exclude(status=FactCheck.Status.WITHDRAWN):
        if check.latest is None:
            continue
        payload = restated(
            Payload.from_dict(check.latest.payload),
            status=CheckStatus.WITHDRAWN,
            kind=ReleaseKind.WITHDRAWAL,
            number=check.latest.number + 1,
            note="",
            now=at or now,
        )
        releases.write_release(check, payload, verdict=None, actor=actor, now=now)
        base.audit("factcheck.import_withdrawn", check, actor=actor, desk=desk, now=now)
        count += 1
    return count


def stored_as_they_came(desk: Desk, found: Sequence[Imported]) -> frozenset[int]:
    """Return the places of those that are stored exactly as they came; what the others are, ``take_in`` says.

    Feeds send everything again each time: a few questions tell most of it apart.
    """
    places: dict[str, list[int]] = {}
    for place, one in enumerate(found):
        places.setdefault(_import_key(one.payload), []).append(place)
    keys, same = list(places), set()
    for start in range(0, len(keys), 500):
        known = FactCheck.objects.filter(desk=desk, imported=True, import_key__in=keys[start : start + 500])
        for key, raw in known.exclude(status=CheckStatus.WITHDRAWN).values_list("import_key", "raw"):
            same |= {place for place in places[key] if storable(found[place].raw) == raw}
    return frozenset(same)


def _known(desk: Desk, payload: Payload, *, alone: bool) -> FactCheck | None:
    """Return the stored check that a payload is a newer state of, locked.

    One page is one page in whatever spelling: its own ``@id`` decides, then the wording, then ``alone``.
    """
    stored = (
        FactCheck.objects.select_for_update(of=("self",))
        .select_related("latest")
        .filter(desk=desk, imported=True)
        .order_by("pk")
    )
    keys = [_import_key(payload)]
    if payload.uri == payload.url or not _is_of_all(payload.uri):
        keys.append(_first_import_key(payload))
    by_key = stored.filter(import_key__in=keys).first()
    if by_key is not None:
        return by_key
    of_page = [
        check
        for check in stored.filter(site=publisher_site(payload.url)[:253], url__in=_spellings(payload.url))
        if check.status != FactCheck.Status.WITHDRAWN
    ]
    for check in of_page:
        if key_of(check.claim_text) == key_of(payload.wording):
            return check
    if alone and len(of_page) == 1:
        return of_page[0]
    return None


def _spellings(url: str) -> list[str]:
    """Return the addresses under which a page may have been stored: both schemes, with and without www. and slash."""
    plain: list[str] = []
    for page in dict.fromkeys((page_identity(url), quote(page_identity(url), safe="/%:@!$&'()*+,;=~-._?[]"))):
        before, mark, query = page.partition("?")
        plain += [f"{before}{slash}{mark}{query}" for slash in ("", "/")]
        # One that was stored in its form for telephones.
        plain += [f"{before}/amp{slash}" for slash in ("", "/") if not mark]
    return [
        url[:2000],
        *(
            f"{scheme}://{www}{one}"[:2000]
            for scheme in ("https", "http")
            for www in ("", "www.")
            for one in plain
        ),
    ]


def _as_known(known: Payload, payload: Payload) -> Payload:
    """Keep the name under which a check is known; another spelling of its address is no change."""
    if page_identity(known.url) == page_identity(payload.url):
        payload = dataclasses.replace(payload, url=known.url)
    return dataclasses.replace(payload, id=known.id, uri=known.uri)


def _import_key(payload: Payload) -> str:
    """Return the identity of a foreign check: its own @id, else its page and its claim."""
    page = page_identity(payload.url)
    own, sign, name = payload.uri.partition("#")
    if payload.uri != payload.url and page_identity(own) != page and not _is_of_all(payload.uri):
        # Programs name all objects of a site by signs on its front page.
        return _short(page_identity(own) + (f"#{name}" if sign and urlsplit(own).path in ("", "/") else ""))
    claim = hashlib.sha256(key_of(payload.wording).encode()).hexdigest()[:16]
    return _short(f"{page}#{claim}")


def _is_of_all(uri: str) -> bool:
    """Return whether an ``@id`` names a site, or what every page of it calls its check, and so no check of its own."""
    named = urlsplit(uri)
    return named.path in ("", "/") and not re.search(r"\d", f"{named.fragment}{named.query}")


def _first_import_key(payload: Payload) -> str:
    """Return the identity as it was before spellings of an address were one: rows of that time keep it."""
    own = payload.uri if payload.uri != payload.url else f"{payload.url}#{payload.id}"
    return _short(own.strip().casefold())


def _short(key: str) -> str:
    if len(key) <= 300:
        return key
    return f"{key[:200]}~{hashlib.sha256(key.encode()).hexdigest()}"


def _same(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    # A date that stands in for a missing one is the time of the import: different every time.
    # Payloads of before labels were confirmed carry a finding that was read out of the label.
    ignored = {"number", "kind", "modified_at", "published_at", "rating"}
    rating = {**(old.get("rating") or {}), "finding": None}
    return rating == {**new["rating"], "finding": None} and all(
        old.get(name) == value for name, value in new.items() if name not in ignored
    )


def _renumbered(payload: Payload, *, number: int, kind: ReleaseKind) -> Payload:
    return dataclasses.replace(payload, number=number, kind=kind)
