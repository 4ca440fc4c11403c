"""Print a link that signs one person in once, within a day: for whoever runs this installation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.actions.base import Refused
from claims.actions.desk.accounts import login_link
from claims.actions.publishing.payload import absolute
from claims.models import User
from claims.models.fields import key_of


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="The e-mail address of the person.")

    def handle(self, *, email: str, **options: Any) -> None:
        person = User.objects.filter(email_key=key_of(email)).first()
        if person is None:
            raise CommandError(f"Nobody here has the e-mail address “{email}”.")
        try:
            link = login_link(actor=None, desk=None, user=person)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(absolute(link))
