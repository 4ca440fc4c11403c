"""A filled installation of the first release, brought to the newest one: nothing of it is lost or changed.

On SQLite in the plain run, on PostgreSQL in the run with services; commands run as an operator runs them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from claims.exports.payload import canonical_json
from tests.upgrade.first_release import Installation, database_for, first_release

#: What the database keeps as it was written.
FROZEN = (
    "claims_auditevent",
    "claims_auditdetail",
    "claims_verdict",
    "claims_verdictauthor",
    "claims_verdictreading",
    "claims_approval",
    "claims_release",
    "claims_capture",
)
#: Columns whose values have another place now; a test of its own follows each.
MOVED = {("claims_verdictreading", "matched")}
#: Tables whose rows come and go by themselves.
PASSING = ("django_migrations", "django_content_type", "auth_permission", "claims_job", "claims_indexentry")


@dataclass(frozen=True)
class Check:
    """A published fact check with the payload that its row holds."""

    pk: int
    public_id: str
    status: str
    payload: dict[str, Any]


pytestmark = pytest.mark.live
FEEDS = ("claimreview.json", "feed.json", "atom.xml", "rss.xml", "verdicts.csv")
NORA, SANA, TOMAS = (f"{name}@ellerycheck.example" for name in ("nora", "sana", "tomas"))
PLACES = ("/desk/ellery/", "/desk/ellery/articles/", "/desk/ellery/claims/", "/desk/south/")


class Drill:
    """What stood in the database of the first release, and the same installation after it was brought up."""

    def __init__(self, at: Installation) -> None:
        self.at = at
        self.columns = at.tables()
        self.counts = {table: self.count(table) for table in self.columns}
        self.frozen = {table: self.content(table) for table in FROZEN}
        self.ticks = at.rows(
            "SELECT verdict_id, user_id, CAST(matched AS text) FROM claims_verdictreading ORDER BY id"
        )
        at.manage("prepare")
        there = set(at.tables())
        self.counts_after = {table: self.count(table) if table in there else 0 for table in self.columns}
        self.frozen_after = {table: self.content(table) for table in FROZEN}
        doctor = ["doctor", "--json"]
        named = f"/documents/{at.facts['named_document']}/"
        self.checks = self._own_checks()
        found, answers = at.look(
            [["migrate"], doctor, ["reindex", "--wait"], doctor, ["compare_index"]],
            [
                {"path": "/login/", "post": {"email": NORA, "password": at.facts["password"]}},
                {"path": "/desk/ellery/", "session": at.facts["session"]},
                *({"path": path, "person": NORA} for path in PLACES),
                {"path": "/desk/ellery/jobs/", "person": SANA},
                {"path": named, "person": SANA},
                {"path": named, "person": TOMAS},
                *({"path": f"/feeds/{name}"} for name in FEEDS),
                *({"path": f"/checks/{check.public_id}/"} for check in self.checks),
                *(
                    {"path": f"/api/v1/factchecks/{check.pk}/", "key": at.facts["api_key"]}
                    for check in self.checks
                ),
            ],
        )
        self.migrated, self.doctor_before, self.reindexed, self.doctor, self.compared = found
        self.login, self.remembered, *rest = answers
        self.pages, rest = rest[: len(PLACES)], rest[len(PLACES) :]
        self.jobs, self.named, self.not_named, *rest = rest
        self.feeds, rest = rest[: len(FEEDS)], rest[len(FEEDS) :]
        self.check_pages, self.api = rest[: len(self.checks)], rest[len(self.checks) :]

    def content(self, table: str) -> list[tuple[Any, ...]]:
        """Return every row, in the columns that the first release had."""
        columns = [name for name in self.columns[table] if (table, name) not in MOVED]
        names = ", ".join(f'CAST("{name}" AS text)' for name in columns)
        return self.at.rows(f"SELECT {names} FROM {table} ORDER BY {table}.id")

    def count(self, table: str) -> int:
        return int(self.at.rows(f"SELECT COUNT(*) FROM {table}")[0][0])

    def _own_checks(self) -> list[Check]:
        rows = self.at.rows(
            "SELECT f.id, f.public_id, f.status, r.payload FROM claims_factcheck f"
            " JOIN claims_release r ON r.id = f.latest_id JOIN claims_desk d ON d.id = f.desk_id"
            " WHERE f.claim_id IS NOT NULL AND d.slug = 'ellery' ORDER BY f.id"
        )
        return [
            Check(pk, public_id, status, stored if isinstance(stored, dict) else json.loads(stored))
            for pk, public_id, status, stored in rows
        ]


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Drill]:
    with first_release(tmp_path_factory.mktemp("first"), database_for("upgrade")) as at:
        yield Drill(at)


def test_the_dump_is_of_the_first_release_and_filled(drill: Drill) -> None:
    assert drill.counts["claims_document"] >= 45
    assert drill.counts["claims_factcheck"] >= 15
    assert drill.counts["claims_auditevent"] >= 300
    assert len(drill.frozen["claims_release"]) > drill.counts["claims_factcheck"]
    states = {status for (status,) in drill.at.rows("SELECT DISTINCT status FROM claims_factcheck")}
    assert states == {"live", "suspended", "withdrawn"}


def test_what_is_frozen_reads_as_it_was_written(drill: Drill) -> None:
    for table in FROZEN:
        assert drill.frozen_after[table] == drill.frozen[table], table


def test_what_approvers_ticked_is_ticked(drill: Drill) -> None:
    ticked = drill.at.rows(
        "SELECT verdict_id, user_id, evidence_id FROM claims_citationreading WHERE ticked_at IS NOT NULL"
    )
    before = {(verdict, user, one) for verdict, user, said in drill.ticks for one in json.loads(said)}
    assert before
    assert {tuple(row) for row in ticked} == before


def test_no_row_is_lost(drill: Drill) -> None:
    kept = {table: count for table, count in drill.counts.items() if count and table not in PASSING}
    assert {table: drill.counts_after[table] for table in kept} == kept


def test_every_guard_stands_and_none_of_an_earlier_release(drill: Drill) -> None:
    assert drill.at.guards() == drill.at.wanted_guards()


def test_nothing_is_left_to_migrate(drill: Drill) -> None:
    assert "No migrations to apply" in drill.migrated["out"]


def test_doctor_misses_the_index_alone_and_nothing_once_it_is_built(drill: Drill) -> None:
    before = [row["what"] for row in json.loads(drill.doctor_before["out"]) if not row["well"]]
    # Nor does a worker run here.
    assert set(before) <= {"engine", "index", "worker"}, drill.doctor_before
    assert drill.reindexed["trouble"] == ""
    after = [row["what"] for row in json.loads(drill.doctor["out"]) if not row["well"]]
    assert set(after) <= {"worker"}, drill.doctor
    assert drill.compared["trouble"] == "", drill.compared


def test_the_public_gets_the_same_payloads(drill: Drill) -> None:
    assert len(drill.checks) >= 10
    for check, given, page in zip(drill.checks, drill.api, drill.check_pages, strict=True):
        assert given["status"] == 200, given
        assert canonical_json(json.loads(given["body"])["payload"]) == canonical_json(check.payload)
        assert page["status"] == 200 or (check.status, page["status"]) == ("withdrawn", 410)
        assert check.public_id in page["body"]


def test_the_feeds_hold_every_live_check(drill: Drill) -> None:
    live = [check.public_id for check in drill.checks if check.status == "live"]
    assert len(live) >= 10
    for answer in drill.feeds:
        assert answer["status"] == 200
        assert [public_id for public_id in live if public_id not in answer["body"]] == [], answer["path"]


def test_people_come_in_as_before_and_find_their_work(drill: Drill) -> None:
    assert drill.login["status"] in (302, 303), drill.login
    assert [page["status"] for page in drill.pages] == [200] * len(PLACES)
    assert drill.jobs["status"] == 200
    assert "The analysis stopped." in drill.jobs["body"]


def test_who_was_signed_in_stays_so_or_is_asked_to_sign_in(drill: Drill) -> None:
    asked = drill.remembered["to"] == "/login/?next=/desk/ellery/"
    assert asked or "Nora Lindqvist" in drill.remembered["body"], drill.remembered


def test_a_document_for_named_people_stays_theirs(drill: Drill) -> None:
    word = drill.at.facts["named_word"]
    assert drill.named["status"] == 200
    assert word in drill.named["body"]
    assert drill.not_named["status"] == 404
    assert word not in drill.not_named["body"]


def test_words_that_are_hard_to_carry_are_carried(drill: Drill) -> None:
    pk = int(drill.at.facts["odd_capture"])
    assert drill.at.rows(f"SELECT text FROM claims_capture WHERE id = {pk}") == [
        (drill.at.facts["odd_text"],)
    ]


def test_bytes_lie_where_the_captures_say(drill: Drill) -> None:
    names = [name for (name,) in drill.at.rows("SELECT blob FROM claims_capture WHERE blob <> ''")]
    assert len(names) >= 45
    for name in names:
        assert Path(drill.at.data, "blobs", name[:2], name[2:4], name).is_file()
