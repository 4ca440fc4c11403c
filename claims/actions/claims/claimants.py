"""Who asserts it? Links names to people and bodies of the desk, and lets editors join and part them.

A name is linked by its exact folded form or an alias that an editor made; nothing is ever joined because it
looks alike.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.indexing.outbox import touch_index
from claims.actions.origin_counts import recount_origins
from claims.intake.decode import clean, tidy_name
from claims.models import Appearance, Claim, Claimant, ClaimantAlias, Desk, Document, User
from claims.models.fields import key_of
from claims.splitting.claimants.named import RECORDED

Kind = Claimant.Kind


def find(desk: Desk, name: str) -> Claimant | None:
    """Return the claimant who is known by exactly this name or alias at the desk; merged ones lead on."""
    key = key_of(tidy_name(name))[:200]
    if not key:
        return None
    alias = ClaimantAlias.objects.select_related("claimant").filter(desk=desk, alias_key=key).first()
    found = alias.claimant if alias else Claimant.objects.filter(desk=desk, name_key=key).first()
    return standing(found) if found else None


def standing(claimant: Claimant) -> Claimant:
    """Follow merges to the claimant that stands."""
    seen = {claimant.pk}
    while claimant.merged_into_id is not None and claimant.merged_into_id not in seen:
        seen.add(claimant.merged_into_id)
        claimant = Claimant.objects.get(pk=claimant.merged_into_id)
    return claimant


def link(
    *,
    desk: Desk,
    name: str,
    kind: str = "",
    source: Document | None = None,
    now: dt.datetime | None = None,
) -> Claimant | None:
    """Return the claimant of this name, made if nobody is known by it; None for an empty name.

    ``source`` is the document that gave the name: it is shown as the document is. Without one a person gave it,
    and the desk sees it from then on.
    """
    name = tidy_name(name)
    if not name:
        return None
    found = find(desk, name)
    if found is not None:
        return _given(found, source)
    kind = kind if kind in Kind.values else Kind.PERSON
    key = key_of(name)[:200]
    try:
        with transaction.atomic():
            return Claimant.objects.create(
                desk=desk,
                name=name,
                name_key=key,
                kind=kind,
                source=source,
                created_at=now or timezone.now(),
            )
    except IntegrityError:
        return _given(standing(Claimant.objects.get(desk=desk, name_key=key)), source)


def _given(claimant: Claimant, source: Document | None) -> Claimant:
    """Note who gives a known name: a person, or a document that more people may read, opens it."""
    if claimant.source_id is None:
        return claimant
    if source is None:
        confirm(claimant)
    elif source.visibility == Document.Visibility.ARCHIVE and source.pk != claimant.source_id:
        Claimant.objects.filter(pk=claimant.pk).update(source=source)
        claimant.source = source
    return claimant


def confirm(claimant: Claimant | None) -> None:
    """Write down that a person stands for this name: it no longer hangs on the document that gave it."""
    if claimant is not None and claimant.source_id is not None:
        Claimant.objects.filter(pk=claimant.pk).update(source=None)
        claimant.source = None
        _touch_claims(claimant)


def of_appearance(row: Appearance, *, now: dt.datetime | None = None) -> Claimant | None:
    """Return who asserts it: the speaker, or the outlet or byline for the article's own words."""
    own = row.attribution in (Appearance.Attribution.ARTICLE, Appearance.Attribution.PREMISE)
    if RECORDED in row.flags:
        # "Speaker 1" of two recordings are two people: the name stays with the words, nobody is made of it.
        return None
    if row.claimant_text:
        return link(
            desk=row.desk, name=row.claimant_text, kind=row.claimant_kind, source=row.document, now=now
        )
    if not own or row.document is None:
        return None
    return of_document(row.document, row.desk, now=now)


