"""Which rows can nobody change, whoever writes? One condition each, in SQL that both databases read.

Frozen: the log, captures, verdict versions with their points, authors and approvals, releases. A redaction
turns words into their tombstone, once, and changes nothing else. A release needs the approvals of its
version, releases are numbered one by one, and a fact check only moves on to its newest one. SQLite needs
further guards, because there REPLACE deletes without asking and foreign keys are a switch of the connection.
``guards`` makes triggers of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

INSERT, UPDATE, DELETE, TRUNCATE = "INSERT", "UPDATE", "DELETE", "TRUNCATE"


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger: table, when it fires, the condition under which it refuses, and the sentence it says.

    No condition refuses always. ``{others}`` in it stands for "a column that is not in ``free`` changes".
    """

    name: str
    table: str
    event: str
    refuses_if: str
    says: str
    free: tuple[str, ...] = ()
    only: str = ""


@dataclass(frozen=True, slots=True)
class Tombstones:
    """What the words of a redacted row turn into; every other column stays as it is.

    At least one column of ``body`` has to turn, ``beside`` may.
    """

    body: dict[str, str]
    beside: dict[str, str]


#: The exact tombstone of each kind of row. Ids, numbers, hashes and times are never redacted.
TOMBSTONES = {
    "claims_auditdetail": Tombstones({"data": "{}"}, {}),
    "claims_capture": Tombstones(
        {"text": ""},
        {"title": "", "blob": "", "final_url": "", "published_evidence": "", "notes": "[]", "pages": "[]"},
    ),
    "claims_verdict": Tombstones(
        {"headline": "", "short_answer": "", "justification": ""},
        {"wording": "", "not_found": "", "byline": ""},
    ),
    "claims_release": Tombstones({"payload": "{}"}, {"public_note": ""}),
}

#: What makes a row of a guarded table this row and no other, besides its id.
KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "claims_auditevent": (),
    "claims_auditdetail": (("event_id",),),
    "claims_capture": (("document_id", "number"),),
    "claims_review": (("claim_id", "number"),),
    "claims_verdict": (("review_id", "number"),),
    "claims_verdictauthor": (("verdict_id", "user_id"),),
    "claims_point": (("verdict_id", "number"),),
    "claims_approval": (("verdict_id", "user_id"),),
    "claims_factcheck": (("public_id",), ("claim_id",), ("latest_id",)),
    "claims_release": (("factcheck_id", "number"),),
}

#: Keys that hold for some rows only: the columns, and for which rows.
PARTIAL_KEYS: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "claims_factcheck": ((("desk_id", "import_key"), "imported"),),
    "claims_review": ((("claim_id",), "state NOT IN ('published', 'closed')"),),
}

#: What rows of guarded tables point at: table, and the columns that do.
PARENTS: dict[str, tuple[tuple[str, str], ...]] = {
    "claims_document": (("claims_capture", "document_id"),),
    "claims_claim": (
        ("claims_review", "claim_id"),
        ("claims_verdict", "claim_id"),
        ("claims_factcheck", "claim_id"),
    ),
    "claims_review": (("claims_verdict", "review_id"),),
    "claims_rating": (("claims_verdict", "rating_id"),),
    "claims_foreignlabel": (("claims_factcheck", "foreign_label_id"),),
    "claims_desk": (("claims_verdict", "desk_id"), ("claims_factcheck", "desk_id")),
    "claims_user": (
        ("claims_verdict", "created_by_id"),
        ("claims_verdict", "proposed_by_id"),
        ("claims_verdictauthor", "user_id"),
        ("claims_approval", "user_id"),
        ("claims_release", "by_id"),
    ),
}

# A version counts as handed in from the moment the log says so, or anybody has read or approved it.
_HANDED_IN = (
    "EXISTS (SELECT 1 FROM claims_auditevent e WHERE e.object_kind = 'verdict'"
    " AND e.object_id = NEW.verdict_id AND e.verb = 'verdict.submitted')"
    " OR EXISTS (SELECT 1 FROM claims_verdictreading r WHERE r.verdict_id = NEW.verdict_id)"
    " OR EXISTS (SELECT 1 FROM claims_approval a WHERE a.verdict_id = NEW.verdict_id)"
    " OR EXISTS (SELECT 1 FROM claims_release r WHERE r.verdict_id = NEW.verdict_id)"
)
_RESTATING = "('suspension', 'reinstatement', 'withdrawal')"
_BY_OTHERS = (
    "(SELECT COUNT(*) FROM claims_approval a WHERE a.verdict_id = v.id AND a.kind = '{kind}'"
    " AND a.user_id <> v.created_by_id AND NOT EXISTS (SELECT 1 FROM claims_verdictauthor w"
    " WHERE w.verdict_id = v.id AND w.user_id = a.user_id))"
)
# As review.policy.needed_for: a minor edit vouches for nothing new, so one other person is enough.
_NEEDED = "CASE WHEN NEW.kind = 'minor' AND r.release_kind = 'minor' THEN {minor} ELSE d.{column} END"
_APPROVED = (
    "EXISTS (SELECT 1 FROM claims_verdict v JOIN claims_review r ON r.id = v.review_id"
    " JOIN claims_desk d ON d.id = v.desk_id WHERE v.id = NEW.verdict_id"
    f" AND {_BY_OTHERS.format(kind='editorial')} >= 1"
    f" AND {_BY_OTHERS.format(kind='editorial')} >= {_NEEDED.format(minor=1, column='editorial_approvals')}"
    f" AND {_BY_OTHERS.format(kind='legal')} >= {_NEEDED.format(minor=0, column='legal_approvals')}"
    " AND NOT EXISTS (SELECT 1 FROM claims_verdict n WHERE n.review_id = v.review_id AND n.number > v.number)"
    " AND NOT EXISTS (SELECT 1 FROM claims_auditevent e WHERE e.object_kind = 'verdict'"
    " AND e.object_id = v.id AND e.verb IN ('verdict.returned', 'verdict.recalled')))"
)


