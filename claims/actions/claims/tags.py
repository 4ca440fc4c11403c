"""The desk's words on its claims and articles: put on, taken off, renamed, merged, removed.

Whoever works at the desk may use a word and bring in a new one; changing a word for everybody is the editors'.
Nothing here is ever published.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.base import AuditLine
from claims.intake.decode import clean
from claims.models import Claim, ClaimTag, Desk, Document, DocumentTag, Tag, User
from claims.models.fields import key_of
from claims.models.panels import claims_kept_blind

#: So many words may stand on one claim or article.
MOST = 20


def names_of(typed: str) -> list[str]:
    """Return the words of a line, which commas part, each once; refused where one is too long."""
    found: dict[str, str] = {}
    for part in clean(typed).replace("\n", ",").replace(";", ",").split(","):
        name = " ".join("".join(sign for sign in part if sign.isprintable()).split()).lstrip("#").strip()
        if not name:
            continue
        if len(name) > Tag.MOST:
            raise base.Refused(
                _("A tag has at most %(most)d letters; this one has %(n)d: “%(name)s…”.")
                % {"most": Tag.MOST, "n": len(name), "name": name[:20]}
            )
        found.setdefault(key_of(name), name)
    return list(found.values())


def tags_named(*, actor: User, desk: Desk, names: Iterable[str], now: dt.datetime) -> list[Tag]:
    """Return the desk's tags of these names; what there is none of is made."""
    wanted = {key_of(name): name for name in names}
    known = {row.name_key: row for row in Tag.objects.standing().filter(desk=desk, name_key__in=wanted)}
    for key, name in wanted.items():
        if key not in known:
            known[key] = _made(actor, desk, key, name, now)
    return [known[key] for key in wanted]


def _made(actor: User, desk: Desk, key: str, name: str, now: dt.datetime) -> Tag:
    try:
        with transaction.atomic():
            tag = Tag.objects.create(desk=desk, name=name, name_key=key, created_at=now)
    except IntegrityError:
        # Somebody else has just made it.
        return Tag.objects.standing().get(desk=desk, name_key=key)
    base.audit("tag.made", tag, actor=actor, desk=desk, now=now, name=name)
    return tag


@transaction.atomic
def tag_claim(*, actor: User, claim: Claim, typed: str, now: dt.datetime | None = None) -> list[Tag]:
    """Put the words of a line on a claim; returns those that were not there."""
    now = now or timezone.now()
    base.require(actor, claim.desk, *base.WORKERS, what=_("tag claims"))
    tags = tags_named(actor=actor, desk=claim.desk, names=_some(typed), now=now)
    found = tag_all(actor=actor, desk=claim.desk, claims=[claim.pk], add=tags, now=now)
    if claim.pk in found.refused:
        raise base.Refused(found.refused[claim.pk])
    fresh = found.done[claim.pk].added if claim.pk in found.done else ()
    return [tag for tag in tags if tag.pk in fresh]


@transaction.atomic
def untag_claim(*, actor: User, claim: Claim, tag: Tag, now: dt.datetime | None = None) -> bool:
    """Take a tag off a claim; False where it was not there."""
    now = now or timezone.now()
    base.require(actor, claim.desk, *base.WORKERS, what=_("tag claims"))
    found = tag_all(actor=actor, desk=claim.desk, claims=[claim.pk], take=[tag], now=now)
    if claim.pk in found.refused:
        raise base.Refused(found.refused[claim.pk])
    return bool(found.done)


def _some(typed: str) -> list[str]:
    names = names_of(typed)
    if not names:
        raise base.Refused(_("Type at least one tag."))
    return names


@dataclass(frozen=True, slots=True)
class Tagged:
    """What became of one claim: its audit row, and the ids of the tags put on and taken off."""

    event: int
    added: tuple[int, ...]
    taken: tuple[int, ...]


@dataclass
class TaggedTogether:
    """What became of many claims; those on which nothing changed are in neither."""

    done: dict[int, Tagged] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)


def apart(actor: User, claims: Iterable[int]) -> set[int]:
    """Return those of the claims of which this person owes an opinion formed apart.

    They tag none of them: that a tag is there already, or that there are too many, would say what colleagues think.
    """
    return set(claims_kept_blind(actor).filter(panel__review__claim__in=claims))


