"""A language in which every sentence is marked, and nothing kept of the page before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from tests.languages import pseudo
from tests.workbench.conftest import _nothing_kept

__all__ = ["_nothing_kept", "marked"]


@pytest.fixture
def marked() -> Iterator[None]:
    """The pseudo-language is there, and is not the one in force."""
    with pseudo.spoken():
        yield
    translation.deactivate()
