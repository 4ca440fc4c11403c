"""Which outlet published a document? Known by its site where it has one, else by its name."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from claims.independence.credits import is_agency
from claims.intake.decode import clean
from claims.models import Outlet
from claims.models.fields import key_of

_PREFIXES = ("www.", "m.", "amp.", "mobile.")


def site_of(url: str) -> str:
    """Return the site of an address without the prefixes under which the same pages are shown."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""
    for prefix in _PREFIXES:
        if host.startswith(prefix) and "." in host.removeprefix(prefix):
            host = host.removeprefix(prefix)
    return host[:253]


def outlet_for(*, name: str = "", url: str = "") -> Outlet | None:
    """Find or make the outlet of a site or a name; None where neither is given.

    A name without a site means the one outlet known by it; where several sites use that name, or none, it is
    an outlet of its own.
    """
    name = " ".join(clean(name).split())[:200]
    site = site_of(url)
    if not name and not site:
        return None
    if site:
        known = Outlet.objects.filter(site=site).first()
        return known or _make(name=name or site, site=site)
    same = list(Outlet.objects.filter(name_key=key_of(name)).order_by("id")[:2])
    bare = [row for row in same if not row.site]
    if bare or len(same) == 1:
        return (bare or same)[0]
    return _make(name=name, site="")


def _make(*, name: str, site: str) -> Outlet:
    key = key_of(name)[:200]
    try:
        with transaction.atomic():
            return Outlet.objects.create(name=name, name_key=key, site=site, is_agency=is_agency(name))
    except IntegrityError:
        # Somebody else made it between our look and our write.
        return Outlet.objects.get(site=site) if site else Outlet.objects.get(site="", name_key=key)
