"""How far are rows counted? Up to where it matters; pages say “more than” from there on."""

from __future__ import annotations

#: Counting stops there, and says so.
COUNTED = 999
