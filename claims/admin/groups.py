"""In which order does the admin name what the desk holds? By what people come for, the machinery last and folded."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Heading:
    """A heading of the first page, and the models under it by their names in lower case."""

    name: str | Promise
    models: tuple[str, ...]
    folded: bool = False


#: What is named in none of them stands among the machinery.
GROUPS = (
    Heading(
        _("Work"),
        ("claim", "appearance", "review", "verdict", "approval", "evidence", "contactnote", "match", "claimant",
         "claimantalias", "sourcealert", "verdictdraft", "panel", "opinion", "notice"),
    ),
    Heading(_("Publish"), ("factcheck", "release", "readermessage", "ratingscale", "rating", "foreignlabel")),
    Heading(
        _("Archive"),
        ("document", "capture", "outlet", "owner", "origin", "originparting", "archive", "feed", "finishedarticle"),
    ),
    Heading(_("People"), ("user", "membership", "invitation", "desk", "apikey", "auditevent")),
)  # fmt: skip
MACHINERY = _("Machinery")
