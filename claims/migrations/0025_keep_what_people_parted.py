"""Carry over what people decided about origins, from the log.

A document that a person put into an origin, and still lies there, is theirs from now on; the origin it came from is
held apart from it. What the machine found is compared again in the background.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations


def forwards(apps: Any, schema_editor: Any) -> None:
    def model(name: str) -> Any:
        return apps.get_model("claims", name)

    Document, Origin, Parting = model("Document"), model("Origin"), model("OriginParting")
    events = model("AuditEvent").objects.filter(verb="document.origin_set").order_by("id")
    for document, actor, before, after in events.values_list("object_id", "actor_id", "before", "after").iterator():
        if not after.isdecimal():
            continue
        Document.objects.filter(pk=document, origin=int(after)).update(origin_by=actor)
        if not before.isdecimal() or before == after:
            continue
        first, second = sorted((int(before), int(after)))
        if Document.objects.filter(origin=int(before)).exists() and Origin.objects.filter(pk=int(after)).exists():
            Parting.objects.get_or_create(first_id=first, second_id=second)


class Migration(migrations.Migration):
    dependencies = [("claims", "0024_origins_joined_and_parted")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
