"""Take the second factor off somebody who has lost it: for whoever runs this installation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.actions.base import Refused
from claims.models import User
from claims.models.fields import key_of


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="The e-mail address of the person.")

    def handle(self, *, email: str, **options: Any) -> None:
        if not settings.AUTH_EXTRA:
            raise CommandError("Second factors need the extra “auth”, which is not installed here.")
        from claims.actions.desk import second_factors

        person = User.objects.filter(email_key=key_of(email)).first()
        if person is None:
            raise CommandError(f"Nobody here has the e-mail address “{email}”.")
        try:
            second_factors.take_off(actor=None, desk=None, user=person)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{person.display_name} has no second factor now.")
