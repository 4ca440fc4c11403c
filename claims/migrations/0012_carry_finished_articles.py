"""Let what was finished count for the desk that the document is of; others that share it decide for themselves."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def forwards(apps: Any, schema_editor: Any) -> None:
    document, finished = apps.get_model("claims", "Document"), apps.get_model("claims", "FinishedArticle")
    rows = document.objects.exclude(finished_at=None).values_list("pk", "desk_id", "finished_at")
    waiting = []
    for pk, desk, at in rows.iterator(chunk_size=2_000):
        waiting.append(finished(document_id=pk, desk_id=desk, at=at, created_at=at))
        if len(waiting) == 2_000:
            finished.objects.bulk_create(waiting)
            waiting = []
    finished.objects.bulk_create(waiting)


def backwards(apps: Any, schema_editor: Any) -> None:
    document, finished = apps.get_model("claims", "Document"), apps.get_model("claims", "FinishedArticle")
    for row in finished.objects.select_related("document").iterator(chunk_size=2_000):
        if row.desk_id == row.document.desk_id:
            document.objects.filter(pk=row.document_id).update(finished_at=row.at)


class Migration(migrations.Migration):
    dependencies = [("claims", "0011_articles_finished_per_desk")]
    operations = [migrations.RunPython(forwards, backwards)]
