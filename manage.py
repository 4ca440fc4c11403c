#!/usr/bin/env python
"""Django's command line for the workbench; what the machine cannot do is one sentence."""

from __future__ import annotations

import os
import sys


def main(arguments: list[str]) -> None:
    """Run one command; raises SystemExit with status 1 and a sentence where no traceback would help."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from claims.jobs.frames import call_with_room

    try:
        call_with_room(execute_from_command_line, arguments)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except Exception as error:
        from claims.actions.installation.troubles import sentence_for

        sentence = sentence_for(error)
        if sentence is None:
            raise
        sys.exit(sentence)


if __name__ == "__main__":
    main(sys.argv)
