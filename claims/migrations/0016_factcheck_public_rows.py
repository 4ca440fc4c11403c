import datetime as dt
from urllib.parse import urlsplit

from django.db import migrations

BATCH = 500


def _key(name):
    return ' '.join(str(name or '').casefold().split())


def _day(value):
    try:
        return dt.date.fromisoformat(value) if len(value or '') == 10 else None
    except ValueError:
        return None


def fill(apps, schema_editor):
    """Copy from the newest payload what public searches compare."""
    FactCheck = apps.get_model('claims', 'FactCheck')
    last = 0
    while True:
        rows = list(
            FactCheck.objects.filter(pk__gt=last, latest__isnull=False).select_related('latest').order_by('pk')[:BATCH]
        )
        if not rows:
            return
        for row in rows:
            payload = row.latest.payload
            topics = [_key(one).replace('|', ' ') for one in payload.get('topics') or []]
            days = [_day(payload.get('made_on')) or _day(payload.get('appeared_on'))]
            if row.first_published_at is not None:
                days.append(row.first_published_at.astimezone(dt.timezone.utc).date())
            try:
                host = urlsplit(payload.get('url') or '').hostname or ''
            except ValueError:
                host = ''
            row.site = host.removeprefix('www.')[:253]
            row.language_key = row.language.lower().partition('-')[0][:10]
            row.claimant_key = _key(row.claimant_name)[:200]
            row.topic_keys = f"|{'|'.join(topics)}|" if topics else ''
            row.newest_on = max((day for day in days if day), default=row.newest_on)
        FactCheck.objects.bulk_update(
            rows, ['site', 'language_key', 'claimant_key', 'topic_keys', 'newest_on'], batch_size=BATCH
        )
        last = rows[-1].pk


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0015_factcheck_public_columns'),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
