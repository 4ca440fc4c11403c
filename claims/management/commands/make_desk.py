"""Make a desk with its archive, rating scale and an administrator, and write down how they come in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.actions.base import Refused
from claims.actions.desk.setup import first_desk


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--slug", default="desk")
        parser.add_argument("--name", default="Fact-check desk")
        parser.add_argument("--email", default="admin@desk.invalid")
        parser.add_argument("--person", default="Administrator")

    def handle(self, *, slug: str, name: str, email: str, person: str, **options: Any) -> None:
        try:
            desk = first_desk(
                slug=slug, name=name, people=[(email, person, ["administrator", "desk_editor"])]
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"The desk “{desk.name}” is ready.")
        for invitation in desk.invitations.all():
            self.stdout.write(
                f"{invitation.email} is known already and has been invited: they accept under “My desks” "
                "after signing in as before."
            )
