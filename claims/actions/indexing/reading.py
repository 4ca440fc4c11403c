"""The engine for questions: while only a part of the archive lies in it, it says so instead of answering."""

from __future__ import annotations

from django.utils.translation import gettext as _

from claims.actions.indexing import engines
from claims.actions.indexing.outbox import percent_built
from claims.search.engine import Engine, EngineError, EngineUnavailable


class StillFilling(EngineUnavailable):
    """The index in use is being filled from the rows; ``percent`` of it is there."""

    def __init__(self, percent: int) -> None:
        super().__init__(f"the archive is being read into the search index again, {percent} % so far")
        self.percent = percent


def asked_engine() -> Engine:
    """Return the engine for a question. Raises StillFilling where an answer would be about a part only."""
    percent = percent_built()
    if percent is not None:
        raise StillFilling(percent)
    return engines.reader()


def no_answer(problem: EngineError) -> str:
    """Return what a person reads when a search was not answered."""
    if isinstance(problem, StillFilling):
        return _(
            "The archive is being read into the search index again, %(percent)d %% so far. "
            "Search again in a moment."
        ) % {"percent": problem.percent}
    return _("The search does not answer at the moment.")
