"""By which keys is a document found again, and who shares them? The rows of ``claims.independence.lookup``.

Written once for a document and for each new text of it, all in one statement. Compares no texts: it names the
documents that are worth comparing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from claims.independence.lookup import EDITION, LookupKeys, lookup_keys
from claims.independence.pairs import read
from claims.models import Capture, Document, ShingleKey

#: A key that so many documents hold is kept for no further one.
HOLDERS = 24
#: So many documents that share most keys are compared.
_CANDIDATES = 8
#: One key in common is chance: two words that two stories of a week are about.
_SHARED = 2


def keys_of(document: Document, capture: Capture) -> LookupKeys:
    day = document.published_earliest or document.created_at.date()
    outlet = document.outlet.name if document.outlet else ""
    return lookup_keys(read(capture.text), day.toordinal(), outlet)


def holders(document: Document, keys: Sequence[int]) -> dict[int, list[int]]:
    """Return which other documents of the archive hold each key: about ``HOLDERS`` at most."""
    found: dict[int, list[int]] = defaultdict(list)
    for key, holder in ShingleKey.objects.holders(archive=document.archive_id, keys=keys):
        if holder != document.pk:
            found[key].append(holder)
    return found


def candidates(held_by: dict[int, list[int]], keys: LookupKeys) -> dict[int, bool]:
    """Return the documents that share most keys, two at least; a key counts less the more hold it.

    True are those that share more than what they are about.
    """
    weight: dict[int, float] = defaultdict(float)
    shared: Counter[int] = Counter()
    worded: set[int] = set()
    for key, held in held_by.items():
        for pk in held:
            weight[pk] += 1 / len(held)
            shared[pk] += _SHARED if key in keys.credited else 1
        if key not in keys.told:
            worded.update(held)
    enough = [pk for pk, count in shared.items() if count >= _SHARED]
    best = sorted(enough, key=lambda pk: (-weight[pk], pk))[:_CANDIDATES]
    return {pk: pk in worded for pk in best}


def keep(document: Document, keys: LookupKeys, held_by: dict[int, list[int]], *, fresh: bool = False) -> None:
    """Store the keys of a document that not too many hold yet; ``fresh`` says that it has none so far."""
    if not fresh:
        ShingleKey.objects.filter(document=document).delete()
    kept = [key for key in keys.kept if len(held_by.get(key, ())) < HOLDERS]
    ShingleKey.objects.keep(document=document.pk, archive=document.archive_id, keys=kept)
    if document.origin_edition != EDITION:
        document.origin_edition = EDITION
        Document.objects.filter(pk=document.pk).update(origin_edition=EDITION)
