"""Make a desk of very many claims, to see how pages and acts behave there. For empty or throwaway databases.

Written past the actions, in bulk: claims, claimants, reviews in every state, verdicts of the decided ones, and around
them articles, appearances, searches, evidence and the log. Nothing is published: fact checks are frozen for ever and
are made by people alone.
"""

from __future__ import annotations

import random
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from claims.actions.desk.very_many import fill, make_people


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("claims", type=int, help="How many claims, for example 100000.")
        parser.add_argument(
            "--desk", default="scale", help="Address name of the desk; made where it is not there."
        )
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--bare",
            action="store_true",
            help="Without articles, searches, evidence and log: a third of the time.",
        )

    def handle(self, *, claims: int, desk: str, seed: int, bare: bool, **options: Any) -> None:
        if not 1 <= claims <= 5_000_000:
            raise CommandError("Say how many claims, from 1 to 5,000,000.")
        place = make_people(desk)
        begun = timezone.now()
        done = 0
        for done in fill(place, claims, dice=random.Random(seed), bare=bare):  # noqa: S311
            self.stderr.write(f"{done:,} / {claims:,}")
        seconds = (timezone.now() - begun).total_seconds()
        self.stdout.write(
            f"{done:,} claims at the desk “{desk}” in {seconds:.0f} s; sign in: manage.py login_link "
            f"{place.editor.email}"
        )
