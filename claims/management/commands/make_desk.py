"""Make a desk with its archive, rating scale and an administrator, and write down how they come in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.actions.base import Refused
from claims.actions.desk.setup import desk_by_link, first_desk
from claims.actions.publishing.payload import absolute


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--slug", default="desk")
        parser.add_argument("--name", default="Fact-check desk")
        parser.add_argument("--email", help="The administrator's address; needed with --link.")
        parser.add_argument("--person", default="Administrator", help="Their name, as colleagues read it.")
        parser.add_argument("--link", action="store_true", help="Print a one-time link, make no password.")

    def handle(
        self, *, slug: str, name: str, email: str | None, person: str, link: bool, **options: Any
    ) -> None:
        if link and not email:
            raise CommandError("Say with --email for whom the link is.")
        try:
            if link:
                desk, path = desk_by_link(slug=slug, name=name, email=str(email), person=person)
            else:
                people = [(email or "admin@desk.invalid", person, ["administrator", "desk_editor"])]
                desk, path = first_desk(slug=slug, name=name, people=people), ""
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        # With --link the link is printed and nothing else, for whoever passes it on.
        say = self.stderr if link else self.stdout
        say.write(f"The desk “{desk.name}” is ready.")
        for invitation in desk.invitations.all():
            say.write(
                f"{invitation.email} is known already and has been invited: they accept under “My desks” "
                "after signing in as before."
            )
        if path:
            self.stdout.write(absolute(path))