def of_document(document: Document, desk: Desk, *, now: dt.datetime | None = None) -> Claimant | None:
    """Return the outlet, else the byline, as the one who asserts what an article says itself."""
    name = document.outlet.name if document.outlet else document.authors
    return link(desk=desk, name=name, kind=Kind.OUTLET, source=document, now=now)


@transaction.atomic
def rename_claimant(
    *,
    actor: User,
    claimant: Claimant,
    name: str,
    kind: str = "",
    job_title: str | None = None,
    now: dt.datetime | None = None,
) -> Claimant:
    """Correct a claimant's name, kind or job title; the old name stays as an alias."""
    now = now or timezone.now()
    base.require(actor, claimant.desk, *base.WORKERS, what=_("change claimants"))
    name = tidy_name(name)
    if not name:
        raise base.Refused(_("Write the name."))
    other = find(claimant.desk, name)
    if other is not None and other.pk != claimant.pk:
        raise base.Refused(
            _("“%(name)s” is another claimant already; an editor can merge them.") % {"name": name}
        )
    if kind and kind not in Kind.values:
        raise base.Refused(_("Choose what kind of claimant this is."))
    old = claimant.name
    if key_of(old) != key_of(name):
        _alias(claimant, old, now)
        ClaimantAlias.objects.filter(claimant=claimant, alias_key=key_of(name)).delete()
    claimant.name, claimant.name_key = name, key_of(name)[:200]
    claimant.kind = kind or claimant.kind
    claimant.source = None
    claimant.job_title = claimant.job_title if job_title is None else " ".join(clean(job_title).split())[:200]
    claimant.save()
    with base.gesture():
        base.audit("claimant.renamed", claimant, actor=actor, desk=claimant.desk, now=now, old=old, new=name)
        named = Claim.objects.filter(claimant=claimant).order_by("pk")
        _log_on_claims("claim.claimant_renamed", named, actor, now, old=old, new=name)
    _touch_claims(claimant)
    return claimant


@transaction.atomic
def merge_claimants(
    *, actor: User, claimant: Claimant, into: Claimant, now: dt.datetime | None = None
) -> Claimant:
    """Say that two claimants are one: names, aliases and claims go over, and the log keeps which."""
    now = now or timezone.now()
    base.require(actor, claimant.desk, *base.EDITORS, what=_("merge claimants"))
    into = standing(into)
    if claimant.desk_id != into.desk_id:
        raise base.Refused(_("They belong to different desks."))
    if claimant.pk == into.pk:
        raise base.Refused(_("This is the same claimant."))
    moved = list(Claim.objects.filter(claimant=claimant).values_list("pk", flat=True))
    changed = Claimant.objects.filter(pk=claimant.pk, merged_into=None).update(merged_into=into)
    if not changed:
        raise base.Stale(_("This claimant has been merged already."))
    Claim.objects.filter(pk__in=moved).update(claimant=into, updated_at=now)
    if claimant.source_id is None:
        # The claims that go over are the desk's: so is the name that they get.
        confirm(into)
    aliases = list(claimant.aliases.values_list("alias", flat=True))
    ClaimantAlias.objects.filter(claimant=claimant).update(claimant=into)
    _alias(into, claimant.name, now)
    base.audit(
        "claimant.merged",
        claimant,
        actor=actor,
        desk=claimant.desk,
        after=str(into.pk),
        now=now,
        name=claimant.name,
        aliases=aliases,
        claims=moved,
    )
    _log_on_claims(
        "claim.claimant_merged",
        Claim.objects.filter(pk__in=moved).order_by("pk"),
        actor,
        now,
        old=claimant.name,
        new=into.name,
    )
    claimant.refresh_from_db()
    _touch_claims(into)
    return into


