"""From an article to its checkable claims: ``split`` is the promised seam, ``types`` what it returns."""

from claims.splitting.pipeline import ANALYSER, split

__all__ = ["ANALYSER", "split"]
