"""One walk: several people, by turns, over links, forms, the admin, the API and addresses that are not theirs.

After each step the tables are read back and compared with the rules, without asking the project's own policy:
nothing public without its approvals, no approval by who wrote or never opened it, no word of another desk in an
answer, no refused request that changed something, no change without its audit row, no broken page.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from claims.actions.publishing.schedule import due_by_time
from claims.models import (
    Approval,
    Desk,
    Evidence,
    Job,
    Rating,
    Release,
    Review,
    User,
    Verdict,
    VerdictReading,
)
from claims.tasks.base import run_now
from tests.walks.pages import Form, Page, fill, read, shortened
from tests.walks.rules import Rules
from tests.walks.world import KINDS

ADMIN = (
    "claim", "review", "verdict", "evidence", "document", "capture", "appearance", "factcheck", "release", "job",
    "auditevent", "user", "membership", "desk", "match", "claimant", "searchrun", "approval", "verdictdraft", "apikey",
    "rereading", "rereadarticle", "selection", "bulkact", "bulkactrow", "notice", "desknote", "noteversion",
    "readingrequest", "panel", "opinion", "verdictsight", "tag", "claimtag",
)  # fmt: skip


def _patterns(patterns: Any, before: str = "") -> list[str]:
    found: list[str] = []
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver) and one.namespace == "admin":
            continue
        if isinstance(one, URLResolver):
            found += _patterns(one.url_patterns, route)
        elif isinstance(one, URLPattern) and "<" in route and "(?" not in route:
            found.append("/" + route)
    return found


ROUTES = _patterns(get_resolver().url_patterns)


@dataclass
class Walk(Rules):
    """A sequence of steps by random people; the seed alone decides it."""

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        # A few people meet in one walk, so that what one begins another ends.
        chosen = self.dice.sample(self.world.walkers, 3)
        writer, approver = self.world.north.ada, self.world.north.ben
        self.people: list[User | None] = [*chosen, writer, approver, approver, None]
        self.opened = set(VerdictReading.objects.values_list("user", "verdict"))

    def go(self, steps: int) -> None:
        for _step in range(steps):
            self.step()

    def step(self) -> None:
        """Let one person do one thing."""
        kept = self.dice.choice(self.people)
        user = User.objects.get(pk=kept.pk) if kept is not None else None
        page = self.pages.get(kept.pk if kept else None)
        way = self.dice.choices(
            ("form", "goal", "link", "jump", "hostile", "admin", "api", "clock"), (42, 14, 7, 11, 12, 8, 4, 2)
        )[0]
        if way == "form" and page and (page.forms and (len(page.forms) > 3 or self.dice.random() < 0.1)):
            self.send(user, self._form(page))
        elif way == "goal" and user is not None:
            self.goal(user)
        elif way == "link" and page and page.links:
            self.follow(user, page, self.dice.choice(page.links))
        elif way == "hostile":
            self.hostile(user)
        elif way == "admin":
            self.ask(user, "get", self._admin())
        elif way == "api":
            self.api(user)
        elif way == "clock":
            self.clock()
        else:
            self.ask(user, "get", self._jump(user))

    # Where to

    def follow(self, user: User | None, page: Page, address: str) -> None:
        """Follow a link of a page; one that leads nowhere must be gone from the page as it is now."""
        if self.ask(user, "get", address) not in (403, 404):
            return
        again = self.clients[user.pk if user else None].get(page.address)
        if again.status_code == 200 and not again.streaming:
            shown = read(page.address, again.content, again.headers.get("Content-Type", ""))
            if address in shown.links:
                self._broken(f"{page.address} has a link that leads nowhere: {address}")

    def _form(self, page: Page) -> Form:
        # Every page carries these; a walk of nothing else would prove little.
        chrome = ("/logout/", "/profile/switch/")
        forms = [form for form in page.forms if form.address not in chrome]
        return self.dice.choice(page.forms if self.dice.random() < 0.02 or not forms else forms)

    def _jump(self, user: User | None) -> str:
        own = sorted(self.world.desks_of(user))
        slug = (
            self.dice.choice(own)
            if own and self.dice.random() < 0.8
            else self.dice.choice(("north", "south"))
        )
        lists = [
            f"/desk/{slug}/", f"/desk/{slug}/claims/", f"/desk/{slug}/articles/", f"/desk/{slug}/add/",
            f"/desk/{slug}/claims/new/", f"/desk/{slug}/published/", f"/desk/{slug}/jobs/", f"/desk/{slug}/sources/",
            f"/desk/{slug}/claimants/", f"/desk/{slug}/sources/feeds/", f"/desk/{slug}/settings/",
            f"/desk/{slug}/settings/people/", f"/desk/{slug}/log/", f"/desk/{slug}/tags/",
            "/profile/", "/", "/corrections/", "/feeds/claimreview.json", "/feeds/verdicts.csv", "/feeds/atom.xml",
            "/v1alpha1/claims:search?query=bridge", "/api/v1/claims/", "/api/v1/documents/", "/admin/",
        ]  # fmt: skip
        objects = [
            f"/{kind}/{self.dice.choice(self._ids(kind, slug))}/"
            for kind in ("claims", "claims", "verdicts", "verdicts", "verdicts", "documents", "factchecks")
        ]
        return self.dice.choice(self.dice.choice((lists, objects, objects)))

    def _ids(self, kind: str, slug: str = "") -> list[int]:
        """Return ids of a kind, of one desk or of both, also those that came into being on the way."""
        rows = KINDS[kind]._default_manager.order_by("pk")
        return list((rows.filter(desk__slug=slug) if slug else rows).values_list("pk", flat=True)) or [1]

    def _admin(self) -> str:
        model = self.dice.choice(ADMIN)
        if self.dice.random() < 0.4:
            return f"/admin/claims/{model}/"
        kind = {"claim": "claims", "review": "reviews", "verdict": "verdicts", "document": "documents"}.get(
            model
        )
        pk = self.dice.choice(self._ids(kind)) if kind else self.dice.randrange(1, 20)
        if model == "claim" and self.dice.random() < 0.6:
            verdict = Verdict.objects.filter(claim=pk).order_by("-pk").values_list("pk", flat=True).first()
            if verdict and self.dice.random() < 0.7:
                return f"/admin/claims/claim/{pk}/verdict/{verdict}/"
        return f"/admin/claims/{model}/{pk}/{self.dice.choice(('change', 'change', 'history'))}/"

    # Acts

    def goal(self, user: User) -> None:
        """Do what people come for: hand a verdict in, or approve one, on the pages or in the admin."""
        desk = self.dice.choice(sorted(self.world.desks_of(user)) or ["north"])
        reviews = Review.objects.filter(desk__slug=desk)
        if self.dice.random() < 0.4:
            open_now = reviews.filter(state__in=("queued", "in_progress")).values_list("claim", flat=True)
            address, wanted = "/claims/{}/", "/submit/"
            chosen = [(pk,) for pk in open_now]
        else:
            waiting = reviews.filter(state__in=("awaiting_approval", "approved"))
            rows = Verdict.objects.filter(review__in=waiting)
            here = self.dice.random() < 0.7
            address = "/verdicts/{}/" if here else "/admin/claims/claim/{}/verdict/{}/"
            wanted = "/approve/" if self.dice.random() < 0.7 else "/"
            chosen = list(rows.values_list("pk") if here else rows.values_list("claim", "pk"))
        if not chosen:
            return
        self.ask(user, "get", address.format(*self.dice.choice(sorted(chosen))))
        page = self.pages.get(user.pk)
        forms = (
            [form for form in page.forms if form.method == "post" and wanted in form.address] if page else []
        )
        forms = [form for form in forms if form.address not in ("/logout/", "/profile/switch/")]
        if forms:
            self.send(User.objects.get(pk=user.pk), self.dice.choice(forms))

    def send(self, user: User | None, form: Form) -> None:
        evidence = list(Evidence.objects.filter(rejected=False).values_list("pk", flat=True))
        if (review := re.search(r"/reviews/(\d+)/", form.address)) is not None:
            evidence = list(
                Evidence.objects.filter(claim__reviews=int(review[1]), rejected=False).values_list(
                    "pk", flat=True
                )
            )
        sent = fill(form, self.dice, self._word(user), evidence)
        if self.dice.random() < 0.08 and sent:
            # A field that somebody changed with the browser's own tools.
            name = self.dice.choice(sorted(sent))
            sent[name] = self.dice.choice(
                ("", "0", "-1", "99999999999999999999", "x\x00y", "١٢", "[e:1]", "a" * 5000)
            )
        self.ask(user, form.method, form.address, sent)

    def _word(self, user: User | None) -> str:
        # Who works at both desks carries words from one to the other by right.
        desks = self.world.desks_of(user)
        return f"{desks.pop()}mark{self.dice.randrange(10**6)}" if len(desks) == 1 else "nobody"

    def hostile(self, user: User | None) -> None:
        """Post to an address with ids of anybody, and with other ids in every field."""
        route = self.dice.choice(ROUTES)
        first = route.split("/")[1]
        address = route
        for place in re.findall(r"<[^>]*>", route):
            value: object = self.dice.choice(("north", "south")) if "slug:slug" in place else ""
            if "int:" in place:
                kind = "jobs" if "adding" in route else first
                people = "people" in route or kind not in KINDS
                value = (
                    self.dice.choice(self.world.walkers).pk if people else self.dice.choice(self._ids(kind))
                )
            elif "slug:kind" in place:
                value = self.dice.choice(("quotation", "url", "contact", "file"))
            elif not value:
                value = self.dice.choice(self.world.ids["claims"])
            address = address.replace(place, str(value), 1)
        if self.dice.random() < 0.15:
            self.ask(user, "get", address)
        else:
            self.ask(user, "post", address, self._anything(user))

    def _anything(self, user: User | None) -> dict[str, Any]:
        """Return all fields there are, with ids of either desk."""
        dice, word = self.dice, self._word(user)
        claim = dice.choice(self._ids("claims"))
        evidence = list(Evidence.objects.filter(claim=claim).values_list("pk", flat=True)) or [1]
        return {
            "wording": f"The bridge of {word} carries 5,000 cars.", "name": f"Mayor {word}", "kind": dice.choice(
                ("person", "editorial", "legal", "correction", "minor", "update", "suspension", "first")
            ),
            "checks": "content", "made_on": "2026-02", "about": "2025", "into": dice.choice(self._ids("claims")),
            "where": "news", "text": word, "quotation": f"412 cars at {word}.", "source_title": "A count",
            "stance": "refutes", "decision": dice.choice(("accept", "confirm", "reject")),
            "to": dice.choice((*(one.pk for one in self.world.walkers), "me")), "reason": dice.choice(
                ("not_worth", "other", "no_evidence")
            ),
            "note": f"A doubt about {word}.", "headline": f"No: {word}",
            "rating": dice.choice(list(Rating.objects.values_list("pk", flat=True))),
            "short_answer": f"It counted 412 at {word}.",
            "justification": f"It counts cars. [e:{dice.choice(evidence)}]", "byline": "Somebody",
            "comment": f"Well done, {word}.", "when": dice.choice(("", "hold", "at")), "at": "2030-01-01T12:00",
            "public_note": f"We had miscounted {word}.", "owner": f"Media {word}",
            "alias": "Nobody", "scopes": "read", "days": "30", "roles": dice.choice(("contributor", "reviewer")),
            "value": "2026-03", "title": f"Fees {word}", "visibility": dice.choice(("archive", "desk")),
            "capture": dice.choice(self._ids("captures")), "appearance": dice.choice(self._ids("appearances")),
            "run": "1", "number": "0", "action": dice.choice(
                ("assign", "dismiss", "search", "verdict", "approve", "export")
            ),
            "claims": dice.sample(self._ids("claims"), 3), "lead": claim, "step": dice.choice(("preview", "do")),
            "claim": dice.choice(self._ids("claims")), "what": f"Fees rose by 3 percent in {word}.",
        }  # fmt: skip

    def api(self, user: User | None) -> None:
        """Ask the API by session, or with a key of one of the desks."""
        slug = self.dice.choice(("north", "south"))
        keyed = self.dice.random() < 0.5
        kind = self.dice.choice(("claims", "factchecks", "documents"))
        pk = self.dice.choice(self._ids(kind))
        if self.dice.random() < 0.3:
            word = f"{slug}mark" if keyed else self._word(user)
            body = {"text": f"Fees rose by {self.dice.randrange(90)} percent, {word}.", "desk": slug}
            self.ask(user, "post", "/api/v1/documents/", body, key=slug if keyed else "")
        else:
            self.ask(user, "get", f"/api/v1/{kind}/{pk}/", key=slug if keyed else "")

    def clock(self) -> None:
        """Let the worker do what is due; its acts are told to the log as well."""
        before, last = self._known()
        due_by_time(timezone.now())
        for pk in Job.objects.filter(kind__in=("publish", "fanout"), status="queued").values_list(
            "pk", flat=True
        ):
            run_now(pk)
        self.trail.append("the clock")
        self._insist_told(before, last, "the clock")

    def ask(
        self,
        user: User | None,
        method: str,
        address: str,
        sent: dict[str, Any] | None = None,
        *,
        key: str = "",
    ) -> int:
        """Send one request, read the answer, compare what happened with the rules; return its status."""
        client = Client() if key else self.clients[user.pk if user else None]
        headers: dict[str, Any] = {"HTTP_ORIGIN": "http://testserver"} if method == "post" else {}
        if key:
            headers["HTTP_AUTHORIZATION"] = f"Bearer {self.world.keys[key]}"
        who = f"key of {key}" if key else user.display_name if user else "a visitor"
        self.trail.append(f"{who}: {method.upper()} {address} {shortened(sent or {})}")
        desks = {key} if key else self.world.desks_of(user)
        before, last = self._known()
        readings = set(VerdictReading.objects.values_list("user", "verdict"))
        rules = {desk.pk: (desk.editorial_approvals, desk.legal_approvals) for desk in Desk.objects.all()}
        roles = {pk: Desk.objects.get(pk=pk).roles_of(user) for pk in rules} if user else {}
        seen = Approval.objects.values_list("pk", flat=True)
        approvals, releases = set(seen), set(Release.objects.values_list("pk", flat=True))
        try:
            if method == "get":
                response = client.get(address, sent or {}, **headers)
            elif address.startswith("/api/"):
                response = client.post(address, json.dumps(sent), content_type="application/json", **headers)
            else:
                response = client.post(address, _clean(sent or {}), **headers)
        except Exception as error:
            self._broken(f"the page broke: {error!r}", error)
        content = b"".join(response) if response.streaming else response.content
        status = response.status_code
        self.trail[-1] += f" -> {status}"
        if status >= 500:
            self._broken(f"answered {status}: {content[:300]!r}")
        match = getattr(response, "resolver_match", None)
        if method == "post" and status < 400 and match is not None:
            self.taken[str(match.url_name or match.view_name)] += 1
        self._insist_door(urlsplit(address).path, desks, status, user if not key else None, key)
        self._insist_no_foreign_words(content, desks)
        if not response.streaming:
            self._insist_whole(content, response.headers.get("Content-Type", ""))
        if method == "get" and status == 200 and user is not None:
            self.opened |= (
                set(VerdictReading.objects.filter(user=user).values_list("user", "verdict")) - readings
            )
        changed = self._insist_told(before, last, self.trail[-1])
        if status >= 400 and changed:
            self._broken(f"answered {status}, and yet changed {sorted(changed)[:3]}")
        self._insist_approvals(approvals, releases, rules, roles)
        if user is not None and not key:
            self._arrive(user, client, response, content, address)
        elif not key:
            self.pages[None] = read(address, content, response.headers.get("Content-Type", ""))
        return status

    def _arrive(self, user: User, client: Client, response: Any, content: bytes, address: str) -> None:
        target = response.headers.get("Location") or response.headers.get("HX-Redirect")
        if "_auth_user_id" not in client.session and user.is_active:
            client.force_login(User.objects.get(pk=user.pk))
        if target and response.status_code in (204, 301, 302, 303):
            # The next page is asked for like any other, so that its content is looked at as well.
            onward = urlsplit(target)._replace(scheme="", netloc="", fragment="").geturl()
            if onward.split("?")[0] != address.split("?")[0] or "GET" not in self.trail[-1]:
                self.ask(User.objects.get(pk=user.pk), "get", onward)
            return
        page = read(address, content, response.headers.get("Content-Type", ""))
        if page.forms or user.pk not in self.pages:
            # From an answer that leads nowhere, a person goes back.
            self.pages[user.pk] = page


def _clean(sent: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in sent.items() if value is not None}
