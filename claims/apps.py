"""The one application of the workbench."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = "Fact-check workbench"

    def ready(self) -> None:
        """Keep the database guards in step with migrations: the one use of signals (ADR-0002)."""
        from claims.models import guards
        from claims.ops import checks  # noqa: F401

        pre_migrate.connect(guards.on_pre_migrate, sender=self, dispatch_uid="remove-guards")
        post_migrate.connect(guards.on_post_migrate, sender=self, dispatch_uid="install-guards")
