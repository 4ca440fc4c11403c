"""Where the walks begin: two desks with work at every stage, each with words of its own in all that is not public."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db import models

from claims.actions.claims.tags import tag_claim
from claims.actions.desk.api_keys import make_key
from claims.actions.desk.settings import change_desk
from claims.actions.review.panels import ask_panel
from claims.models import (
    ApiKey,
    Appearance,
    BulkAct,
    Capture,
    Claim,
    Claimant,
    Desk,
    DeskNote,
    Document,
    Evidence,
    FactCheck,
    Job,
    Match,
    Notice,
    Outlet,
    Panel,
    Release,
    Rereading,
    Review,
    Selection,
    Tag,
    User,
    Verdict,
    VerdictDraft,
)
from claims.vocabulary import Role
from tests import builders, reread
from tests.checks_made import approved, checked_claim, current, published, source, submitted
from tests.people import Cast, person

#: The first part of an address, and whose ids follow it.
KINDS: dict[str, type[models.Model]] = {
    "documents": Document,
    "captures": Capture,
    "appearances": Appearance,
    "claims": Claim,
    "evidence": Evidence,
    "matches": Match,
    "reviews": Review,
    "verdicts": Verdict,
    "proposals": VerdictDraft,
    "factchecks": FactCheck,
    "jobs": Job,
    "claimants": Claimant,
    "keys": ApiKey,
    "rereadings": Rereading,
    "selections": Selection,
    "bulk": BulkAct,
    "notices": Notice,
    "notes": DeskNote,
    "opinions": Panel,
    "tags": Tag,
}


def desk_of(kind: str, pk: int) -> int | None:
    """Return the desk that an object belongs to, asked of the tables alone."""
    path = {"captures": "document__desk", "matches": "claim__desk", "proposals": "review__desk"}.get(
        kind, "desk"
    )
    found = KINDS[kind]._default_manager.filter(pk=pk).values_list(path, flat=True).first()
    return int(found) if found is not None else None


@dataclass(frozen=True)
class World:
    """Both casts, who walks, and a key of each desk."""

    north: Cast
    south: Cast
    walkers: tuple[User, ...]
    keys: dict[str, str]
    #: Which ids the walks begin with, by kind.
    ids: dict[str, tuple[int, ...]]

    def desks_of(self, user: User | None) -> set[str]:
        """Return the short names of the desks this person works at now."""
        if user is None:
            return set()
        if user.is_superuser:
            return set(Desk.objects.values_list("slug", flat=True))
        rows = user.memberships.exclude(role=Role.PARTNER)
        return set(rows.values_list("desk__slug", flat=True)) if user.is_active else set()


def mark(slug: str, number: object) -> str:
    """Return a word that only this desk's rows hold."""
    return f"{slug}mark{number}"


def _furnish(cast: Cast) -> None:
    """Give one desk an article, suggestions, claims in every state, and things that went wrong."""
    slug = cast.desk.slug
    text = builders.HARBOUR + f"\n\nOnly {mark(slug, 'text')} reads this line of the harbour article."
    added = builders.article(cast, text, title=f"Harbour {mark(slug, 'title')}")
    units = tuple(
        builders.unit(text, words, number)
        for number, words in enumerate(
            (
                "The harbour authority of Port Lenna raised its fees by 40 percent on 2 March 2026",
                "the port had lost 300 jobs since 2024",
                f"Only {mark(slug, 'text')} reads this line of the harbour article",
            )
        )
    )
    builders.analysed(cast, added, units)
    outlet = Outlet.objects.create(name=f"Courier {mark(slug, 'outlet')}", name_key=f"courier {slug}")
    Document.objects.filter(pk=added.document.pk).update(outlet=outlet)
    reread.previewed_batch(cast, words=f"The pier of {mark(slug, 'reading')} is closed")

    check = published(cast)
    waiting = submitted(cast, _claim(cast, "waiting"))
    held = submitted(cast, _claim(cast, "held"))
    approved(cast, held, publish_at=builders.moment(3000))
    open_claim = _claim(cast, "open")
    source(cast, open_claim, f"The counter of {mark(slug, 'evidence')} saw 412 cars.")
    _claim(cast, "queued")
    VerdictDraft.objects.create(
        review=waiting.review,
        user=cast.ben,
        base=waiting,
        data={"headline": f"Mine {mark(slug, 'draft')}"},
        updated_at=builders.moment(),
    )
    Match.objects.create(claim=open_claim, factcheck=check)
    # Opinions are formed apart, claims are tagged and due.
    change_desk(actor=cast.dana, desk=cast.desk, values={"panels": "possible"})
    asked = Review.objects.select_related("desk", "claim").get(pk=current(open_claim).pk)
    ask_panel(
        actor=cast.ada, review=asked, readers=[cast.ben], needed=1, words=f"Soon, {mark(slug, 'panel')}."
    )
    tag_claim(actor=cast.ada, claim=open_claim, typed=mark(slug, "tag"))
    Review.objects.filter(pk=current(open_claim).pk).update(assignee=cast.ada)
    Job.objects.create(
        desk=cast.desk,
        kind="fetch",
        status="failed",
        error=f"No answer for {mark(slug, 'job')}.",
        arguments={"url": f"https://{mark(slug, 'job')}.example/"},
    )


def _claim(cast: Cast, name: str) -> Claim:
    return checked_claim(
        cast,
        f"The {name} bridge of {mark(cast.desk.slug, name)} carries 5,000 cars a day",
        who=f"Speaker {mark(cast.desk.slug, 'who')}",
    )


def make_world(cast: Cast) -> World:
    """Furnish both desks and let everybody into the admin, as everybody is whom the workbench adds."""
    other = cast.other_desk
    south = replace(
        cast,
        desk=other,
        other_desk=cast.desk,
        ada=cast.otto,
        ben=person("Stella", other, Role.FACT_CHECKER, Role.REVIEWER),
        dana=person("Sven", other, Role.ADMINISTRATOR),
        otto=cast.ada,
    )
    _furnish(cast)
    _furnish(south)
    keys = {
        one.desk.slug: make_key(actor=one.dana, desk=one.desk, name="Script", scopes=["read", "write"])[1]
        for one in (cast, south)
    }
    partner = person("Pia", cast.desk, Role.PARTNER)
    User.objects.update(is_staff=True)
    root = User.objects.create_superuser("root@desk.example", "a long enough word", display_name="Root")
    everybody = (cast.ada, cast.ben, cast.carla, cast.dana, cast.eli, cast.otto, south.ben, partner, root)
    walkers = tuple(User.objects.get(pk=one.pk) for one in everybody)
    ids = {kind: tuple(model._default_manager.values_list("pk", flat=True)) for kind, model in KINDS.items()}
    return World(cast, south, walkers, keys, ids)


def released_words() -> str:
    """Return all that is public, as one text."""
    rows: Any = Release.objects.values_list("payload", flat=True)
    return repr(list(rows))