def opinion_first() -> str:
    """Say that whoever owes an opinion formed apart gives it before they act on what colleagues think."""
    return _(
        "You were asked for an opinion on this claim that is formed apart. Give it, or decline, and then go on."
    )


def too_many(claim: int) -> str:
    """Say that a claim cannot have more tags."""
    return _("Claim %(n)d would have more than %(most)d tags.") % {"n": claim, "most": MOST}


def tag_all(
    *,
    actor: User,
    desk: Desk,
    claims: Sequence[int],
    add: Sequence[Tag] = (),
    take: Sequence[Tag] = (),
    now: dt.datetime,
) -> TaggedTogether:
    """Put tags on claims of one desk and take others off, in a few statements for all, in the caller's transaction.

    Permission is asked by the caller.
    """
    together = TaggedTogether()
    rows = list(Claim.objects.select_for_update(of=("self",)).filter(pk__in=claims, desk=desk).order_by("pk"))
    there: dict[int, set[int]] = {row.pk: set() for row in rows}
    for claim, tag in ClaimTag.objects.filter(claim__in=there).values_list("claim_id", "tag_id"):
        there[claim].add(tag)
    names = {tag.pk: tag.name for tag in (*add, *take)}
    fresh: list[ClaimTag] = []
    changed: list[tuple[Claim, tuple[int, ...], tuple[int, ...]]] = []
    blind = apart(actor, there)
    for row in rows:
        if row.pk in blind:
            together.refused[row.pk] = opinion_first()
            continue
        taken = tuple(tag.pk for tag in take if tag.pk in there[row.pk])
        added = tuple(tag.pk for tag in add if tag.pk not in there[row.pk] and tag.pk not in taken)
        if len(there[row.pk]) - len(taken) + len(added) > MOST:
            together.refused[row.pk] = too_many(row.pk)
            continue
        if added or taken:
            changed.append((row, added, taken))
        fresh += [ClaimTag(tag_id=tag, claim=row, by=actor, created_at=now) for tag in added]
    ClaimTag.objects.bulk_create(fresh, batch_size=500)
    ClaimTag.objects.filter(
        claim__in=[row.pk for row, _added, taken in changed if taken], tag__in=[tag.pk for tag in take]
    ).delete()
    lines = [
        AuditLine(
            row,
            row.pk,
            detail={
                "added": list(added),
                "taken": list(taken),
                "names": [names[pk] for pk in (*added, *taken)],
            },
        )
        for row, added, taken in changed
    ]
    events = base.audit_all("claim.tagged", lines, actor=actor, desk=desk, now=now)
    for event, (row, added, taken) in zip(events, changed, strict=True):
        together.done[row.pk] = Tagged(event, added, taken)
    return together


@transaction.atomic
def tag_document(
    *, actor: User, desk: Desk, document: Document, typed: str, now: dt.datetime | None = None
) -> list[Tag]:
    """Put the words of a line on an article, for this desk; returns those that were not there."""
    now = now or timezone.now()
    base.require(actor, desk, *base.ADDERS, what=_("tag articles"))
    tags = tags_named(actor=actor, desk=desk, names=_some(typed), now=now)
    Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    there = set(
        DocumentTag.objects.filter(document=document, tag__desk=desk)
        .order_by()
        .values_list("tag_id", flat=True)
    )
    fresh = [tag for tag in tags if tag.pk not in there]
    if len(there) + len(fresh) > MOST:
        raise base.Refused(_("An article has at most %d tags of a desk.") % MOST)
    DocumentTag.objects.bulk_create(
        DocumentTag(tag=tag, document=document, by=actor, created_at=now) for tag in fresh
    )
    if fresh:
        _log_document(actor, desk, document, fresh, (), now)
    return fresh


@transaction.atomic
def untag_document(
    *, actor: User, desk: Desk, document: Document, tag: Tag, now: dt.datetime | None = None
) -> bool:
    """Take a desk's tag off an article; False where it was not there."""
    now = now or timezone.now()
    base.require(actor, desk, *base.ADDERS, what=_("tag articles"))
    gone, _kinds = DocumentTag.objects.filter(document=document, tag=tag, tag__desk=desk).delete()
    if gone:
        _log_document(actor, desk, document, (), (tag,), now)
    return bool(gone)


