"""Where could somebody who owes a blind opinion meet the verdict, or another's opinion? At every address there is.

What is secret carries a word of its own. Readers who owe an opinion, and whoever runs the installation and owes one,
meet neither; nobody meets another's opinion before the panel has ended; afterwards the desk finds both.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.db import transaction
from django.test import Client
from django.utils import timezone

from claims.actions.base import Refused
from claims.actions.claims.tags import tag_all, tag_claim, untag_claim
from claims.actions.desk.api_keys import make_key
from claims.actions.desk.inbox import renew_feed
from claims.actions.desk.inbox_lines import lines
from claims.actions.desk.mail import message
from claims.actions.desk.settings import change_desk
from claims.actions.discussion.notes import edit_note, write_note
from claims.actions.evidence.decisions import decide, decide_match
from claims.actions.indexing import engines
from claims.actions.review.bulk_tags import foretold
from claims.actions.review.drafts import save_draft
from claims.actions.review.panels import ask_panel, end_panel, give_opinion
from claims.actions.review.verdict_text import VerdictData
from claims.actions.review.verdicts import propose_wording, return_verdict
from claims.models import (
    ApiKey,
    Claim,
    ClaimTag,
    Evidence,
    Match,
    Notice,
    Panel,
    Rating,
    Review,
    Tag,
    User,
    Verdict,
)
from claims.vocabulary import Role
from tests import people
from tests.people import Cast
from tests.visibility.addresses import first_ids, named_paths
from tests.workbench import desk_pages

pytestmark = pytest.mark.django_db

#: Words of the verdict and of its proposals, drafts and comments; and those of an opinion.
VERDICT, OPINION = "quillonverdict", "zephyropinion"
#: Words of what colleagues decided about sources, and of what they say to each other.
SAID = "tamarindremark"
LABEL = "Entirely invented"
TAG = "sardonyxtag"
#: What the evidence came to, counted of what people rejected and called primary, in figures of its own.
COUNTED = {
    "articles_found": 73_911,
    "origins_found": 73_912,
    "primary_found": 73_913,
    "in_time_found": 73_914,
}
FIGURES = tuple(form.format(n) for n in COUNTED.values() for form in ("{}", "{:,}"))
#: Rows of the admin that hold or name what was written of a verdict.
HOLDING = {
    "claim", "review", "verdict", "verdictdraft", "verdictauthor", "approval", "panel", "opinion", "auditevent",
    "auditdetail", "notice", "evidence", "desknote", "noteversion", "claimtag", "match",
}  # fmt: skip
#: Leaves the desk, or is another's business.
SKIPPED = ("logout", "leave-desk", "design", "help", "keys", "api-schema")


@dataclass
class Blind:
    """A verdict that waits, two who owe an opinion on it, and one who has given theirs."""

    cast: Cast
    verdict: Verdict
    panel: Panel
    fay: User
    gus: User
    root: User


@pytest.fixture
def index() -> Iterator[None]:
    engines.close_all()
    engines.writer().ensure()
    yield
    engines.writer().erase()
    engines.close_all()


@pytest.fixture
def blind(cast: Cast, index: None) -> Blind:
    change_desk(actor=cast.dana, desk=cast.desk, values={"panels": "possible"})
    desk_pages.published(cast)
    Rating.objects.filter(scale__desk=cast.desk, key="true").update(label=LABEL)
    chosen = str(Rating.objects.get(scale__desk=cast.desk, key="true").pk)
    claim, review, source = desk_pages.ready(cast)
    sent = desk_pages.words(cast, source)
    said = {name: f"{VERDICT} {sent[name]}" for name in ("headline", "short_answer", "justification")}
    client = desk_pages.signed_in(cast.ada)
    assert client.post(f"/reviews/{review.pk}/submit/", {**sent, **said, "rating": chosen}).status_code == 303
    first = Verdict.objects.get(claim=claim)
    return_verdict(actor=cast.ben, verdict=first, comment=f"{VERDICT} comes from where?")
    review.refresh_from_db()
    save_draft(actor=cast.ada, review=review, data={"headline": f"{VERDICT} again"}, expected_version=None)
    assert client.post(f"/reviews/{review.pk}/submit/", {**sent, **said, "rating": chosen}).status_code == 303
    verdict = Verdict.objects.filter(claim=claim).latest("number")
    fresh = Verdict.objects.select_related("review__desk").get(pk=verdict.pk)
    propose_wording(
        actor=cast.ben, verdict=fresh, data=VerdictData.from_verdict(fresh), comment=f"{VERDICT} reads better"
    )
    fay, gus = (people.person(name, cast.desk, Role.REVIEWER) for name in ("Fay", "Gus"))
    decide(
        actor=cast.carla,
        evidence=source,
        stance="refutes",
        reason=f"{SAID} counts",
        interest=f"{SAID} owns it",
        according_to=f"{SAID} of the court",
        primacy="secondary",
    )
    tag_claim(actor=cast.carla, claim=claim, typed=TAG)
    confirmed = Match.objects.create(claim=claim, factcheck=cast.desk.factchecks.get())
    decide_match(actor=cast.carla, match=confirmed, confirmed=True)
    Claim.objects.filter(pk=claim.pk).update(**COUNTED)
    place = claim.appearances.first()
    note = write_note(actor=cast.ben, claim=claim, text=f"{SAID} makes it false, @Fay")
    edit_note(actor=cast.ben, note=note, text=f"{SAID} makes it quite false, @Fay")
    write_note(actor=cast.ben, evidence=source, text=f"{SAID} settles it, @Fay")
    if place is not None and place.document is not None:
        write_note(actor=cast.ben, document=place.document, desk=cast.desk, text=f"{SAID} is here too, @Fay")
    root = User.objects.create_superuser(
        email="root@desk.example", password=people.PASSWORD, display_name="Root"
    )
    panel = ask_panel(actor=cast.ada, review=fresh.review, readers=[fay, gus, root], needed=2)
    give_opinion(
        actor=gus, panel=panel, reason=f"{OPINION} says so.",
        rating=Rating.objects.get(scale=panel.scale, key="false"),
    )  # fmt: skip
    return Blind(cast, fresh, panel, fay, gus, root)


def read(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    said = " ".join(str(one) for one in get_messages(response.wsgi_request))
    return f"{response.headers} {body.decode('utf-8', 'replace')} {said}".casefold()


def meets(
    client: Client, path: str, words: tuple[str, ...], data: Any = None, method: str = "get"
) -> list[str]:
    with transaction.atomic():
        text = read(getattr(client, method)(path, data or {}))
        transaction.set_rollback(True)
    return [one for one in words if one.casefold() in text]


def everywhere(blind: Blind, client: Client, words: tuple[str, ...]) -> dict[str, list[str]]:
    """Return what of these words stands where, of all pages, files, feeds and answers to programs, and in the admin."""
    found: dict[str, list[str]] = {}
    slug = blind.cast.desk.slug
    check = blind.cast.desk.factchecks.first()
    assert check is not None
    chosen = Rating.objects.get(scale__desk=blind.cast.desk, label=LABEL)
    about = {model: ids[-1:] for model, ids in first_ids(50).items()}
    about |= {
        Claim: [blind.verdict.claim_id],
        Review: [blind.verdict.review_id],
        Verdict: list(Verdict.objects.filter(claim=blind.verdict.claim_id).values_list("pk", flat=True)),
        Panel: [blind.panel.pk],
    }
    tries: list[tuple[str, dict[str, str]]] = [
        (path, {}) for name, path in named_paths(slug, check.public_id, about) if name not in SKIPPED
    ]
    tries += [(f"/desk/{slug}/claims/", {"q": "bridge"}), (f"/desk/{slug}/search/", {"q": "bridge"})]
    for model in admin.site._registry:
        base = f"/admin/claims/{model._meta.model_name}/"
        if model._meta.model_name not in HOLDING:
            continue
        tries.append((base, {}))
        for pk in model._default_manager.order_by("-pk").values_list("pk", flat=True)[:4]:
            tries += [(f"{base}{pk}/change/", {}), (f"{base}{pk}/history/", {})]
    for verdict in Verdict.objects.all():
        tries.append((f"/admin/claims/claim/{verdict.claim_id}/verdict/{verdict.pk}/", {}))
    for path, data in tries:
        here = meets(client, path, words, data)
        if here:
            found[f"{path} {data or ''}"] = here
    ids = [str(pk) for pk in Claim.objects.values_list("pk", flat=True)]
    posts: list[tuple[str, dict[str, Any]]] = [
        ("/admin/claims/claim/", {"action": f"bulk_{act}", "_selected_action": ids, "index": "0"})
        for act in ("approve", "verdict", "export")
    ]
    posts += [
        (f"/reviews/{blind.verdict.review_id}/{act}/", {})
        for act in ("take-over", "take", "hand-over", "submit", "preview", "draft", "reopen")
    ]
    posts += [(f"/opinions/{blind.panel.pk}/{act}/", {}) for act in ("give", "end")]
    for path, data in posts:
        here = meets(client, path, words, data, "post")
        if here:
            found[f"POST {path} {data}"] = here
    # Whether the list holds the claim when it is narrowed to the verdict's rating tells the rating.
    listed = client.get(f"/desk/{slug}/claims/", {"rating": str(chosen.pk)}).content.decode()
    if f"/claims/{blind.verdict.claim_id}/" in listed and VERDICT in words:
        found["the list by rating"] = [LABEL]
    return found


def test_who_owes_an_opinion_meets_no_word_of_the_verdict_nor_of_another_opinion(blind: Blind) -> None:
    for person in (blind.fay, blind.root):
        found = everywhere(blind, desk_pages.signed_in(person), (VERDICT, OPINION, SAID, *FIGURES))
        assert found == {}, person


def test_nobody_meets_anothers_opinion_before_the_end(blind: Blind) -> None:
    for person in (blind.cast.ada, blind.cast.carla, blind.cast.dana):
        assert everywhere(blind, desk_pages.signed_in(person), (OPINION,)) == {}, person


def test_whoever_wrote_it_finds_their_own_opinion_and_the_verdict(blind: Blind) -> None:
    found = everywhere(blind, desk_pages.signed_in(blind.gus), (VERDICT, OPINION, SAID))
    assert SAID in found[f"/claims/{blind.verdict.claim_id}/ "]
    assert {path for path in found if path.startswith(("/admin/claims/evidence/", "/admin/claims/desknote/"))}
    assert OPINION in found[f"/reviews/{blind.verdict.review_id}/opinions/ "]
    assert VERDICT in found[f"/claims/{blind.verdict.claim_id}/ "]
    assert found["the list by rating"] == [LABEL]


def test_the_rating_is_kept_from_lists_and_files(blind: Blind) -> None:
    slug, claim = blind.cast.desk.slug, blind.verdict.claim_id
    for person, sees in ((blind.fay, ""), (blind.root, ""), (blind.cast.carla, LABEL)):
        client = desk_pages.signed_in(person)
        rows = client.get(f"/desk/{slug}/claims/").context["rows"]
        assert [row["verdict"] is not None for row in rows if row["claim"].pk == claim] == [bool(sees)]
        file = b"".join(client.get(f"/desk/{slug}/claims/list.csv").streaming_content).decode("utf-8-sig")
        assert [row["rating"] for row in csv.DictReader(io.StringIO(file)) if row["id"] == str(claim)] == [
            sees
        ]
        listed = client.get("/admin/claims/claim/").context["cl"].result_list
        assert [row.rating_label or "" for row in listed if row.pk == claim] == [sees]


def test_on_what_a_tag_stands_is_kept_from_whoever_owes_an_opinion(blind: Blind) -> None:
    slug, claim = blind.cast.desk.slug, blind.verdict.claim_id
    tag = Tag.objects.get(name=TAG)
    for person, sees in ((blind.fay, False), (blind.root, False), (blind.cast.ada, True)):
        client = desk_pages.signed_in(person)
        page = client.get(f"/claims/{claim}/")
        assert [one.name for one in page.context["tagged"]] == [TAG] * sees
        assert ('name="typed"' in page.content.decode()) is sees
        shown = client.get(f"/admin/claims/claim/{claim}/change/")
        assert [one.name for one in shown.context["tagged"]] == [TAG] * sees
        rows = client.get(f"/desk/{slug}/claims/").context["rows"]
        assert [TAG in [one.name for one in row["tags"]] for row in rows if row["claim"].pk == claim] == [
            sees
        ]
        for query in (f"tag={tag.pk}", f"tag={TAG}"):
            narrowed = client.get(f"/desk/{slug}/claims/?{query}").context["rows"]
            assert [row["claim"].pk for row in narrowed] == [claim] * sees
            told = client.get(f"/api/v1/claims/?{query}").json()["results"]
            assert TAG.isdecimal() or query != f"tag={TAG}" or [row["id"] for row in told] == [claim] * sees
        answer = client.get(f"/api/v1/claims/{claim}/").json()
        assert answer["tags"] == [TAG] * sees
        assert (answer["origins_found"], answer["primary_found"]) == (
            (COUNTED["origins_found"], COUNTED["primary_found"]) if sees else (None, None)
        )
        file = b"".join(client.get(f"/desk/{slug}/claims/list.csv").streaming_content).decode("utf-8-sig")
        [line] = [row for row in csv.DictReader(io.StringIO(file)) if row["id"] == str(claim)]
        assert (line["tags"], line["origins"]) == ((TAG, str(COUNTED["origins_found"])) if sees else ("", ""))
        assert client.get("/admin/claims/claimtag/").context["cl"].result_count == int(sees)
        counted = {row.name: row.claims for row in client.get(f"/desk/{slug}/tags/").context["tags"]}
        assert counted == {TAG: int(sees)}


def test_whoever_owes_an_opinion_learns_of_no_tag_by_typing_it(blind: Blind) -> None:
    claim, tag = blind.verdict.claim, Tag.objects.get(name=TAG)
    desk, now = blind.cast.desk, timezone.now()
    for person in (blind.fay, blind.root):
        answers = set()
        for typed in (TAG, "quite another word"):
            with pytest.raises(Refused) as refused:
                tag_claim(actor=person, claim=claim, typed=typed)
            answers.add(str(refused.value))
            act = foretold(person, [claim.pk], {"add": [typed], "take": []})
            with pytest.raises(Refused) as refused:
                act(claim, blind.verdict.review)
            answers.add(str(refused.value))
        with pytest.raises(Refused) as refused:
            untag_claim(actor=person, claim=claim, tag=tag)
        answers.add(str(refused.value))
        assert len(answers) == 1
    assert list(ClaimTag.objects.filter(claim=claim).values_list("tag__name", flat=True)) == [TAG]
    assert tag_claim(actor=blind.cast.carla, claim=claim, typed=TAG) == []
    both = tag_all(actor=blind.fay, desk=desk, claims=[claim.pk], take=[tag], now=now)
    assert list(both.refused) == [claim.pk]


def test_what_others_found_of_earlier_checks_is_as_the_machine_left_it(blind: Blind) -> None:
    claim = blind.verdict.claim_id
    match = Match.objects.get(claim=claim)
    for state in (Match.State.CONFIRMED, Match.State.REJECTED):
        Match.objects.update(state=state)
        for person, sees in ((blind.fay, False), (blind.root, False), (blind.cast.ada, True)):
            client = desk_pages.signed_in(person)
            for path in (f"/claims/{claim}/", f"/admin/claims/claim/{claim}/change/"):
                told = [(one.state, one.decided_by_id) for one in client.get(path).context["matches"]]
                mine = [] if state == Match.State.REJECTED else [(state, blind.cast.carla.pk)]
                assert told == (mine if sees else [(Match.State.SUGGESTED, None)]), path
            listed = client.get("/admin/claims/match/").context["cl"].result_list
            assert [row.state for row in listed] == [state if sees else Match.State.SUGGESTED]
            asked = client.get(f"/admin/claims/match/?state__exact={state}").context["cl"]
            assert asked.result_count == int(sees)
            log = client.get(f"/admin/claims/auditevent/?q={claim}").content.decode()
            assert ("match.decided" in log or "decided about an earlier fact check" in log) == sees
    with pytest.raises(Refused, match="Say first what you find"):
        decide_match(actor=blind.fay, match=match, confirmed=False)


def test_whom_a_source_relies_on_is_the_machines_reading_again(blind: Blind) -> None:
    claim = blind.verdict.claim_id
    row = Evidence.objects.get(claim=claim, according_to__startswith=SAID)
    for person, sees in ((blind.fay, False), (blind.root, False), (blind.cast.ada, True)):
        client = desk_pages.signed_in(person)
        board = client.get(f"/claims/{claim}/").context["evidence"]
        [shown] = [one for one in board.in_order if one.evidence.pk == row.pk]
        assert shown.evidence.primacy == ("secondary" if sees else "")
        assert (SAID in " ".join(one.name for one in shown.sources)) == sees
        assert board.counted.primary == int(not sees)
        narrowed = client.get("/admin/claims/evidence/?primacy__exact=secondary").context["cl"].result_list
        assert (row.pk in [one.pk for one in narrowed]) == sees


def test_orders_and_filters_by_what_is_kept_leave_the_claim_out(blind: Blind) -> None:
    slug, claim = blind.cast.desk.slug, blind.verdict.claim_id
    Claim.objects.filter(pk=claim).update(searched_at=timezone.now())
    for query in ("sort=origins", "evidence=found", "evidence=none"):
        for person, sees in (
            (blind.fay, False),
            (blind.root, False),
            (blind.cast.ada, query != "evidence=none"),
        ):
            client = desk_pages.signed_in(person)
            rows = client.get(f"/desk/{slug}/claims/?{query}").context["rows"]
            assert (claim in [row["claim"].pk for row in rows]) == sees, query
            file = b"".join(client.get(f"/desk/{slug}/claims/list.csv?{query}").streaming_content).decode()
            assert (f"/claims/{claim}/" in file) == sees, query


def test_once_it_has_ended_the_desk_reads_all_of_it(blind: Blind) -> None:
    end_panel(actor=blind.cast.ada, panel=blind.panel)
    for person in (blind.fay, blind.root, blind.cast.ada):
        page = read(desk_pages.signed_in(person).get(f"/claims/{blind.verdict.claim_id}/"))
        assert OPINION in page
        assert VERDICT in page
        assert SAID in page


def test_nothing_of_it_goes_out(blind: Blind) -> None:
    """Mail, the feed of what needs me, and keys of programs; and never anything public, ended or not."""
    cast = blind.cast
    for ended in (False, True):
        if ended:
            end_panel(actor=cast.ada, panel=blind.panel)
        for person in (blind.fay, cast.ada, cast.carla):
            told = lines(list(Notice.objects.visible_to(person).select_related("actor")), person)
            text = message(person, cast.desk, told, len(told)).body if told else ""
            token = renew_feed(actor=person)
            text += Client().get(f"/inbox/{token}/atom.xml").content.decode()
            assert OPINION not in text
            if person == blind.fay and not ended:
                assert VERDICT not in text
                assert SAID not in text
        row, secret = make_key(actor=cast.dana, desk=cast.desk, name="k", scopes=["read", "write", "feeds"])
        ApiKey.objects.filter(pk=row.pk).update(user=blind.fay)
        headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
        last = {model: ids[-1:] for model, ids in first_ids(50).items()}
        for name, path in named_paths(cast.desk.slug, "x", last):
            if name.startswith(("api-", "feed-", "google-", "public-")):
                text = read(Client().get(path, **headers)) + read(Client().get(path))  # type: ignore[arg-type]
                assert OPINION not in text or (ended and name.startswith("api-")), path