def changed(*columns: str) -> str:
    return " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns)


def _frozen(table: str, what: str) -> Iterator[Guard]:
    name = table.removeprefix("claims_")
    yield Guard(f"{name}_frozen", table, UPDATE, "", f"{what} cannot be changed.")
    yield from _kept(table, what)


def _kept(table: str, what: str) -> Iterator[Guard]:
    name = table.removeprefix("claims_")
    yield Guard(f"{name}_kept", table, DELETE, "", f"{what} cannot be deleted.")
    yield Guard(f"{name}_not_emptied", table, TRUNCATE, "", f"{what} cannot be deleted.", only="postgresql")


def _redactable(table: str, what: str, says: str = "") -> Iterator[Guard]:
    stones = TOMBSTONES[table]
    words = stones.body | stones.beside
    parts = ["OLD.redacted_at IS NOT NULL", "NEW.redacted_at IS NULL", "{others}"]
    parts.append("NOT (" + " OR ".join(f"NEW.{n} = '{stone}'" for n, stone in stones.body.items()) + ")")
    parts += [f"({changed(n)}) AND NEW.{n} IS DISTINCT FROM '{stone}'" for n, stone in words.items()]
    name = table.removeprefix("claims_")
    yield Guard(
        f"{name}_frozen",
        table,
        UPDATE,
        " OR ".join(parts),
        says or f"{what} cannot be changed: a redaction blanks its words, once, and nothing else.",
        free=(*words, "redacted_at"),
    )
    yield from _kept(table, what)


def _not_replaced(table: str, what: str) -> Guard:
    """Refuse to insert what is there already: REPLACE deletes the older row and fires no DELETE trigger."""
    same = ["o.id = NEW.id"]
    same += ["(" + " AND ".join(f"o.{n} = NEW.{n}" for n in key) + ")" for key in KEYS[table]]
    for key, rows in PARTIAL_KEYS.get(table, ()):
        same.append(
            "(" + " AND ".join([*(f"o.{n} = NEW.{n}" for n in key), f"o.{rows}", f"NEW.{rows}"]) + ")"
        )
    return Guard(
        f"{table.removeprefix('claims_')}_not_replaced",
        table,
        INSERT,
        f"EXISTS (SELECT 1 FROM {table} o WHERE {' OR '.join(same)})",
        f"{what} that is there already cannot be replaced.",
        only="sqlite",
    )


def _parent(table: str, children: Iterable[tuple[str, str]]) -> Iterator[Guard]:
    """Hold on to what guarded rows point at, where foreign keys are a switch of the connection."""
    name = table.removeprefix("claims_")
    held = " OR ".join(f"EXISTS (SELECT 1 FROM {child} c WHERE c.{n} = OLD.id)" for child, n in children)
    says = f"This {name} cannot be deleted: what is kept for ever points at it."
    yield Guard(f"{name}_is_pointed_at", table, DELETE, held, says, only="sqlite")
    yield Guard(f"{name}_keeps_its_id", table, UPDATE, changed("id"), "An id never changes.", only="sqlite")


_WHAT = {
    "claims_auditevent": "A row of the audit log",
    "claims_auditdetail": "A row of the audit log",
    "claims_capture": "A capture",
    "claims_review": "A review",
    "claims_verdict": "A verdict version",
    "claims_verdictauthor": "An author of a verdict",
    "claims_point": "A point of a verdict",
    "claims_approval": "An approval",
    "claims_factcheck": "A fact check",
    "claims_release": "A release",
}

