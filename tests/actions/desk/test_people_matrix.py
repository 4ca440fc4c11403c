"""What may a desk's administrator do to whose account? A written decision for every act, person and path.

The people, seen from North, whose administrator Dana acts:

newcomer     nobody yet                              new        made at North, never signed in
own          works at North only                     other      works at South only, never signed in
several      works at both                           closed     works at South only, account closed
super        runs the installation, no desk          super here runs the installation, works at North
gone         has an account and no desk              closed own works at North only, account closed by North

Decisions: ``now`` the roles are held at once · ``invited`` nothing but an invitation · ``link`` a link that signs
in · ``done`` it happens · ``no`` refused, and nothing at all has changed.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from claims.actions import base
from claims.actions.desk import accounts, invitations, second_factors
from claims.models import ApiKey, AuditEvent, Invitation, Membership, User
from claims.vocabulary import Role
from tests.people import PASSWORD, Cast, person

pytestmark = pytest.mark.django_db
PEOPLE = "/desk/north/settings/people/"

WHO = ("new", "own", "several", "other", "closed", "closed own", "super", "super here", "gone")
#: Act, then one decision for each of the people above.
TABLE = {
    "add": "now now now invited invited now invited now invited",
    "roles": "done done done no no done no done no",
    "remove": "done done done no no done no done no",
    "link": "link link no no no no no no no",
    "factor": "done done no no no no no no no",
    "deactivate": "done done no no no done no no no",
    "reactivate": "done done no no no done no no no",
}
CASES = [
    (act, who, decision)
    for act, line in TABLE.items()
    for who, decision in zip(WHO, line.split(), strict=True)
]


@pytest.fixture
def people(cast: Cast, settings: Any) -> dict[str, User]:
    """One person of every kind."""
    new = accounts.make_person(
        actor=cast.dana,
        desk=cast.desk,
        email="new@desk.example",
        display_name="New",
        roles=[Role.CONTRIBUTOR],
    )
    assert isinstance(new, User)
    several = person("Several", cast.desk, Role.CONTRIBUTOR)
    Membership.objects.create(desk=cast.other_desk, user=several, role=Role.DESK_EDITOR)
    closed = person("Closed", cast.other_desk, Role.CONTRIBUTOR)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    here = person("Superhere", cast.desk, Role.CONTRIBUTOR)
    running = person("Super")
    User.objects.filter(pk__in=[here.pk, running.pk]).update(is_superuser=True)
    closed_own = person("Closedown", cast.desk, Role.CONTRIBUTOR)
    accounts.deactivate(actor=cast.dana, desk=cast.desk, user=closed_own)
    made = {
        "new": new,
        "own": cast.eli,
        "several": several,
        "other": cast.otto,
        "closed": closed,
        "closed own": closed_own,
        "super": running,
        "super here": here,
        "gone": person("Gone"),
    }
    # Everybody has lost their second factor.
    settings.SECOND_FACTOR = True
    for user in made.values():
        Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    return {kind: User.objects.get(pk=user.pk) for kind, user in made.items()}


def state() -> list[Any]:
    """Return all that these acts could change."""
    return [
        sorted(Membership.objects.values_list("desk", "user", "role")),
        sorted(
            User.objects.values_list("pk", "is_active", "is_superuser", "session_epoch", "password", "email")
        ),
        sorted(Invitation.objects.values_list("desk", "user", "state")),
        sorted(Authenticator.objects.values_list("user", flat=True)),
        AuditEvent.objects.count(),
    ]


def by_action(act: str, cast: Cast, who: User) -> str:
    """Do it as Dana through the action; return what came of it."""
    given: dict[str, Any] = {"actor": cast.dana, "desk": cast.desk}
    try:
        if act == "add":
            made = accounts.make_person(
                **given, email=who.email.upper(), display_name="As typed", roles=[Role.REVIEWER]
            )
            return "invited" if isinstance(made, Invitation) else "now"
        if act == "link":
            return "link" if accounts.login_link(**given, user=who) else ""
        if act in ("roles", "remove"):
            accounts.set_roles(**given, user=who, roles=[Role.REVIEWER] if act == "roles" else [])
        elif act == "factor":
            second_factors.take_off(**given, user=who)
        else:
            getattr(accounts, act)(**given, user=who)
    except base.Refused:
        return "no"
    return "done"


def by_page(act: str, cast: Cast, who: User) -> str:
    """Do it as Dana through the page; return what came of it."""
    client = Client()
    client.force_login(cast.dana)
    # Signing in is no act on anybody else.
    before = state()
    if act == "add":
        sent: dict[str, Any] = {"email": who.email, "display_name": "As typed", "roles": "reviewer"}
        answer = client.post(PEOPLE, sent)
        if answer.status_code not in (200, 303):
            return "no"
        fresh = Membership.objects.filter(desk=cast.desk, user=who, role=Role.REVIEWER).exists()
        if not fresh:
            assert b"/login/link/" not in answer.content
        return "now" if fresh else "invited"
    answer = client.post(f"{PEOPLE}{who.pk}/{act}/", {"roles": "reviewer"} if act == "roles" else {})
    if answer.status_code == 303:
        return "done"
    if answer.status_code == 200:
        return "link" if b"/login/link/" in answer.content else "?"
    assert answer.status_code in (403, 404, 422)
    assert state() == before
    return "no"


@pytest.mark.parametrize("way", [by_action, by_page])
@pytest.mark.parametrize(("act", "who", "decision"), CASES)
def test_the_decision_is_kept(
    act: str, who: str, decision: str, way: Any, cast: Cast, people: dict[str, User]
) -> None:
    subject = people[who]
    before = state()
    assert way(act, cast, subject) == decision
    now = User.objects.get(pk=subject.pk)
    # Whatever happens, nobody else's desk is touched and no password or address changes hands.
    assert now.password == subject.password
    assert now.email == subject.email
    foreign = [row for row in before[0] if row[0] == cast.other_desk.pk]
    assert [row for row in state()[0] if row[0] == cast.other_desk.pk] == foreign
    if decision == "no":
        assert state() == before
    if decision == "invited":
        assert state()[0] == before[0]
        assert cast.desk.roles_of(now) == (frozenset(Role) if now.is_superuser else frozenset())
    if act in ("roles", "remove"):
        assert (now.is_active, now.session_epoch) == (subject.is_active, subject.session_epoch)
    if (act, decision) == ("factor", "done"):
        assert not Authenticator.objects.filter(user=now).exists()
        assert now.session_epoch > subject.session_epoch
    if (act, decision) == ("deactivate", "done"):
        assert not now.is_active
    if (act, decision) == ("reactivate", "done"):
        assert now.is_active


@pytest.mark.parametrize("act", ["add", "change", "delete"])
@pytest.mark.parametrize("model", ["user", "membership", "invitation", "apikey"])
def test_the_admin_writes_no_account_and_shows_none_of_other_desks(
    act: str, model: str, cast: Cast, people: dict[str, User]
) -> None:
    invite(cast, people["other"])
    before = state()
    client = Client()
    client.force_login(cast.dana)
    base_path = f"/admin/claims/{model}/"
    tried = [base_path + "add/"] if act == "add" else []
    if act != "add":
        rows = {"user": people.values(), "membership": Membership.objects.all()}.get(model, ())
        tried = [f"{base_path}{row.pk}/{act}/" for row in rows]
    for address in tried:
        answer = client.post(address, {"post": "yes", "roles": "administrator", "is_active": ""})
        assert answer.status_code in (403, 404), address
    listed = client.get(base_path).content.decode()
    for stranger in ("other", "closed", "gone", "super"):
        assert people[stranger].display_name not in re.sub(r"super ?here", "", listed, flags=re.I) or (
            stranger == "closed" and "Closedown" in listed
        )
    assert state() == before


@pytest.mark.parametrize("who", ["other", "closed", "super", "gone"])
def test_the_page_answers_alike_whoever_the_address_belongs_to(
    who: str, cast: Cast, people: dict[str, User]
) -> None:
    client = Client()
    client.force_login(cast.dana)

    def told(subject: User) -> str:
        sent = {"email": subject.email, "display_name": "As typed", "roles": "reviewer"}
        page = client.post(PEOPLE, sent, follow=True).content.decode()
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
        page = re.sub(r"/invitations/\d+/", "/invitations/n/", page)
        assert subject.display_name not in page.replace(subject.email, "").replace("Superhere", "").replace(
            "Closedown", ""
        )
        invitation = Invitation.objects.get(user=subject)
        invitations.withdraw(actor=cast.dana, invitation=invitation)
        return re.sub(r"<time[^>]*>[^<]*</time>", "", page.replace(subject.email, "ADDRESS"))

    assert told(people[who]) == told(people["other" if who != "other" else "gone"])


# Invitations


def invite(cast: Cast, who: User, *roles: Role, actor: User | None = None) -> Invitation:
    made = accounts.make_person(
        actor=actor or cast.dana,
        desk=cast.desk,
        email=who.email,
        display_name="As typed",
        roles=list(roles or (Role.REVIEWER,)),
    )
    assert isinstance(made, Invitation)
    return made


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_somebody_known_accepts_and_works_at_both_desks(cast: Cast) -> None:
    invitation = invite(cast, cast.otto)
    client = browser(cast.otto)
    assert client.get("/desk/north/").status_code == 404
    assert "has invited you" in client.get("/desk/south/").content.decode()
    page = client.get("/profile/desks/").content.decode()
    assert "North Desk" in page
    assert "reviewer" in page
    client.post(f"/invitations/{invitation.pk}/answer/", {"decision": "accept"})
    assert cast.desk.roles_of(cast.otto) == {Role.REVIEWER}
    assert Role.DESK_EDITOR in cast.other_desk.roles_of(cast.otto)
    assert client.get("/desk/north/").status_code == 200
    verbs = (
        AuditEvent.objects.about("invitation", invitation.pk).order_by("id").values_list("verb", flat=True)
    )
    assert list(verbs) == ["invitation.made", "invitation.accepted"]


def test_a_declined_invitation_gives_nothing_and_cannot_be_accepted_later(cast: Cast) -> None:
    invitation = invite(cast, cast.otto)
    client = browser(cast.otto)
    client.post(f"/invitations/{invitation.pk}/answer/", {"decision": "decline"})
    assert client.post(f"/invitations/{invitation.pk}/answer/", {"decision": "accept"}).status_code == 409
    assert cast.desk.roles_of(cast.otto) == frozenset()


def test_nobody_answers_for_somebody_else(cast: Cast) -> None:
    invitation = invite(cast, cast.otto)
    for who in (cast.dana, cast.ada):
        answer = browser(who).post(f"/invitations/{invitation.pk}/answer/", {"decision": "accept"})
        assert answer.status_code == 404
        with pytest.raises(base.NotAllowed):
            invitations.accept(actor=who, invitation=invitation)
    assert cast.desk.roles_of(cast.otto) == frozenset()


def test_an_invitation_is_listed_for_administrators_and_withdrawn_by_them(cast: Cast) -> None:
    invitation = invite(cast, cast.otto)
    assert cast.otto.email in browser(cast.dana).get(PEOPLE).content.decode()
    assert cast.otto.email not in browser(cast.carla).get(PEOPLE).content.decode()
    address = f"/desk/north/settings/invitations/{invitation.pk}/withdraw/"
    assert browser(cast.carla).post(address).status_code == 403
    assert browser(cast.dana).post(address).status_code == 303
    with pytest.raises(base.Stale, match="withdrawn already"):
        invitations.accept(actor=cast.otto, invitation=invitation)


def test_a_second_invitation_replaces_the_first(cast: Cast) -> None:
    first = invite(cast, cast.otto, Role.ADMINISTRATOR)
    second = invite(cast, cast.otto, Role.CONTRIBUTOR)
    with pytest.raises(base.Stale):
        invitations.accept(actor=cast.otto, invitation=first)
    invitations.accept(actor=cast.otto, invitation=second)
    assert cast.desk.roles_of(cast.otto) == {Role.CONTRIBUTOR}


def test_an_invitation_lapses(cast: Cast) -> None:
    invitation = invite(cast, cast.otto)
    later = timezone.now() + Invitation.LIFETIME
    with pytest.raises(base.Refused, match="too old"):
        invitations.accept(actor=cast.otto, invitation=invitation, now=later)


def test_an_invitation_does_not_outlive_the_office_of_who_wrote_it(cast: Cast) -> None:
    second = person("Second", cast.desk, Role.ADMINISTRATOR)
    invitation = invite(cast, cast.otto, Role.ADMINISTRATOR, actor=second)
    accounts.set_roles(actor=cast.dana, desk=cast.desk, user=second, roles=[])
    with pytest.raises(base.Refused, match="no longer administers"):
        invitations.accept(actor=cast.otto, invitation=invitation)
    assert cast.desk.roles_of(cast.otto) == frozenset()


# Links


def spend(path: str) -> int:
    return Client().post(path).status_code


@pytest.mark.parametrize("change", ["joins", "invited", "super", "removed", "maker", "closed"])
def test_a_link_dies_with_what_allowed_it(change: str, cast: Cast) -> None:
    """A link made early must not be a way into what the person is given later."""
    second = person("Second", cast.desk, Role.ADMINISTRATOR)
    path = accounts.login_link(actor=second, desk=cast.desk, user=cast.eli)
    if change == "joins":
        Membership.objects.create(desk=cast.other_desk, user=cast.eli, role=Role.CONTRIBUTOR)
    elif change == "invited":
        Membership.objects.create(desk=cast.other_desk, user=cast.otto, role=Role.ADMINISTRATOR)
        accounts.make_person(
            actor=cast.otto,
            desk=cast.other_desk,
            email=cast.eli.email,
            display_name="Eli",
            roles=[Role.DESK_EDITOR],
        )
    elif change == "super":
        User.objects.filter(pk=cast.eli.pk).update(is_superuser=True)
    elif change == "removed":
        accounts.set_roles(actor=cast.dana, desk=cast.desk, user=cast.eli, roles=[])
    elif change == "maker":
        accounts.set_roles(actor=cast.dana, desk=cast.desk, user=second, roles=[])
    else:
        accounts.deactivate(actor=cast.dana, desk=cast.desk, user=cast.eli)
        accounts.reactivate(actor=cast.dana, desk=cast.desk, user=cast.eli)
    assert spend(path) == 410


def test_a_desk_makes_no_link_for_whom_another_has_invited(cast: Cast) -> None:
    Membership.objects.create(desk=cast.other_desk, user=cast.otto, role=Role.ADMINISTRATOR)
    accounts.make_person(
        actor=cast.otto,
        desk=cast.other_desk,
        email=cast.eli.email,
        display_name="E",
        roles=[Role.DESK_EDITOR],
    )
    with pytest.raises(base.NotAllowed):
        accounts.login_link(actor=cast.dana, desk=cast.desk, user=cast.eli)
    with pytest.raises(base.NotAllowed):
        accounts.deactivate(actor=cast.dana, desk=cast.desk, user=cast.eli)


def test_only_administrators_of_the_desk_make_links(cast: Cast) -> None:
    Membership.objects.create(desk=cast.other_desk, user=cast.otto, role=Role.ADMINISTRATOR)
    for who in (cast.ada, cast.ben, cast.carla, cast.eli, cast.otto):
        with pytest.raises(base.NotAllowed):
            accounts.login_link(actor=who, desk=cast.desk, user=cast.eli)


def test_who_runs_the_installation_makes_links_for_people_of_several_desks(
    cast: Cast, people: dict[str, User]
) -> None:
    for kind, allowed in (("several", True), ("own", True), ("super here", False), ("closed own", False)):
        try:
            path = accounts.login_link(actor=people["super"], desk=cast.desk, user=people[kind])
        except base.Refused:
            assert not allowed, kind
        else:
            assert allowed, kind
            assert spend(path) == 303


# Leaving


def test_who_is_removed_keeps_the_account_and_loses_the_desk(cast: Cast) -> None:
    client = browser(cast.eli)
    assert client.get("/desk/north/").status_code == 200
    browser(cast.dana).post(f"{PEOPLE}{cast.eli.pk}/remove/")
    assert client.get("/desk/north/").status_code == 404
    assert client.get("/profile/").status_code == 200
    assert Client().login(username=cast.eli.email, password=PASSWORD)


def test_somebody_leaves_by_themselves(cast: Cast) -> None:
    client = browser(cast.eli)
    assert client.post("/profile/desks/south/leave/").status_code == 404
    assert client.post("/profile/desks/north/leave/").status_code == 303
    assert cast.desk.roles_of(cast.eli) == frozenset()
    assert User.objects.get(pk=cast.eli.pk).is_active
    last = browser(cast.dana).post("/profile/desks/north/leave/")
    assert last.status_code == 422
    assert "needs an administrator" in last.content.decode()


def test_the_last_administrator_stays_even_against_who_runs_the_installation(
    cast: Cast, people: dict[str, User]
) -> None:
    for act in (
        lambda: accounts.set_roles(actor=people["super"], desk=cast.desk, user=cast.dana, roles=[]),
        lambda: accounts.deactivate(actor=people["super"], desk=cast.desk, user=cast.dana),
    ):
        with pytest.raises(base.Refused, match="needs an administrator"):
            act()


def test_an_account_that_the_installation_closed_is_not_the_desks_to_open(
    cast: Cast, people: dict[str, User]
) -> None:
    accounts.deactivate(actor=people["super"], desk=cast.desk, user=cast.eli)
    with pytest.raises(base.NotAllowed, match="did not close this account"):
        accounts.reactivate(actor=cast.dana, desk=cast.desk, user=cast.eli)
    accounts.reactivate(actor=people["super"], desk=cast.desk, user=cast.eli)
    assert User.objects.get(pk=cast.eli.pk).is_active


def test_a_desk_takes_back_somebody_it_made_and_lost(cast: Cast, people: dict[str, User]) -> None:
    new = people["new"]
    accounts.set_roles(actor=cast.dana, desk=cast.desk, user=new, roles=[])
    again = accounts.make_person(
        actor=cast.dana, desk=cast.desk, email=new.email, display_name="New", roles=[Role.CONTRIBUTOR]
    )
    assert again == new
    assert accounts.login_link(actor=cast.dana, desk=cast.desk, user=new)


@pytest.mark.parametrize(
    "since", ["super", "closed", "works elsewhere", "invited elsewhere", "worked elsewhere"]
)
def test_a_desk_takes_back_nobody_who_became_more_than_its_own(
    since: str, cast: Cast, people: dict[str, User]
) -> None:
    new = people["new"]
    accounts.set_roles(actor=cast.dana, desk=cast.desk, user=new, roles=[])
    Membership.objects.create(desk=cast.other_desk, user=cast.otto, role=Role.ADMINISTRATOR)
    if since == "super":
        User.objects.filter(pk=new.pk).update(is_superuser=True)
    elif since == "closed":
        User.objects.filter(pk=new.pk).update(is_active=False)
    elif since == "works elsewhere":
        Membership.objects.create(desk=cast.other_desk, user=new, role=Role.CONTRIBUTOR)
    else:
        invitation = accounts.make_person(
            actor=cast.otto, desk=cast.other_desk, email=new.email, display_name="N", roles=[Role.REVIEWER]
        )
        assert isinstance(invitation, Invitation)
        if since == "worked elsewhere":
            invitations.accept(actor=new, invitation=invitation)
            accounts.leave(actor=new, desk=cast.other_desk)
    made = accounts.make_person(
        actor=cast.dana, desk=cast.desk, email=new.email, display_name="New", roles=[Role.CONTRIBUTOR]
    )
    assert isinstance(made, Invitation)
    assert not Membership.objects.filter(desk=cast.desk, user=new).exists()


@pytest.mark.parametrize("way", ["removed", "deactivated", "left", "by hand"])
def test_a_key_of_somebody_who_left_opens_nothing(way: str, cast: Cast) -> None:
    from claims.actions.desk.api_keys import make_key

    second = person("Second", cast.desk, Role.ADMINISTRATOR, Role.FACT_CHECKER)
    Membership.objects.create(desk=cast.other_desk, user=second, role=Role.FACT_CHECKER)
    if way == "deactivated":
        Membership.objects.filter(desk=cast.other_desk, user=second).delete()
    key, text = make_key(actor=second, desk=cast.desk, name="Script", scopes=["read", "write"])
    client = Client(headers={"Authorization": f"Bearer {text}"})
    assert client.get("/api/v1/claims/").status_code == 200
    if way == "removed":
        accounts.set_roles(actor=cast.dana, desk=cast.desk, user=second, roles=[])
    elif way == "deactivated":
        accounts.deactivate(actor=cast.dana, desk=cast.desk, user=second)
    elif way == "left":
        accounts.leave(actor=second, desk=cast.desk)
    else:
        Membership.objects.filter(desk=cast.desk, user=second).delete()
    assert client.get("/api/v1/claims/").status_code == 401
    assert client.post("/api/v1/documents/", {"text": "Fees rose."}).status_code == 401
    if way != "by hand":
        assert ApiKey.objects.get(pk=key.pk).revoked_at is not None
        assert AuditEvent.objects.filter(verb="apikey.revoked", object_id=key.pk).exists()
