"""Write down which documents gave claims their wording and claimants their names, for rows from before.

What nobody has confirmed hangs on its document from here on; titles leave the labels of origins, and words of
documents that not everybody may read are no longer marked as public.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import Exists, OuterRef, Q, Subquery


def forwards(apps: Any, schema_editor: Any) -> None:
    def model(name: str) -> Any:
        return apps.get_model("claims", name)

    accepted = model("Appearance").objects.filter(
        claim=OuterRef("pk"), triage="accepted", document__isnull=False
    )
    claims = model("Claim").objects
    claims.filter(Exists(accepted)).update(source=Subquery(accepted.order_by("id").values("document")[:1]))
    # A name that a person gave, or that a submitted verdict carries, is the desk's.
    given = model("AuditEvent").objects.filter(verb="claim.claimant_set").values("claim_id")
    open_ones = claims.filter(Q(pk__in=given) | Q(verdicts__isnull=False)).exclude(claimant=None)
    named = claims.filter(claimant=OuterRef("pk")).exclude(source=None)
    model("Claimant").objects.exclude(pk__in=open_ones.values("claimant")).filter(Exists(named)).update(
        source=Subquery(named.order_by("id").values("source")[:1])
    )
    model("Origin").objects.exclude(label="").update(label="")
    restricted = model("Document").objects.exclude(visibility="archive")
    model("Evidence").objects.filter(document__in=restricted, is_public=True).update(is_public=False)
    for document in restricted.exclude(url="").iterator():
        jobs = model("Job").objects.filter(kind="fetch", arguments__url=document.url)
        jobs.update(subject=f"document {document.pk}")


def backwards(apps: Any, schema_editor: Any) -> None:
    """Nothing to take back: the columns go with the migration before, the rest is as it should be."""


class Migration(migrations.Migration):
    dependencies = [("claims", "0006_documents_shown_to_few")]
    operations = [migrations.RunPython(forwards, backwards)]
