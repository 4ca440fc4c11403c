"""Attribution in English: rules over tags and trees, complete."""

from __future__ import annotations

from claims.splitting.attribution import attribute

__all__ = ["attribute"]
