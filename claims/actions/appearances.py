"""Everything that is done to appearances, under one name: what analyses store, and what people decide.

The parts live in ``analysis``, ``triage``, ``spans``, ``undo``, ``outside`` and ``repeats``.
"""

from claims.actions.analysis import apply_proposal, reanalyse, store_split
from claims.actions.outside import claim_without_article
from claims.actions.repeats import suggest_repeats, suggest_repeats_of
from claims.actions.spans import add_from_selection, edit_span, merge, split_span
from claims.actions.triage import accept, dismiss, finish_article, reopen, reopen_article
from claims.actions.undo import last_gesture, undo

__all__ = [
    "accept",
    "add_from_selection",
    "apply_proposal",
    "claim_without_article",
    "dismiss",
    "edit_span",
    "finish_article",
    "last_gesture",
    "merge",
    "reanalyse",
    "reopen",
    "reopen_article",
    "split_span",
    "store_split",
    "suggest_repeats",
    "suggest_repeats_of",
    "undo",
]
