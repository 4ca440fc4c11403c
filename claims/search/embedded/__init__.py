"""The embedded engine: the only package that imports tantivy."""

from claims.search.embedded.index import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
