"""The one application of the workbench."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = _("Fact-check workbench")

    def ready(self) -> None:
        """Keep the database guards in step with migrations: the one use of signals (ADR-0002)."""
        from claims.models import guards
        from claims.ops import checks  # noqa: F401

        if settings.REDIS_URL:
            # Imported now: the first wake-up of a process must not wait for it.
            import_module("factcheck.celery")
            import_module("kombu.transport.redis")

        pre_migrate.connect(guards.on_pre_migrate, sender=self, dispatch_uid="remove-guards")
        post_migrate.connect(guards.on_post_migrate, sender=self, dispatch_uid="install-guards")
