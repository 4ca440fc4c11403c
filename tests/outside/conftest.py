"""Programs of others read what the workbench publishes, over real sockets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from claims.actions.indexing import engines
from tests.people import Cast, make_cast
from tests.workbench.conftest import _nothing_kept, browser_of

__all__ = ["_nothing_kept", "browser_of", "engine", "real_cast"]


@pytest.fixture
def real_cast(transactional_db: None) -> Cast:
    """Both desks in a database that commits, as threads and sockets need it."""
    return make_cast()


@pytest.fixture
def engine() -> Iterator[None]:
    """An empty index of the embedded engine."""
    engines.close_all()
    engines.writer().ensure()
    yield
    engines.close_all()
    engines.writer().erase()
    engines.close_all()
