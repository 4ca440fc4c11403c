"""Carry over the ticks that were kept in a list: each is a row, and its source counts as opened when the version was."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def forwards(apps: Any, schema_editor: Any) -> None:
    readings, rows = apps.get_model("claims", "VerdictReading"), apps.get_model("claims", "CitationReading")
    known = set(apps.get_model("claims", "Evidence").objects.values_list("pk", flat=True))
    for reading in readings.objects.exclude(matched=[]).iterator():
        rows.objects.bulk_create(
            [
                rows(
                    verdict_id=reading.verdict_id,
                    user_id=reading.user_id,
                    evidence_id=pk,
                    created_at=reading.created_at,
                    ticked_at=reading.created_at,
                )
                for pk in dict.fromkeys(reading.matched)
                if pk in known
            ],
            ignore_conflicts=True,
        )


def backwards(apps: Any, schema_editor: Any) -> None:
    readings, rows = apps.get_model("claims", "VerdictReading"), apps.get_model("claims", "CitationReading")
    for row in rows.objects.filter(ticked_at__isnull=False).order_by("pk").iterator():
        reading = readings.objects.filter(verdict=row.verdict_id, user=row.user_id).first()
        if reading is not None:
            reading.matched = [*reading.matched, row.evidence_id]
            reading.save(update_fields=["matched"])


class Migration(migrations.Migration):
    dependencies = [("claims", "0030_readings_of_sources")]

    operations = [
        migrations.RunPython(forwards, backwards),
        migrations.RemoveField("verdictreading", "matched"),
    ]
