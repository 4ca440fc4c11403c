"""A row for each reader, cited source and version; approvals that keep why a source was left unread; a desk's rule."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0029_queue_orders")]

    operations = [
        migrations.CreateModel(
            name="CitationReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("ticked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="claims.evidence"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citation_readings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verdict",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citation_readings",
                        to="claims.verdict",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("verdict", "user", "evidence"), name="one_reading_per_person_and_source"
                    )
                ],
            },
        ),
        migrations.AddField("approval", "unread", models.JSONField(blank=True, default=list)),
        migrations.AddField("approval", "unread_reason", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField(
            "desk",
            "unread_sources",
            models.CharField(
                choices=[
                    ("reason", "possible with a reason, which is logged"),
                    ("refused", "refused until every source is ticked"),
                ],
                default="reason",
                max_length=10,
                verbose_name="approving with sources not ticked",
            ),
        ),
    ]
