"""The same people and browsers as in the tests of pages."""

from tests.workbench.conftest import _nothing_kept, browser_of

__all__ = ["_nothing_kept", "browser_of"]
