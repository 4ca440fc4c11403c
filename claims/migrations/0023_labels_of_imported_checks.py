import re
import unicodedata

from django.db import migrations

BATCH = 500


def _key(label):
    text = unicodedata.normalize('NFKD', label).casefold()
    text = ''.join(c for c in text if not unicodedata.combining(c) or unicodedata.category(c) == 'Mc')
    text = ' '.join(re.sub(r'[\W_]+', ' ', text).split())
    return (text or ' '.join(label.casefold().split()))[:200]


def fill(apps, schema_editor):
    """Note the labels of imported checks; what was read out of them so far is a suggestion until confirmed."""
    FactCheck = apps.get_model('claims', 'FactCheck')
    ForeignLabel = apps.get_model('claims', 'ForeignLabel')
    last = 0
    while True:
        rows = list(
            FactCheck.objects.filter(pk__gt=last, imported=True).exclude(rating_label='').order_by('pk')[:BATCH]
        )
        if not rows:
            return
        for row in rows:
            found, _made = ForeignLabel.objects.get_or_create(
                desk_id=row.desk_id,
                site=row.site,
                label_key=_key(row.rating_label),
                defaults={'publisher': row.publisher, 'label': row.rating_label, 'suggested': row.finding},
            )
            row.foreign_label = found
            row.finding = ''
        FactCheck.objects.bulk_update(rows, ['foreign_label', 'finding'], batch_size=BATCH)
        last = rows[-1].pk


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0022_feeds_and_foreign_labels'),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