@transaction.atomic
def split_claimant(
    *, actor: User, claimant: Claimant, alias: str, now: dt.datetime | None = None
) -> Claimant:
    """Give an alias a claimant of its own again, with the claims whose articles use that name."""
    now = now or timezone.now()
    base.require(actor, claimant.desk, *base.EDITORS, what=_("part claimants"))
    key = key_of(tidy_name(alias))[:200]
    row = ClaimantAlias.objects.filter(claimant=claimant, alias_key=key).first()
    if row is None:
        raise base.Refused(
            _("“%(alias)s” is no other name of %(name)s.") % {"alias": alias, "name": claimant.name}
        )
    name = row.alias
    row.delete()
    own = Claimant.objects.filter(desk=claimant.desk, name_key=key).first()
    if own is None:
        own = Claimant.objects.create(
            desk=claimant.desk,
            name=name,
            name_key=key,
            kind=claimant.kind,
            source_id=claimant.source_id,
            created_at=now,
        )
    elif own.merged_into_id is not None:
        Claimant.objects.filter(pk=own.pk).update(merged_into=None)
        own.refresh_from_db()
    said = (
        Appearance.objects.filter(claim__claimant=claimant)
        .exclude(claimant_text="")
        .values_list("claim", "claimant_text")
    )
    names: dict[int, set[str]] = {}
    for pk, text in said:
        names.setdefault(pk, set()).add(key_of(tidy_name(text))[:200])
    # Only where every appearance uses this name; a claim under both names stays until a person decides.
    moved = sorted(pk for pk, found in names.items() if found == {key})
    Claim.objects.filter(pk__in=moved).update(claimant=own, updated_at=now)
    base.audit(
        "claimant.parted",
        claimant,
        actor=actor,
        desk=claimant.desk,
        after=str(own.pk),
        now=now,
        name=name,
        claims=moved,
    )
    _log_on_claims(
        "claim.claimant_parted",
        Claim.objects.filter(pk__in=moved).order_by("pk"),
        actor,
        now,
        old=claimant.name,
        new=own.name,
    )
    _touch_claims(own)
    recount_origins(Claim.objects.filter(claimant=claimant).values_list("pk", flat=True))
    return own


@transaction.atomic
def add_alias(
    *, actor: User, claimant: Claimant, alias: str, now: dt.datetime | None = None
) -> ClaimantAlias:
    """Say that a claimant is also known by another name, from now on linked by itself."""
    now = now or timezone.now()
    base.require(actor, claimant.desk, *base.EDITORS, what=_("name aliases"))
    alias = tidy_name(alias)
    if not alias:
        raise base.Refused(_("Write the other name."))
    other = find(claimant.desk, alias)
    if other is not None:
        raise base.Refused(_("“%(alias)s” is %(name)s already.") % {"alias": alias, "name": other.name})
    row = _alias(claimant, alias, now)
    recount_origins(Claim.objects.filter(claimant=claimant).values_list("pk", flat=True))
    base.audit("claimant.alias_added", claimant, actor=actor, desk=claimant.desk, now=now, alias=alias)
    return row


def _alias(claimant: Claimant, name: str, now: dt.datetime) -> ClaimantAlias:
    row, _made = ClaimantAlias.objects.update_or_create(
        desk=claimant.desk,
        alias_key=key_of(name)[:200],
        defaults={"claimant": claimant, "alias": name[:200]},
        create_defaults={"claimant": claimant, "alias": name[:200], "created_at": now},
    )
    return row


def _log_on_claims(verb: str, rows: QuerySet[Claim], actor: User, now: dt.datetime, **detail: str) -> None:
    """Write one row on every claim that an act on claimants changed: its own log tells all of its changes."""
    for claim in rows.select_related("desk"):
        base.audit(verb, claim, actor=actor, desk=claim.desk, claim_id=claim.pk, now=now, **detail)


def _touch_claims(claimant: Claimant) -> None:
    claims = list(Claim.objects.filter(claimant=claimant).values_list("pk", flat=True))
    # Whether a source repeats the claimant depends on the names.
    recount_origins(claims)
    for pk in claims:
        touch_index("claims", pk)
