"""The reread command: preview, apply, going on and taking back, with and without a worker."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims.actions.documents.rereading import Scope, cancel, preview
from claims.actions.triage.decisions import accept
from claims.models import Job, Rereading
from claims.splitting import ANALYSER
from tests import builders
from tests.people import Cast
from tests.reread import LAST, newer, old_article, rows_of, rules_find

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _newer_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    rules_find(monkeypatch)


def run(*arguments: object, code: int = 0) -> tuple[dict[str, Any], str]:
    """Run the command with --json; return what it prints, and what it says on standard error."""
    out, err = io.StringIO(), io.StringIO()
    said = ""
    if code:
        with pytest.raises(CommandError) as refusal:
            call_command("reread", *map(str, arguments), "--json", stdout=out, stderr=err)
        assert refusal.value.returncode == code
        said = str(refusal.value)
    else:
        call_command("reread", *map(str, arguments), "--json", stdout=out, stderr=err)
    return json.loads(out.getvalue() or "{}"), err.getvalue() + said


def test_without_apply_nothing_is_changed(cast: Cast) -> None:
    added = old_article(cast)
    told, said = run("--desk", "north")
    assert (told["state"], told["analyser"], told["articles"]) == ("ready", ANALYSER, 1)
    assert (told["new"], told["gone"], told["changed"], told["held"]) == (1, 1, 1, 0)
    (article,) = told["differing_articles"]
    assert article["document"] == added.document.pk
    assert [one["kind"] for one in article["differences"]] == ["changed", "gone", "new"]
    assert LAST not in rows_of(added)
    assert "1 of 1 read" in said


def test_apply_previews_and_takes_over(cast: Cast) -> None:
    added = old_article(cast)
    told, said = run("--apply", "--older-than-current")
    assert (told["state"], told["applied"]) == ("done", 1)
    assert LAST in rows_of(added)
    assert "1 taken over" in said
    _told, said = run("--older-than-current", code=1)
    assert "nothing is to be read again" in said


def test_a_preview_is_looked_at_and_applied_later_by_its_number(cast: Cast) -> None:
    one, other = old_article(cast, 1), old_article(cast, 2)
    told, _said = run("--preview")
    told, _said = run("--apply", "--batch", told["batch"], "--document", one.document.pk)
    assert (told["state"], told["applied"]) == ("ready", 1)
    assert (LAST in rows_of(one), LAST in rows_of(other)) == (True, False)
    told, _said = run("--apply", "--batch", told["batch"])
    assert (told["state"], told["applied"]) == ("done", 2)
    told, _said = run("--undo", "--batch", told["batch"])
    assert told["undone"] == 2


def test_a_stopped_or_interrupted_batch_goes_on_by_its_number(cast: Cast) -> None:
    old_article(cast, 1), old_article(cast, 2)
    batch = preview(actor=None, desk=cast.desk, scope=Scope())
    _told, said = run(code=1)
    assert f"Batch {batch.pk} is reading such articles already" in said
    cancel(actor=None, batch=batch)
    told, _said = run("--batch", batch.pk)
    assert (told["state"], told["looked"]) == ("ready", 2)
    # The job of another is lost, whatever took it away.
    again = preview(actor=None, desk=cast.desk, scope=Scope())
    Job.objects.filter(kind="reread").delete()
    told, _said = run("--batch", again.pk)
    assert (told["state"], told["looked"]) == ("ready", 2)


def test_what_a_worker_has_is_watched_and_not_done_twice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    old_article(cast)
    batch = preview(actor=None, desk=cast.desk, scope=Scope())
    Job.objects.filter(kind="reread").update(status="running", lease_until=builders.moment(10_000))
    naps = []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        Job.objects.filter(kind="reread").update(status="queued", lease_until=None)

    monkeypatch.setattr("claims.management.commands.reread.time.sleep", sleep)
    told, _said = run("--batch", batch.pk)
    assert told["state"] == "ready"
    assert len(naps) == 1


def test_work_that_fails_for_good_ends_with_a_sentence(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    old_article(cast)
    batch = preview(actor=None, desk=cast.desk, scope=Scope())
    Job.objects.filter(kind="reread").update(status="failed", error="Its worker ended.")

    def fails(pk: int) -> bool:
        return bool(Job.objects.filter(pk=pk).update(status="failed", error="Its worker ended again."))

    monkeypatch.setattr("claims.management.commands.reread.run_now", fails)
    _told, said = run("--batch", batch.pk, code=1)
    assert f"Its worker ended again. Go on with --batch {batch.pk}." in said


def test_an_article_that_cannot_be_read_is_named_and_the_exit_status_says_so(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = old_article(cast, 1)
    old_article(cast, 2)

    def found(text: str) -> tuple[Any, ...]:
        if "Edition 1" in text:
            raise ValueError("a tree without a root")
        return newer(text)

    rules_find(monkeypatch, found)
    told, said = run("--apply", code=1)
    assert told["problems"] == [
        {"document": broken.document.pk, "error": "ValueError: a tree without a root"}
    ]
    assert told["applied"] == 1
    assert f"Document {broken.document.pk}: ValueError: a tree without a root" in said


def test_what_people_decided_since_is_said_when_it_is_taken_back(cast: Cast) -> None:
    added = old_article(cast)
    told, _said = run("--apply")
    accept(actor=cast.ada, appearance=rows_of(added)[LAST])
    told, said = run("--undo", "--batch", told["batch"])
    assert (told["undone"], told["kept"]) == (0, 1)
    assert "1 stay" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--desk", "nowhere"), "There is no desk “nowhere”."),
        (("--batch", "99"), "There is no batch 99."),
        (("--undo",), "--undo needs --batch"),
        (("--cancel",), "--cancel needs --batch"),
        (("--apply", "--preview"), "Choose one of --preview and --apply."),
        (("--since", "soon"), "“soon” is no day."),
        (("--until", "18.3.2026"), "“18.3.2026” is no day."),
        (("--archive", "nowhere"), "There is no archive “nowhere”."),
    ],
)
def test_wrong_use_is_one_sentence_and_status_2(
    cast: Cast, arguments: tuple[str, ...], sentence: str
) -> None:
    old_article(cast)
    told, said = run(*arguments, code=2)
    assert sentence in said
    assert told == {}
    assert not Rereading.objects.exists()


def test_a_person_reads_one_line(cast: Cast) -> None:
    old_article(cast)
    out = io.StringIO()
    call_command("reread", stdout=out, stderr=io.StringIO())
    assert "is ready to be looked at: 1 of 1 read; 1 new, 1 gone, 1 changed" in out.getvalue()
