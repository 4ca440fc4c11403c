"""Place single expressions the way splitting does, with a direction given instead of read."""

from __future__ import annotations

from claims.language.dates import DateExpr, find, read
from claims.splitting.types import DateMention
from claims.splitting.unit_dates import mention


def resolve(
    expr: DateExpr,
    text: str,
    *,
    published: str | None = None,
    tense: str | None = None,
    day_first: bool | None = None,
    language: str = "en",
) -> DateMention:
    """Return what one found expression means; every expression of the text has the given tense."""
    directions = {one.start: tense or "" for one in find(text, language=language)}
    rows = read(text, published=published, day_first=day_first, directions=directions, language=language)
    return next(mention(row, text) for row in rows if row.expr.start == expr.start)
