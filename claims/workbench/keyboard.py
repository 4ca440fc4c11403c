"""Which keys does the workbench know? One table: the script binds it, the overlay and the page of keys list it.

What the script does by itself has a name (``does``) that claims/static/claims/desk/keys.js binds. All other keys are
carried by a button, a link or a field (``data-key``), which does the same when it is clicked; a test compares the
keys of the templates with this table.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class KeyGroup(enum.Enum):
    """Where a key is listed."""

    MOVING = _("Moving")
    DECIDING = _("Deciding")
    WORDS = _("Changing where a claim begins and ends")
    TYPING = _("While typing")


@dataclass(frozen=True, slots=True)
class Key:
    """One key, or several that belong together; ``needs`` is what a page must have for it to mean something."""

    keys: tuple[str, ...]
    words: Promise
    group: KeyGroup
    does: str = ""
    needs: str = ""
    #: Listed as one line with what is named here, such as "1 … 5".
    shown: str = ""

    @property
    def chords(self) -> list[list[str]]:
        """The keys as they are drawn: one list of caps for each."""
        names = [self.shown] if self.shown else self.keys
        return [name.replace("+", " ").split() if len(name) > 1 else [name] for name in names]


_M, _D, _W, _T = KeyGroup.MOVING, KeyGroup.DECIDING, KeyGroup.WORDS, KeyGroup.TYPING
_ROWS = "[data-rows] [data-row]"

KEYS = (
    Key(("j",), _("next row"), _M, "row-next", _ROWS),
    Key(("k",), _("previous row"), _M, "row-previous", _ROWS),
    Key(("Enter", "o"), _("open the row"), _M, "row-open", "[data-row] [data-open]"),
    Key(("n",), _("next item for me"), _M),
    Key(("N",), _("next claim of this article"), _M),
    Key(("F6",), _("next pane"), _M, "pane-next", "[data-pane]"),
    Key(("Shift+F6",), _("previous pane"), _M, "pane-previous", "[data-pane]"),
    Key(("/",), _("search"), _M),
    Key(("g d",), _("go to the desk"), _M),
    Key(("g a",), _("go to the articles"), _M),
    Key(("g q",), _("go to the queue"), _M),
    Key(("g p",), _("go to what is published"), _M),
    Key(("g i",), _("go to the inbox"), _M),
    Key(("g o",), _("go to the opinions on the claim"), _M),
    Key(
        ("Ctrl+K",), _("go to a page, a claim or an article, or do something here"), _M, "palette", "#palette"
    ),
    Key(("?",), _("the keys of this page"), _M, "overlay", "#keys-overlay"),
    Key(("a",), _("accept, approve"), _D),
    Key(("x",), _("dismiss, reject, tick in the queue, mark as read in the inbox"), _D),
    Key(("D",), _("dismiss this claim and those after it in its paragraph"), _D),
    Key(("t",), _("tick the claim"), _D),
    Key(("C",), _("accept, and check it now"), _D),
    Key(("A",), _("accept all that are ticked; approve, and go on to the next"), _D),
    Key(("X",), _("dismiss all that are ticked"), _D),
    Key(("R",), _("mark the whole inbox as read"), _D),
    Key(("F",), _("finish the article; what is left becomes not selected"), _D),
    Key(("e",), _("edit"), _D),
    Key(
        ("1", "2", "3", "4", "5"),
        _("the passage supports, partly supports, refutes, gives context, is irrelevant"),
        _D,
        shown="1 … 5",
    ),
    Key(("c",), _("cite the passage"), _D),
    Key(("r",), _("rating; then its number from the left"), _D),
    Key(("w",), _("the wording is right"), _D),
    Key(("m",), _("assign to me"), _D),
    Key(("p",), _("preview the public page"), _D),
    Key(("+",), _("new claim, from the selected text"), _D),
    Key(
        ("u",), _("undo the last act, and go back to it – never a publication"), _D, "undo", "[data-key='u']"
    ),
    Key(("e",), _("begin; selected text becomes the claim"), _W),
    Key(("ArrowLeft", "ArrowRight"), _("move the end by a word"), _W, shown="← →"),
    Key(("Shift+ArrowLeft", "Shift+ArrowRight"), _("move the beginning by a word"), _W, shown="Shift ← →"),
    Key(("Enter",), _("store the words"), _W),
    Key(("Escape",), _("leave them as they were"), _W, shown="Esc"),
    Key(("[",), _("cite a piece of evidence"), _T),
    Key(("Ctrl+Enter",), _("submit; with Shift, and go on to the next"), _T, "submit", "form [data-submit]"),
    Key(("Escape",), _("leave the field, close what is open"), _T, "leave", shown="Esc"),
)


def script_table() -> list[dict[str, object]]:
    """Return the table as the script reads it: what it binds itself, and the beginnings of chords."""
    return [
        {"keys": list(key.keys), "words": str(key.words), "does": key.does, "needs": key.needs}
        for key in KEYS
        if key.does or any(" " in name for name in key.keys)
    ]


def by_group() -> Iterator[tuple[Promise, list[Key]]]:
    """Return the keys as the page of keys lists them."""
    for group in KeyGroup:
        yield group.value, [key for key in KEYS if key.group is group]
