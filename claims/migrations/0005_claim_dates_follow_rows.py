"""Say for the claims that are there which appearance dated them, and which dates a person typed.

Both are in the log: the first acceptance made the claim, every entered date left a row. Where the details of such
a row were redacted, the dates count as typed: nothing a person may have said is overwritten.
"""

from django.db import migrations


def fill(apps, schema_editor):
    Claim, Appearance = apps.get_model("claims", "Claim"), apps.get_model("claims", "Appearance")
    AuditEvent, AuditDetail = apps.get_model("claims", "AuditEvent"), apps.get_model("claims", "AuditDetail")
    last = 0
    while True:
        claims = list(Claim.objects.filter(pk__gt=last).order_by("pk")[:500])
        if not claims:
            return
        last = claims[-1].pk
        pks = [claim.pk for claim in claims]
        events = list(
            AuditEvent.objects.filter(
                claim_id__in=pks, verb__in=["appearance.accepted", "claim.dates_set", "claim.added"]
            ).order_by("pk")
        )
        details = dict(
            AuditDetail.objects.filter(event__in=[event.pk for event in events]).values_list("event", "data")
        )
        accepted = {}
        typed = {pk: set() for pk in pks}
        for event in events:
            if event.verb == "appearance.accepted":
                accepted.setdefault(event.claim_id, event.object_id)
            elif event.verb == "claim.added":
                typed[event.claim_id].add("made_on")
            else:
                data = details.get(event.pk) or {}
                old, new = data.get("old"), data.get("new")
                if isinstance(old, dict) and isinstance(new, dict):
                    typed[event.claim_id] |= {name for name in new if new[name] != old.get(name)}
                else:
                    typed[event.claim_id] |= {"made_on", "about"}
        there = set(
            Appearance.objects.filter(pk__in=accepted.values(), capture__isnull=False).values_list("pk", flat=True)
        )
        for claim in claims:
            found = accepted.get(claim.pk)
            claim.dates_from_id = found if found in there else None
            claim.made_on_typed = "made_on" in typed[claim.pk]
            claim.about_typed = "about" in typed[claim.pk]
        Claim.objects.bulk_update(claims, ["dates_from", "made_on_typed", "about_typed"], batch_size=100)


class Migration(migrations.Migration):
    dependencies = [("claims", "0004_claim_dates_follow")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