GUARDS: tuple[Guard, ...] = (
    *_frozen("claims_auditevent", "The audit log"),
    *_redactable("claims_auditdetail", "The audit log", "Details of the audit log can only be redacted."),
    *_redactable("claims_capture", "A capture"),
    *_redactable("claims_verdict", "A verdict version"),
    *_redactable("claims_release", "A release"),
    *_frozen("claims_approval", "An approval"),
    *_frozen("claims_verdictauthor", "The authors of a verdict version"),
    *_kept("claims_point", "A point of a verdict version"),
    *_kept("claims_factcheck", "A fact check"),
    *(_not_replaced(table, what) for table, what in _WHAT.items()),
    *(guard for table, children in PARENTS.items() for guard in _parent(table, children)),
    Guard(
        "point_frozen",
        "claims_point",
        UPDATE,
        "NOT EXISTS (SELECT 1 FROM claims_verdict v WHERE v.id = OLD.verdict_id AND v.redacted_at IS NOT NULL)"
        " OR {others} OR NEW.question <> '' OR NEW.answer <> ''",
        "A point of a verdict version cannot be changed; one of a redacted version can be blanked.",
        free=("question", "answer"),
    ),
    Guard(
        "point_in_time",
        "claims_point",
        INSERT,
        _HANDED_IN,
        "A verdict that was handed in gets no further point; the points of a version cannot be changed.",
    ),
    Guard(
        "author_in_time",
        "claims_verdictauthor",
        INSERT,
        _HANDED_IN,
        "A verdict that was handed in gets no further author: the authors of a version cannot be changed.",
    ),
    Guard(
        "review_stays",
        "claims_review",
        UPDATE,
        changed("id", "desk_id", "claim_id", "number"),
        "A review belongs to its claim and desk for ever.",
    ),
    Guard(
        "verdict_of_review",
        "claims_verdict",
        INSERT,
        "NOT EXISTS (SELECT 1 FROM claims_review r WHERE r.id = NEW.review_id"
        " AND r.claim_id = NEW.claim_id AND r.desk_id = NEW.desk_id)",
        "A verdict version belongs to the claim and desk of its review.",
    ),
    Guard(
        "approval_by_author",
        "claims_approval",
        INSERT,
        "EXISTS (SELECT 1 FROM claims_verdictauthor a"
        " WHERE a.verdict_id = NEW.verdict_id AND a.user_id = NEW.user_id)"
        " OR EXISTS (SELECT 1 FROM claims_verdict v"
        " WHERE v.id = NEW.verdict_id AND v.created_by_id = NEW.user_id)",
        "An author of a verdict cannot approve it.",
    ),
    Guard(
        "factcheck_begins",
        "claims_factcheck",
        INSERT,
        "NEW.latest_id IS NOT NULL",
        "A fact check begins without a release.",
    ),
    Guard(
        "factcheck_stays",
        "claims_factcheck",
        UPDATE,
        changed("id", "desk_id", "public_id", "claim_id", "imported", "import_key", "created_at"),
        "A fact check keeps its claim, its desk and its address for ever.",
    ),
    Guard(
        "factcheck_moves_on",
        "claims_factcheck",
        UPDATE,
        f"({changed('latest_id')}) AND NEW.latest_id IS DISTINCT FROM (SELECT r.id FROM claims_release r"
        " WHERE r.factcheck_id = NEW.id ORDER BY r.number DESC LIMIT 1)"
        " OR OLD.latest_id IS NOT NULL AND NEW.latest_id IS NULL",
        "A fact check only moves on to its newest release.",
    ),
    Guard(
        "factcheck_status",
        "claims_factcheck",
        UPDATE,
        f"({changed('status')}) AND NEW.latest_id IS NOT DISTINCT FROM OLD.latest_id",
        "The status of a fact check changes with a release and not without one.",
    ),
    Guard(
        "release_numbered",
        "claims_release",
        INSERT,
        "NEW.number IS DISTINCT FROM 1 + COALESCE((SELECT MAX(o.number) FROM claims_release o"
        " WHERE o.factcheck_id = NEW.factcheck_id), 0) OR (NEW.kind = 'first') <> (NEW.number = 1)",
        "Releases of a fact check are numbered one by one, and only the first one is the first.",
    ),
    Guard(
        "release_of_claim",
        "claims_release",
        INSERT,
        "NOT EXISTS (SELECT 1 FROM claims_factcheck f LEFT JOIN claims_verdict v ON v.id = NEW.verdict_id"
        " WHERE f.id = NEW.factcheck_id AND (f.imported AND NEW.verdict_id IS NULL"
        " OR NOT f.imported AND v.claim_id = f.claim_id AND v.desk_id = f.desk_id))",
        "A release shows a verdict on the claim of its fact check; only an imported one shows none.",
    ),
    Guard(
        "release_approved",
        "claims_release",
        INSERT,
        f"NEW.verdict_id IS NOT NULL AND NEW.kind NOT IN {_RESTATING} AND NOT {_APPROVED}",
        "A verdict is released with the approvals its desk asks for, by people who did not write it.",
    ),
    Guard(
        "release_restates",
        "claims_release",
        INSERT,
        f"NEW.verdict_id IS NOT NULL AND NEW.kind IN {_RESTATING} AND NOT EXISTS (SELECT 1"
        " FROM claims_factcheck f JOIN claims_release o ON o.id = f.latest_id"
        " WHERE f.id = NEW.factcheck_id AND o.verdict_id = NEW.verdict_id)",
        "A suspension, reinstatement or withdrawal shows the verdict that was public before it.",
    ),
    Guard(
        "release_after_withdrawal",
        "claims_release",
        INSERT,
        "EXISTS (SELECT 1 FROM claims_factcheck f WHERE f.id = NEW.factcheck_id"
        " AND NOT f.imported AND f.status = 'withdrawn')",
        "A withdrawal is final: no release follows it.",
    ),
)
