"""The frozen content of a release: plain, hashable, read back as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from claims.exports.payload import (
    BadPayload,
    Citation,
    Payload,
    PointShown,
    RatingShown,
    canonical_json,
    digest,
    rfc3339,
)
from tests.exports.checks import BORN, check, corrected, every_state


def test_every_payload_survives_storing_as_json() -> None:
    for payload in every_state():
        stored = json.loads(json.dumps(payload.to_dict()))
        assert Payload.from_dict(stored) == payload
        assert digest(stored) == digest(payload)


def test_the_digest_does_not_depend_on_order_and_sees_every_change() -> None:
    stored = check().to_dict()
    assert digest(dict(reversed(stored.items()))) == digest(stored)
    assert digest(replace(check(), headline="Other")) != digest(check())
    assert canonical_json(check()).decode().startswith('{"about":"","appearances":[')


def test_times_are_written_in_utc_to_the_second() -> None:
    when = datetime(2021, 3, 1, 1, 0, 0, 999, tzinfo=timezone(timedelta(hours=2)))
    assert rfc3339(when) == "2021-02-28T23:00:00Z"
    with pytest.raises(BadPayload):
        rfc3339(datetime(2021, 3, 1))  # noqa: DTZ001 - a naive time is the point


def _rating(**numbers: Any) -> RatingShown:
    return RatingShown(label="x", **numbers)


@pytest.mark.parametrize(
    "numbers", [{"value": 1}, {"value": 6, "best": 5, "worst": 1}, {"best": 5, "worst": 1}]
)
def test_a_rating_has_all_its_numbers_or_none(numbers: dict[str, int]) -> None:
    with pytest.raises(BadPayload):
        _rating(**numbers)


@pytest.mark.parametrize(
    "change",
    [
        {"published_at": BORN.replace(tzinfo=None)},
        {"citations": (Citation(number=1), Citation(number=1))},
        {"points": (PointShown(question="q", answer="a", citations=(9,)),)},
    ],
)
def test_a_payload_that_contradicts_itself_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadPayload):
        check(**change)


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 2},
        {"surprise": 1},
        {"status": "deleted"},
        {"published_at": "yesterday"},
        {"published_at": "2021-01-01T00:00:00"},
        {"number": "1"},
        {"number": True},
        {"citations": "none"},
        {"rating": None},
        {"claimant": "Jan"},
    ],
)
def test_a_stored_payload_of_another_shape_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadPayload):
        Payload.from_dict(check().to_dict() | change)


def test_a_missing_required_field_is_named() -> None:
    stored = check().to_dict()
    del stored["headline"]
    with pytest.raises(BadPayload, match="headline"):
        Payload.from_dict(stored)


def test_the_last_correction_is_the_last_that_readers_were_told_of() -> None:
    last = corrected().last_correction
    assert last is not None
    assert last.number == 3
    assert check().last_correction is None
