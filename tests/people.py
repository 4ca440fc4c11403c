"""The named cast of the tests: two desks, their archives, and who may do what at them."""

from __future__ import annotations

from dataclasses import dataclass

from claims.models import Archive, Desk, Membership, Rating, RatingScale, User
from claims.vocabulary import Finding, Role

PASSWORD = "a long enough password"


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
    user = User.objects.create_user(
        email=f"{name.lower()}@desk.example",
        password=PASSWORD,
        display_name=name,
        public_name=f"{name} Example",
        is_staff=True,
    )
    for role in roles:
        assert desk is not None
        Membership.objects.create(desk=desk, user=user, role=role)
    return user


def make_desk(slug: str, name: str, *, default: bool = False) -> Desk:
    """Make a desk with an archive of its own and a current rating scale of four labels."""
    desk = Desk.objects.create(
        slug=slug,
        name=name,
        is_default=default,
        feed_title=f"{name} fact checks",
        newsroom_url=f"https://{slug}.example/",
    )
    Archive.objects.create(slug=slug, name=f"{name} archive", desk=desk)
    scale = RatingScale.objects.create(desk=desk, version=1, name="Truth", is_current=True)
    for position, (key, label, finding, value) in enumerate(
        (
            ("false", "False", Finding.REFUTED, 1),
            ("misleading", "Misleading", Finding.CONFLICTING, 2),
            ("true", "True", Finding.SUPPORTED, 5),
            ("unproven", "Unproven", Finding.NOT_ENOUGH, None),
        )
    ):
        Rating.objects.create(
            scale=scale,
            position=position,
            key=key,
            label=label,
            definition=f"What {label.lower()} means here.",
            finding=finding,
            value=value,
        )
    return desk


def make_cast() -> Cast:
    """Make both desks and everybody who works at them."""
    desk = make_desk("north", "North Desk", default=True)
    other = make_desk("south", "South Desk")
    return Cast(
        desk=desk,
        other_desk=other,
        ada=person("Ada", desk, Role.FACT_CHECKER),
        ben=person("Ben", desk, Role.FACT_CHECKER, Role.REVIEWER),
        carla=person("Carla", desk, Role.DESK_EDITOR),
        dana=person("Dana", desk, Role.ADMINISTRATOR),
        eli=person("Eli", desk, Role.CONTRIBUTOR),
        otto=person("Otto", other, Role.FACT_CHECKER, Role.REVIEWER, Role.DESK_EDITOR),
    )
