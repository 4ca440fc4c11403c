"""The same people and browsers as in the tests of pages."""

from tests.workbench.conftest import _plain_static_files, browser_of

__all__ = ["_plain_static_files", "browser_of"]
