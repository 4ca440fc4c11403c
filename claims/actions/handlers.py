"""Imports every module whose functions handle jobs, so that the registry is complete."""

from __future__ import annotations

from importlib import import_module

MODULES: tuple[str, ...] = (
    "claims.actions.indexing.writer",
    "claims.actions.documents.intake_jobs",
    "claims.actions.publishing.publish_jobs",
    "claims.actions.evidence.search",
    "claims.actions.triage.suggestions",
)


def load() -> None:
    """Register all handlers; cheap after the first call."""
    for name in MODULES:
        import_module(name)
