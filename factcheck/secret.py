"""The installation's secret key: generated once, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_SHORTEST = 40


def installation_key(path: Path) -> str:
    """Return the key at ``path``, making it (mode 0600) on first use.

    Raises ImproperlyConfigured where the folder cannot be written and no key exists yet, and for a file that
    holds no key: a new one would end every session without a word.
    """
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise ImproperlyConfigured(
            f"The key file {path} cannot be read ({error.strerror}): give it to the user who runs this, with mode 0600."
        ) from error
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Two processes may start at once: write our own file, then link it in; the loser reads the winner's.
        own = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(secrets.token_urlsafe(50))
        try:
            os.link(own, path)
        except FileExistsError:
            pass
        finally:
            own.unlink()
        return _read(path)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The data folder {path.parent} cannot be written ({error.strerror}): "
            "set FACTCHECK_DATA to a folder you own, or FACTCHECK_SECRET_KEY."
        ) from error


def _read(path: Path) -> str:
    try:
        key = path.read_text(encoding="ascii").strip()
    except UnicodeDecodeError:
        key = ""
    if len(key) < _SHORTEST or not key.isprintable():
        raise ImproperlyConfigured(
            f"The key file {path} is damaged: put it back from a backup, or remove it; then everybody signs in anew."
        )
    return key
