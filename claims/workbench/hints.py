"""What should somebody know who sees a page for the first time? One hint a page, put away one by one or all at once."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.actions.desk.preferences import ALL_HINTS
from claims.models import User

#: By the name of the address. What a hint tells must be seen on its page.
HINTS: dict[str, Promise] = {
    "desk": _(
        "Here stands what waits for you, most urgent first. “Next item for me” always leads to one; the box below takes"
        " an article, an address or a file."
    ),
    "articles": _(
        "An article is split into claims when it comes in. Open one that is not finished and go through its claims."
    ),
    "document": _(
        "Claims are underlined by how much they are worth checking. Accept what you will check, dismiss the rest, or"
        " select words in the text to add one that was missed. “Finish” keeps what is open as not selected."
    ),
    "queue": _(
        "Every accepted claim waits here until somebody takes it. Filters narrow the list; ticks act on many at once,"
        " and you see beforehand what that would do."
    ),
    "claim": _(
        "Decide for each source what it does to the claim and cite what the verdict rests on. Copies of one report"
        " count once. The checklist beside the verdict says what is missing."
    ),
    "approve": _(
        "You read for somebody who trusts you: open every source, tick it where it says what the verdict says, then"
        " approve or return. Nobody approves what they wrote."
    ),
    "published": _(
        "What the public reads. A correction is a new version with a note; suspend at once when something may be wrong."
    ),
    "sources": _("Outlets and who owns them: reports of one owner are seldom independent of each other."),
    "settings": _(
        "How many people must approve, what your ratings mean, and what your public pages say of you."
    ),
}


@dataclass(frozen=True, slots=True)
class Hint:
    """The hint of this page, and the name it is put away by."""

    name: str
    text: Promise


def hint_for(request: HttpRequest, user: User) -> Hint | None:
    """Return the hint of the page, unless this person has put it away."""
    match = request.resolver_match
    name = (match.url_name or "") if match is not None else ""
    if name not in HINTS or not user.put_away.isdisjoint({name, ALL_HINTS}):
        return None
    return Hint(name, HINTS[name])
