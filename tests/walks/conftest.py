"""Walks go over pages with an index that answers, and nothing kept of the page before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from claims.actions.indexing import engines
from tests.workbench.conftest import _nothing_kept

__all__ = ["_nothing_kept", "engine"]


@pytest.fixture
def engine() -> Iterator[None]:
    """An empty index, so that searches are answered."""
    engines.close_all()
    engines.writer().ensure()
    yield
    engines.writer().erase()
    engines.close_all()
