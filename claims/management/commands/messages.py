"""``manage.py messages``: bring the translations of the interface into step with what the code says."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.management import messages


class Command(BaseCommand):
    help = (
        "Collect what code and templates say into locale/*/LC_MESSAGES/django.po, and compile it. "
        "Needs no GNU gettext."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail where something is to do"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        template = messages.collected()
        troubles = []
        for language, _name in settings.LANGUAGES:
            if language == "en":
                # The sentences in the code are the English ones.
                continue
            if options["check"]:
                catalog = messages.standing(language)
                troubles += messages.out_of_step(catalog, template)
            else:
                catalog = messages.merged(language, template)
                messages.store(catalog, language)
            gaps, mistakes = messages.missing(catalog), messages.mistakes(catalog)
            self.stderr.write(f"{language}: {len(catalog)} sentences, {len(gaps)} without a translation.")
            troubles += [f"no translation: {one.id!r}" for one in gaps] + mistakes
        for trouble in troubles:
            self.stdout.write(trouble)
        if options["check"] and troubles:
            raise CommandError(f"{len(troubles)} sentences need somebody: translate them, or run messages.")
