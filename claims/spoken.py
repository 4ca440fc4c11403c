"""How does a module that knows no Django say something to people? It asks here; the application lends a translator.

Without one, as in a pure test or `manage.py split` on a text, sentences are the English ones they are written as.
"""

from __future__ import annotations

from collections.abc import Callable


def _as_written(singular: str, plural: str, number: int) -> str:
    return singular if number == 1 else plural


_translate: Callable[[str], str] = str
_translate_counted: Callable[[str, str, int], str] = _as_written


def speak_through(translate: Callable[[str], str], counted: Callable[[str, str, int], str]) -> None:
    """Let sentences be translated by these from now on: they follow the language in force when something is said."""
    global _translate, _translate_counted
    _translate, _translate_counted = translate, counted


def gettext(message: str) -> str:
    """Return the sentence in the language in force."""
    return _translate(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """Return the sentence for this number in the language in force."""
    return _translate_counted(singular, plural, number)
