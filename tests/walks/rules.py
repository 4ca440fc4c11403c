"""What no walk may find: the rules, compared with the tables and the answers without asking the project's policy."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from lxml import html

from claims.models import (
    ApiKey,
    Appearance,
    Approval,
    AuditEvent,
    Claim,
    Claimant,
    Desk,
    Document,
    Evidence,
    FactCheck,
    Match,
    Membership,
    Release,
    Review,
    User,
    Verdict,
    VerdictAuthor,
    VerdictReading,
)
from claims.vocabulary import Role
from tests.walks.pages import Page
from tests.walks.world import KINDS, World, desk_of, released_words

NEW_VERDICT = ("first", "minor", "clarification", "correction", "update")
_TEMPLATE = re.compile(r"\{\{|\{%|%\}|\}\}|%\([a-z_]+\)s")
MARK = re.compile(r"(north|south)mark\w*")
#: Object tables whose every change must be told in the audit log: (model, kind in the log, columns).
WATCHED: tuple[tuple[Any, str, tuple[str, ...]], ...] = (
    (Appearance, "appearance", ("triage", "claim_id", "start", "end", "document_id")),
    (Claim, "claim", ("wording", "claimant_id", "checks", "made_on", "about", "merged_into_id", "due_at")),
    (Claimant, "claimant", ("name", "merged_into_id")),
    (Document, "document", ("title", "published", "visibility", "origin_id")),
    (Evidence, "evidence", ("stance", "cited", "rejected", "reason")),
    (Match, "match", ("state",)),
    (Review, "review", ("state", "assignee_id", "publish_at", "held", "closed_reason")),
    (Verdict, "verdict", ("number",)),
    (Approval, "approval", ("kind",)),
    (FactCheck, "factcheck", ("status", "latest_id")),
    (Release, "release", ("kind",)),
    (Membership, "membership", ("role",)),
    (Desk, "desk", ("editorial_approvals", "legal_approvals", "publish_mode", "name")),
    (ApiKey, "apikey", ("revoked_at",)),
    (User, "user", ("is_active", "display_name", "session_epoch")),
)
#: Rows of these kinds are told as part of another: a whole gesture speaks of them.
_PART_OF = {"approval", "release", "membership", "claimant", "match", "apikey"}


class Broken(AssertionError):
    """A walk found a rule broken; the message says by whom, where and how to walk there again."""


@dataclass
class Rules:
    """What a walk knows and remembers, and what must hold after each of its steps."""

    world: World
    seed: int
    clients: dict[int | None, Client]
    trail: list[str] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)
    pages: dict[int | None, Page] = field(default_factory=dict)
    opened: set[tuple[int, int]] = field(default_factory=set)
    strangers: int = 0
    tables: dict[tuple[str, int], tuple[Any, ...]] | None = None

    # Rules

    def _insist_door(self, path: str, desks: set[str], status: int, user: User | None, key: str) -> None:
        """An object of another desk is not there: neither its page nor any act on it."""
        # Whose account was switched off meanwhile is sent to the sign-in page, like any visitor.
        if not key and (user is None or not user.is_active):
            return
        foreign = False
        if (named := re.match(r"/(?:api/v1/)?([a-z]+)/(\d+)/", path)) and named[1] in KINDS:
            owner = desk_of(named[1], int(named[2]))
            foreign = owner is not None and Desk.objects.get(pk=owner).slug not in desks
        elif slug := re.match(r"/desk/([\w-]+)/", path):
            foreign = slug[1] not in desks
        if foreign:
            self.strangers += 1
            if status not in (403, 404, 405) or (status == 403 and not path.startswith("/api/")):
                self._broken(f"something of another desk answered {status}")

    def _insist_no_foreign_words(self, content: bytes, desks: set[str]) -> None:
        text = content.decode("utf-8", "replace")
        found = {word[0] for word in MARK.finditer(text)}
        foreign = {
            word for word in found if not word.startswith(tuple(f"{slug}mark" for slug in desks) or ("?",))
        }
        if foreign:
            public = released_words()
            secret = sorted(word for word in foreign if word not in public)
            if secret:
                place = text.index(secret[0])
                around = " ".join(text[max(0, place - 200) : place + 100].split())
                self._broken(f"the answer holds words of another desk: {secret[:3]} in … {around} …")

    def _insist_whole(self, content: bytes, content_type: str) -> None:
        """A page has one heading, ids of their own, names that lead somewhere, tokens in its forms, no template."""
        if "html" not in content_type or b"<main" not in content:
            return
        tree = html.document_fromstring(content)
        ids = Counter(tree.xpath("//@id"))
        twice = [name for name, count in ids.items() if count > 1]
        if twice:
            self._broken(f"two elements are called {twice[0]}")
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list"):
            lost = {one for value in tree.xpath(f"//@{name}") for one in value.split()} - set(ids)
            if lost:
                self._broken(f"{name} leads to {min(lost)}, which is not there")
        if _TEMPLATE.search(" ".join(tree.xpath("//text()[not(ancestor::textarea or ancestor::script)]"))):
            self._broken("a template shows through")
        first = tree.xpath("//main//h1[not(@aria-level)]")
        if len(first) > 1:
            self._broken(f"{len(first)} headings of the first level")
        for form in tree.xpath("//main//form[translate(@method, 'POST', 'post')='post']"):
            # What visitors send changes nothing of a desk's work; their pages are the same for everybody.
            if form.get("action") in ("/language/", "/contact/"):
                continue
            if not form.xpath(".//input[@name='csrfmiddlewaretoken']"):
                self._broken(f"a form without a token: {form.get('action')}")

    def _known(self) -> tuple[dict[tuple[str, int], tuple[Any, ...]], int]:
        """Return the tables as the last request left them; nothing happens between two requests."""
        if self.tables is None:
            self.tables = self._watched()
        return self.tables, self._last_event()

    def _watched(self) -> dict[tuple[str, int], tuple[Any, ...]]:
        return {
            (kind, row[0]): row[1:]
            for model, kind, columns in WATCHED
            for row in model._default_manager.values_list("pk", *columns).order_by()
        }

    def _last_event(self) -> int:
        return AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def _insist_told(self, before: Any, last: int, step: str) -> set[tuple[str, int]]:
        """Every change has its row in the log."""
        after = self.tables = self._watched()
        changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        if not changed:
            return changed
        events = list(
            AuditEvent.objects.filter(pk__gt=last).values_list("object_kind", "object_id", "claim_id")
        )
        told = {(kind, pk) for kind, pk, _claim in events}
        claims = {claim for _kind, _pk, claim in events if claim}
        for kind, pk in changed:
            if (kind, pk) in told or (kind in _PART_OF and events):
                continue
            if self._claim_of(kind, pk) in claims or self._new_with(kind, pk, before, told):
                continue
            if kind == "appearance" and ("document", after.get((kind, pk), (None,))[-1]) in told:
                # "Finish article" is one row in the log, not one for each suggestion that was not selected.
                continue
            self._broken(
                f"{kind} {pk} changed without a row in the log ({before.get((kind, pk))} -> "
                f"{after.get((kind, pk))}; told: {sorted(told)})"
            )
        return changed

    def _claim_of(self, kind: str, pk: int) -> int | None:
        if kind == "claim":
            return pk
        model = {
            "review": Review,
            "verdict": Verdict,
            "evidence": Evidence,
            "appearance": Appearance,
            "factcheck": FactCheck,
        }.get(kind)
        if model is None:
            return None
        return model._default_manager.filter(pk=pk).values_list("claim", flat=True).first()

    def _new_with(self, kind: str, pk: int, before: Any, told: set[tuple[str, int]]) -> bool:
        """A new document is told as its capture."""
        return (
            kind == "document" and (kind, pk) not in before and any(one in ("capture",) for one, _pk in told)
        )

    def _insist_approvals(self, approvals: set[int], releases: set[int], rules: Any, roles: Any) -> None:
        for approval in Approval.objects.exclude(pk__in=approvals).select_related("verdict"):
            verdict = approval.verdict
            authors = set(VerdictAuthor.objects.filter(verdict=verdict).values_list("user", flat=True))
            if approval.user_id in authors | {verdict.created_by_id}:
                self._broken("an author approved their own words")
            if (approval.user_id, verdict.pk) not in self.opened:
                self._broken("approved by somebody who never opened this version")
            if not roles.get(verdict.desk_id, set()) & {Role.REVIEWER, Role.DESK_EDITOR}:
                self._broken("approved by somebody who may not approve")
        for release in Release.objects.exclude(pk__in=releases).filter(kind__in=NEW_VERDICT):
            self._insist_release(release, rules)

    def _insist_release(self, release: Release, rules: Any) -> None:
        verdict = release.verdict
        if verdict is None:
            self._broken("something was published that nobody wrote")
            return
        needed, legal = rules[verdict.desk_id]
        given = list(Approval.objects.filter(verdict=verdict).values_list("user", "kind"))
        authors = set(VerdictAuthor.objects.filter(verdict=verdict).values_list("user", flat=True))
        people = {user for user, kind in given if kind == "editorial"} - authors - {verdict.created_by_id}
        lawyers = {user for user, kind in given if kind == "legal"} - authors - {verdict.created_by_id}
        minor = release.kind == "minor"
        if len(people | lawyers) < 1 or (not minor and (len(people) < needed or len(lawyers) < legal)):
            self._broken(f"published with {len(people)}+{len(lawyers)} approvals of {needed}+{legal}")
        if release.payload["wording"] != verdict.wording:
            self._broken("published words that nobody approved")

    def insist(self) -> None:
        """Look over all tables once more at the end of a walk."""
        for approval in Approval.objects.select_related("verdict"):
            if (approval.user_id, approval.verdict_id) not in set(
                VerdictReading.objects.values_list("user", "verdict")
            ):
                self._broken("an approval without a reading")
        for check in FactCheck.objects.filter(imported=False).select_related("latest"):
            if check.latest is None or check.latest.payload["status"] != check.status:
                self._broken(f"check {check.pk} says another status than its newest release")
        for review in Review.objects.filter(state="published"):
            if not Release.objects.filter(verdict__review=review).exists():
                self._broken(f"review {review.pk} is published without a release")

    def _broken(self, what: str, error: BaseException | None = None) -> None:
        steps = "\n  ".join(self.trail[-8:])
        raise Broken(f"Seed {self.seed}: {what}\n  {steps}") from error
