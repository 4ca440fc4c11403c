"""The engine for questions: while only a part of the archive lies in it, it says so instead of answering."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from claims.actions.indexing import engines
from claims.actions.indexing.outbox import percent_of
from claims.models import IndexTarget
from claims.models.kept import Kept, kept
from claims.search.engine import Engine, EngineError, EngineUnavailable


class StillFilling(EngineUnavailable):
    """The index in use is being filled from the rows; ``percent`` of it is there."""

    def __init__(self, percent: int) -> None:
        super().__init__(f"the archive is being read into the search index again, {percent} % so far")
        self.percent = percent


def asked_engine() -> Engine:
    """Return the engine for a question. Raises StillFilling where an answer would be about a part only."""
    return asked_index()[0]


def asked_index() -> tuple[Engine, str]:
    """Return the engine for a question and the name of the index that is read; raises as ``asked_engine``."""
    return index_of(live_targets())


def live_targets() -> Kept[IndexTarget]:
    """Ask for the index that is read, where it is read along with other rows: for ``index_of``."""
    return _live_targets(engines.name())


@kept
def _live_targets(engine: str) -> QuerySet[IndexTarget]:
    return IndexTarget.objects.of(engine).filter(state=IndexTarget.State.LIVE)


def index_of(targets: Iterable[IndexTarget]) -> tuple[Engine, str]:
    """Return the same as ``asked_index`` from what ``live_targets`` asked for."""
    live = next(iter(targets), None)
    percent = percent_of(live) if live is not None else None
    if percent is not None:
        raise StillFilling(percent)
    return engines.reader(), live.name if live is not None else ""


def no_answer(problem: EngineError) -> str:
    """Return what a person reads when a search was not answered."""
    if isinstance(problem, StillFilling):
        return _(
            "The archive is being read into the search index again, %(percent)d %% so far. "
            "Search again in a moment."
        ) % {"percent": problem.percent}
    return _("The search does not answer at the moment.")
