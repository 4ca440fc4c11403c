"""The named cast of the tests: two desks, their archives, and who may do what at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from claims.models import Archive, Desk, Membership, Rating, RatingScale, User
from claims.models.fields import key_of
from claims.vocabulary import Finding, Role

PASSWORD = "a long enough password"
#: The labels of a desk's scale: key, words, what they find, and their number.
_LABELS = (
    ("false", "False", Finding.REFUTED, 1),
    ("misleading", "Misleading", Finding.CONFLICTING, 2),
    ("true", "True", Finding.SUPPORTED, 5),
    ("unproven", "Unproven", Finding.NOT_ENOUGH, None),
)


@dataclass(frozen=True)
class Cast:
    """Ada writes, Ben approves, Carla edits, Dana administers, Eli contributes; Otto works elsewhere."""

    desk: Desk
    other_desk: Desk
    ada: User
    ben: User
    carla: User
    dana: User
    eli: User
    otto: User

    @property
    def author(self) -> User:
        return self.ada

    @property
    def approver(self) -> User:
        return self.ben

    @property
    def editor(self) -> User:
        return self.carla

    @property
    def administrator(self) -> User:
        return self.dana

    @property
    def contributor(self) -> User:
        return self.eli

    @property
    def outsider(self) -> User:
        return self.otto


def person(name: str, desk: Desk | None = None, *roles: Role) -> User:
    """Make one person with an e-mail address after their name, and their roles at a desk."""
    user = User.objects.create_user(password=PASSWORD, **_about(name))
    for role in roles:
        assert desk is not None
        Membership.objects.create(desk=desk, user=user, role=role)
    return user


def _about(name: str) -> dict[str, Any]:
    return {
        "email": f"{name.lower()}@desk.example",
        "display_name": name,
        "public_name": f"{name} Example",
        "is_staff": True,
    }


def make_desk(slug: str, name: str, *, default: bool = False) -> Desk:
    """Make a desk with an archive of its own and a current rating scale of four labels."""
    return _desks((slug, name, default))[0]


def _desks(*wanted: tuple[str, str, bool]) -> list[Desk]:
    """Make desks, one statement for each kind of row: most tests begin with them."""
    desks = Desk.objects.bulk_create(
        Desk(
            slug=slug,
            name=name,
            is_default=default,
            feed_title=f"{name} fact checks",
            newsroom_url=f"https://{slug}.example/",
        )
        for slug, name, default in wanted
    )
    Archive.objects.bulk_create(
        Archive(slug=desk.slug, name=f"{desk.name} archive", desk=desk) for desk in desks
    )
    scales = RatingScale.objects.bulk_create(
        RatingScale(desk=desk, version=1, name="Truth", is_current=True) for desk in desks
    )
    Rating.objects.bulk_create(
        Rating(
            scale=scale,
            position=position,
            key=key,
            label=label,
            definition=f"What {label.lower()} means here.",
            finding=finding,
            value=value,
        )
        for scale in scales
        for position, (key, label, finding, value) in enumerate(_LABELS)
    )
    return desks


def make_cast() -> Cast:
    """Make both desks and everybody who works at them."""
    desk, other = _desks(("north", "North Desk", True), ("south", "South Desk", False))
    roles = {
        "Ada": (desk, Role.FACT_CHECKER),
        "Ben": (desk, Role.FACT_CHECKER, Role.REVIEWER),
        "Carla": (desk, Role.DESK_EDITOR),
        "Dana": (desk, Role.ADMINISTRATOR),
        "Eli": (desk, Role.CONTRIBUTOR),
        "Otto": (other, Role.FACT_CHECKER, Role.REVIEWER, Role.DESK_EDITOR),
    }
    people = [User(email_key=key_of(f"{name}@desk.example"), **_about(name)) for name in roles]
    for user in people:
        user.set_password(PASSWORD)
    User.objects.bulk_create(people)
    Membership.objects.bulk_create(
        Membership(desk=where, user=user, role=role)
        for user, (where, *held) in zip(people, roles.values(), strict=True)
        for role in held
    )
    return Cast(desk, other, *people)
