"""Is the database that of this release, and if it is an older one, how is it brought up without losing it?"""

from __future__ import annotations

from collections.abc import Callable

from django.core.management import call_command

from claims.actions import base
from claims.actions.installation import backup, schema

Say = Callable[[str], None]


def bring_up_to_date(*, with_copy: bool = True, say: Say = lambda sentence: None) -> list[str]:
    """Apply what is to be applied, keeping a copy of a filled database first; returns the names.

    Raises Refused for a database of a newer release, and where the copy cannot be written.
    """
    newer = schema.unknown()
    if newer:
        raise base.Refused(
            f"The database is of a newer release ({newer[-1]} is not known here): update the program, or restore"
            " a backup that was made with this release."
        )
    waiting = schema.waiting()
    if not waiting:
        return []
    if with_copy and schema.applied() and schema.is_filled():
        ours = [name for name in waiting if name.startswith("claims.")] or waiting
        say("Keeping a copy of the database before it is changed …")
        try:
            made = backup.copy_before(ours[0].replace(".", "-"))
        except base.Refused as refusal:
            raise base.Refused(
                f"{refusal} The database was not changed: make room and start again, or give the copy up with"
                " “manage.py prepare --without-copy”."
            ) from refusal
        say(f"The copy lies in {made.path} ({made.size:,} bytes; the last {backup.KEPT} are kept).")
    say("Preparing the database …")
    call_command("migrate", verbosity=0, interactive=False)
    return waiting
