"""Have evidence from before read again and counted by the one rule: a job, since reading takes the analyser."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.utils import timezone


def queue(apps: Any, schema_editor: Any) -> None:
    if apps.get_model("claims", "Evidence").objects.exists():
        apps.get_model("claims", "Job").objects.create(
            kind="recount", subject="evidence", dedupe_key="recount", queue="bulk", created_at=timezone.now()
        )


class Migration(migrations.Migration):
    dependencies = [("claims", "0020_whose_words")]
    operations = [migrations.RunPython(queue, migrations.RunPython.noop)]
