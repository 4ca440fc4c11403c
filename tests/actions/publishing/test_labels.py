"""What another publisher's label means: suggested, confirmed by a person, applied to every check that carries it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims.actions import base
from claims.actions.publishing.imports import import_factcheck, take_in, withdraw_import
from claims.actions.publishing.labels import NONE, confirm_labels, confirm_suggested
from claims.models import AuditEvent, FactCheck, ForeignLabel
from claims.vocabulary import Finding
from tests.actions.publishing.test_publish import FOREIGN
from tests.builders import moment
from tests.conftest import NOW
from tests.people import Cast

pytestmark = pytest.mark.django_db


def foreign(number: int, label: str = "False", **changes: Any) -> dict[str, Any]:
    rating = {"@type": "Rating", "alternateName": label, **changes}
    url = f"https://www.checks.example/{number}"
    return FOREIGN | {"url": url, "claimReviewed": f"Ferry {number} sank.", "reviewRating": rating}


def taken(cast: Cast, *labels: str) -> list[FactCheck]:
    return [
        import_factcheck(actor=None, desk=cast.desk, raw=foreign(n, label), now=NOW)
        for n, label in enumerate(labels)
    ]


def findings() -> list[str]:
    return list(FactCheck.objects.order_by("pk").values_list("finding", flat=True))


def test_an_unconfirmed_label_is_suggested_and_counts_for_nothing(cast: Cast) -> None:
    (check,) = taken(cast, "False")
    row = ForeignLabel.objects.get()
    assert (row.site, row.publisher, row.label, row.suggested, row.finding) == (
        "checks.example", "Ostra Checks", "False", Finding.REFUTED, "",
    )  # fmt: skip
    assert (check.rating_label, check.finding) == ("False", "")
    assert check.latest is not None
    assert check.latest.payload["rating"]["finding"] is None


def test_confirming_once_counts_for_all_checks_and_for_those_that_come_later(cast: Cast) -> None:
    taken(cast, "False", "FALSE.", "Half true")
    assert confirm_suggested(actor=cast.carla, desk=cast.desk, site="checks.example") == (2, 0)
    assert findings() == [Finding.REFUTED, Finding.REFUTED, Finding.CONFLICTING]
    import_factcheck(actor=None, desk=cast.desk, raw=foreign(9), now=moment(1))
    assert findings()[-1] == Finding.REFUTED
    event = AuditEvent.objects.filter(verb="label.confirmed").first()
    assert event is not None
    assert event.actor_id == cast.carla.pk


def test_a_changed_meaning_is_applied_again_and_none_is_a_meaning(cast: Cast) -> None:
    taken(cast, "Four Llamas", "Four Llamas")
    row = ForeignLabel.objects.get()
    assert row.suggested == ""
    assert confirm_suggested(actor=cast.carla, desk=cast.desk, site=row.site) == (0, 1)
    for chosen, finding in ((Finding.SUPPORTED, "Supported"), (Finding.REFUTED, "Refuted"), (NONE, "")):
        assert confirm_labels(actor=cast.carla, desk=cast.desk, site=row.site, meanings={row.pk: chosen}) == 2
        assert findings() == [finding, finding]
    row.refresh_from_db()
    assert row.confirmed_at is not None
    assert confirm_labels(actor=cast.carla, desk=cast.desk, site=row.site, meanings={row.pk: ""}) == 0


def test_a_label_that_changes_takes_the_meaning_of_its_new_one(cast: Cast) -> None:
    taken(cast, "False", "True")
    confirm_suggested(actor=cast.carla, desk=cast.desk, site="checks.example")
    take_in(actor=None, desk=cast.desk, raw=foreign(0, "True"), now=moment(1))
    assert findings() == [Finding.SUPPORTED, Finding.SUPPORTED]
    take_in(actor=None, desk=cast.desk, raw=foreign(0, "Seven Geese"), now=moment(2))
    assert findings() == ["", Finding.SUPPORTED]
    withdraw_import(actor=None, desk=cast.desk, url="https://checks.example/1", now=moment(3))
    assert findings() == ["", Finding.SUPPORTED]


def test_each_publisher_and_each_desk_has_its_own_meaning(cast: Cast) -> None:
    taken(cast, "Mixture")
    import_factcheck(
        actor=None, desk=cast.desk, raw=foreign(1, "Mixture") | {"url": "https://b.example/1"}, now=NOW
    )
    import_factcheck(actor=None, desk=cast.other_desk, raw=foreign(0, "Mixture"), now=NOW)
    confirm_suggested(actor=cast.carla, desk=cast.desk, site="checks.example")
    assert findings() == [Finding.CONFLICTING, "", ""]
    row = ForeignLabel.objects.get(desk=cast.other_desk)
    with pytest.raises(base.Refused, match="Load the page again"):
        confirm_labels(actor=cast.carla, desk=cast.desk, site=row.site, meanings={row.pk: "Refuted"})


@pytest.mark.parametrize("who", ["ada", "ben", "eli", "otto"])
def test_an_editor_confirms(who: str, cast: Cast) -> None:
    taken(cast, "False")
    with pytest.raises(base.NotAllowed):
        confirm_suggested(actor=getattr(cast, who), desk=cast.desk, site="checks.example")
    assert findings() == [""]


def test_nonsense_is_refused(cast: Cast) -> None:
    taken(cast, "False")
    row = ForeignLabel.objects.get()
    with pytest.raises(base.Refused, match="not a finding"):
        confirm_labels(actor=cast.carla, desk=cast.desk, site=row.site, meanings={row.pk: "Maybe"})
    with pytest.raises(base.Refused, match="imported"):
        confirm_suggested(actor=cast.carla, desk=cast.desk, site="nobody.example")


def test_a_sentence_as_label_is_kept_apart_by_its_whole_words(cast: Cast) -> None:
    long = "This is wrong. " * 30
    taken(cast, long + "One.", long + "Two.", "✔", "✖")
    assert ForeignLabel.objects.count() == 4


def test_the_command_confirms_and_says_what_is_open(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([foreign(1), foreign(2, "Seven Geese")]), encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    call_command("import_factchecks", str(path), "--json", stdout=out, stderr=err)
    assert json.loads(out.getvalue())["labels_unconfirmed"] == {"checks.example": 2}
    assert "--confirm-labels" in err.getvalue()
    err = io.StringIO()
    call_command("import_factchecks", "--confirm-labels", "www.checks.example", stdout=out, stderr=err)
    assert "1 labels confirmed as suggested, 1 without" in err.getvalue()
    assert findings() == [Finding.REFUTED, ""]
    with pytest.raises(CommandError, match="imported"):
        call_command("import_factchecks", "--confirm-labels", "nobody.example", stderr=err)


def test_an_older_state_does_not_replace_a_newer_one(cast: Cast) -> None:
    newest = foreign(1, "True") | {"dateModified": "2026-03-02T00:00:00Z"}
    check, _outcome = take_in(actor=None, desk=cast.desk, raw=newest, now=moment(2))
    older = foreign(1, "False") | {"dateModified": "2026-02-02T00:00:00Z"}
    assert take_in(actor=None, desk=cast.desk, raw=older, now=moment(3)) == (check, "older")
    check.refresh_from_db()
    assert check.rating_label == "True"
    # Without a date of its last change it is what the publisher says now.
    assert take_in(actor=None, desk=cast.desk, raw=foreign(1, "Mixture"), now=moment(4))[1] == "changed"


def test_a_clock_that_runs_ahead_locks_nothing_out(cast: Cast) -> None:
    ahead = foreign(1, "False") | {"dateModified": "2036-03-02T00:00:00Z", "datePublished": "2036-03-01"}
    check, _outcome = take_in(actor=None, desk=cast.desk, raw=ahead, now=NOW)
    assert check.modified_at <= NOW
    fixed = foreign(1, "True") | {"dateModified": "2026-03-02T00:00:00Z"}
    assert take_in(actor=None, desk=cast.desk, raw=fixed, now=moment(2))[1] == "changed"