def _log_document(
    actor: User, desk: Desk, document: Document, added: Sequence[Tag], taken: Sequence[Tag], now: dt.datetime
) -> None:
    base.audit(
        "document.tagged",
        document,
        actor=actor,
        desk=desk,
        now=now,
        added=[tag.pk for tag in added],
        taken=[tag.pk for tag in taken],
        names=[tag.name for tag in (*added, *taken)],
    )


@transaction.atomic
def rename_tag(*, actor: User, tag: Tag, name: str, now: dt.datetime | None = None) -> Tag:
    """Give a tag another name wherever it stands; addresses that name it by number go on to work."""
    now = now or timezone.now()
    base.require(actor, tag.desk, *base.EDITORS, what=_("rename tags"))
    names = names_of(name)
    if len(names) != 1:
        raise base.Refused(_("Type one name."))
    row = _locked(tag)
    key = key_of(names[0])
    same = Tag.objects.standing().filter(desk=row.desk, name_key=key).exclude(pk=row.pk)
    if same.exists():
        raise base.Refused(_("There is a tag “%s” already. Merge the two instead.") % names[0])
    before = row.name
    row.name, row.name_key = names[0], key
    row.save(update_fields=["name", "name_key"])
    base.audit("tag.renamed", row, actor=actor, desk=row.desk, now=now, was=before, name=row.name)
    return row


@transaction.atomic
def merge_tags(*, actor: User, tag: Tag, into: str, now: dt.datetime | None = None) -> Tag:
    """Let what has a tag have another one instead; its old address leads on to that one."""
    now = now or timezone.now()
    base.require(actor, tag.desk, *base.EDITORS, what=_("merge tags"))
    row = _locked(tag)
    other = Tag.objects.standing().filter(desk=row.desk, name_key=key_of(into)).first()
    if other is None:
        raise base.Refused(_("There is no tag “%s” to merge into.") % " ".join(into.split())[:60])
    if other.pk == row.pk:
        raise base.Refused(_("This is the same tag. Choose another one to merge into."))
    other = _locked(other)
    claims = ClaimTag.objects.filter(tag=row)
    claims.exclude(claim__in=ClaimTag.objects.filter(tag=other).order_by().values("claim")).update(tag=other)
    claims.delete()
    articles = DocumentTag.objects.filter(tag=row)
    both = DocumentTag.objects.filter(tag=other).order_by().values("document")
    articles.exclude(document__in=both).update(tag=other)
    articles.delete()
    Tag.objects.filter(merged_into=row).update(merged_into=other)
    row.merged_into, row.removed_at = other, now
    row.save(update_fields=["merged_into", "removed_at"])
    base.audit("tag.merged", row, actor=actor, desk=row.desk, now=now, name=row.name, into=other.name)
    return other


@transaction.atomic
def remove_tag(*, actor: User, tag: Tag, now: dt.datetime | None = None) -> int:
    """Take a tag off everything; returns off how many claims and articles. Addresses that name it say so."""
    now = now or timezone.now()
    base.require(actor, tag.desk, *base.EDITORS, what=_("remove tags"))
    row = _locked(tag)
    claims, _kinds = ClaimTag.objects.filter(tag=row).delete()
    articles, _kinds = DocumentTag.objects.filter(tag=row).delete()
    row.removed_at = now
    row.save(update_fields=["removed_at"])
    base.audit(
        "tag.removed",
        row,
        actor=actor,
        desk=row.desk,
        now=now,
        name=row.name,
        claims=claims,
        articles=articles,
    )
    return claims + articles


def _locked(tag: Tag) -> Tag:
    row = Tag.objects.select_for_update(of=("self",)).select_related("desk").get(pk=tag.pk)
    if row.removed_at is not None:
        raise base.Stale(_("The tag “%s” is not there any more.") % row.name)
    return row


def take_over_tags(*, claim: Claim, into: Claim, now: dt.datetime) -> None:
    """Let a claim have the tags of one that is merged into it, in the caller's transaction."""
    there = ClaimTag.objects.filter(claim=into).order_by().values("tag")
    rows = ClaimTag.objects.filter(claim=claim).exclude(tag__in=there)
    ClaimTag.objects.bulk_create(
        [ClaimTag(tag_id=row.tag_id, claim=into, by_id=row.by_id, created_at=now) for row in rows]
    )
