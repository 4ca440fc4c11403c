"""Claims and suggestions that say much the same in other words: noted in the background, offered for a look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from claims.actions.claims.changes import edit_wording
from claims.actions.triage import resemblance
from claims.actions.triage.decisions import accept, dismiss, reopen
from claims.actions.triage.repeats import Earlier, suggest_repeats_of
from claims.models import Appearance, Claim, ClaimVector, Job, Resemblance, SuggestionVector, User
from claims.models.together import answered
from tests.builders import analysed, article, claim, unit
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)

KNOWN = "Crime in the capital fell sharply last year."
PARAPHRASE = "Far fewer offences were committed in the capital city over the past year."
ELSEWHERE = "A bakery in the old town sells forty kinds of bread."

Drain = Callable[..., int]


def said(cast: Cast, sentence: str, **fields: Any) -> Appearance:
    """Return the one suggestion of an article that consists of this sentence."""
    analysed(cast, article(cast, sentence), (unit(sentence, sentence.rstrip("."), **fields),))
    return Appearance.objects.get(quotation=sentence.rstrip("."))


def repeats_of(row: Appearance) -> list[Earlier]:
    row.refresh_from_db()
    return answered(suggest_repeats_of([row], User.objects.get(display_name="Ada"))).get(row.pk, [])


def walk(drain: Drain) -> int:
    """Run the walk, as if the last one were long ago; return how many walks there were."""
    Job.objects.filter(kind="resemble").delete()
    resemblance.resemble_by_time(now=timezone.now().replace(minute=0))
    return drain("resemble")


@pytest.fixture
def known(cast: Cast) -> Claim:
    return claim(cast, KNOWN, wording=KNOWN)


def test_a_claim_in_other_words_is_offered_for_a_look_once_both_were_read(
    cast: Cast, known: Claim, drain: Drain
) -> None:
    claim(cast, ELSEWHERE, wording=ELSEWHERE)
    row = said(cast, PARAPHRASE)
    assert repeats_of(row) == []
    assert walk(drain) == 1
    (found,) = repeats_of(row)
    assert found.claim == known
    assert not found.sure
    assert found.reasons[0] == "may say the same in other words"


def test_a_claim_made_later_is_compared_with_suggestions_that_were_read_before(
    cast: Cast, drain: Drain
) -> None:
    row = said(cast, PARAPHRASE)
    walk(drain)
    late = claim(cast, KNOWN, wording=KNOWN)
    walk(drain)
    assert [one.claim for one in repeats_of(row)] == [late]


@pytest.mark.parametrize(
    "other",
    [
        "Crime in the capital rose sharply last year.",
        "Crime in the capital did not fall sharply last year.",
    ],
    ids=["opposite", "denial"],
)
def test_what_is_alike_in_meaning_and_says_the_contrary_is_never_offered(
    cast: Cast, known: Claim, drain: Drain, other: str
) -> None:
    row = said(cast, other)
    walk(drain)
    assert Resemblance.objects.filter(suggestion=row, claim=known, likeness__gte=0.7).exists()
    assert repeats_of(row) == []


def test_a_claim_with_other_words_since_is_not_offered_and_is_read_again(
    cast: Cast, known: Claim, drain: Drain
) -> None:
    row = said(cast, PARAPHRASE)
    walk(drain)
    edit_wording(actor=cast.ada, claim=known, wording=ELSEWHERE, expected_version=known.version)
    assert repeats_of(row) == []
    assert walk(drain) == 1
    assert ClaimVector.objects.get(claim=known).said == ELSEWHERE
    assert not Resemblance.objects.exists()


def test_a_suggestion_with_other_words_since_is_not_offered_anything_by_the_old_ones(
    cast: Cast, known: Claim, drain: Drain
) -> None:
    row = said(cast, PARAPHRASE)
    walk(drain)
    Appearance.objects.filter(pk=row.pk).update(wording=ELSEWHERE)
    assert repeats_of(row) == []
    walk(drain)
    assert SuggestionVector.objects.get(suggestion=row).said == ELSEWHERE
    assert not Resemblance.objects.exists()


def test_claims_of_another_desk_are_never_alike(cast: Cast, drain: Drain) -> None:
    claim(cast, KNOWN, wording=KNOWN, desk=cast.other_desk, actor=cast.otto)
    row = said(cast, PARAPHRASE)
    walk(drain)
    assert ClaimVector.objects.count() == 1
    assert repeats_of(row) == []
    assert not Resemblance.objects.exists()


def test_what_was_decided_is_compared_no_more_and_opened_again_meets_what_came_meanwhile(
    cast: Cast, drain: Drain
) -> None:
    row = said(cast, PARAPHRASE)
    walk(drain)
    dismiss(actor=cast.ada, appearance=row)
    meanwhile = claim(cast, KNOWN, wording=KNOWN)
    walk(drain)
    assert not SuggestionVector.objects.exists()
    row.refresh_from_db()
    reopen(actor=cast.ada, appearance=row)
    walk(drain)
    assert [one.claim for one in repeats_of(row)] == [meanwhile]


def test_nothing_is_queued_where_all_is_read(cast: Cast, known: Claim, drain: Drain) -> None:
    said(cast, PARAPHRASE)
    assert walk(drain) == 1
    assert walk(drain) == 0
    ClaimVector.objects.update(encoder="of before")
    assert walk(drain) == 1
    assert walk(drain) == 0


def test_the_walk_comes_again_after_a_while_at_the_earliest(cast: Cast, known: Claim) -> None:
    assert resemblance.resemble_by_time() is not None
    Job.objects.update(status=Job.Status.DONE, finished_at=timezone.now())
    assert resemblance.resemble_by_time() is None
    assert resemblance.resemble_by_time(now=timezone.now() + resemblance.EVERY) is not None


def test_each_tick_looks_at_the_newest_and_one_in_ten_minutes_at_all(
    cast: Cast, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resemblance, "NEWEST", 1)
    old, new = said(cast, PARAPHRASE), said(cast, ELSEWHERE)
    walk(drain)
    Job.objects.filter(kind="resemble").delete()
    Appearance.objects.filter(pk=old.pk).update(wording=KNOWN)
    noon = timezone.now().replace(minute=0)
    assert resemblance.resemble_by_time(now=noon.replace(minute=5)) is None
    assert resemblance.resemble_by_time(now=noon) is not None
    Job.objects.filter(kind="resemble").delete()
    Appearance.objects.filter(pk=new.pk).update(wording=KNOWN)
    assert resemblance.resemble_by_time(now=noon.replace(minute=5)) is not None


def test_a_walk_that_was_cut_short_goes_on(
    cast: Cast, known: Claim, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = said(cast, PARAPHRASE)

    def gone(read: object) -> None:
        raise OSError("the machine went away")

    with monkeypatch.context() as patched:
        patched.setattr(resemblance, "_keep_suggestions", gone)
        walk(drain)
    assert ClaimVector.objects.exists()
    assert not SuggestionVector.objects.exists()
    walk(drain)
    assert [one.claim for one in repeats_of(row)] == [known]


def test_many_are_read_in_batches_and_suggestions_up_to_a_limit(
    cast: Cast, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resemblance, "BATCH", 2)
    monkeypatch.setattr(resemblance, "_CHUNK", 2)
    monkeypatch.setattr(resemblance, "MOST", 3)
    rows = [said(cast, f"{KNOWN[:-1]}, chief {number} of the police said.") for number in range(5)]
    walk(drain)
    assert SuggestionVector.objects.count() == 3
    claims = [claim(cast, KNOWN, wording=KNOWN) for _number in range(3)]
    walk(drain)
    assert Resemblance.objects.count() == 9
    assert {row.suggestion_id for row in Resemblance.objects.all()} == {row.pk for row in rows[2:]}
    assert {row.claim_id for row in Resemblance.objects.all()} == {one.pk for one in claims}
    assert walk(drain) == 0, "no more is read than an installation keeps"


def test_other_languages_and_what_cannot_be_checked_are_left_to_words(
    cast: Cast, drain: Drain, known: Claim
) -> None:
    Claim.objects.filter(pk=known.pk).update(language="de")
    row = said(cast, PARAPHRASE)
    Appearance.objects.filter(pk=row.pk).update(checkable=Appearance.Checkable.NO)
    assert walk(drain) == 0
    Appearance.objects.filter(pk=row.pk).update(checkable=Appearance.Checkable.FACT)
    assert row.document is not None
    type(row.document).objects.filter(pk=row.document.pk).update(language="nl")
    assert walk(drain) == 0


def test_switched_off_nothing_is_read_and_words_alone_are_compared(
    cast: Cast, known: Claim, drain: Drain, settings: Any
) -> None:
    row = said(cast, PARAPHRASE)
    walk(drain)
    assert repeats_of(row) != []
    settings.CHECKS_BY_MEANING = False
    assert repeats_of(row) == []
    Resemblance.objects.all().delete()
    ClaimVector.objects.all().delete()
    assert walk(drain) == 0


def test_rows_are_seen_by_those_who_see_both(cast: Cast, known: Claim, drain: Drain) -> None:
    said(cast, PARAPHRASE)
    walk(drain)
    for model in (ClaimVector, SuggestionVector, Resemblance):
        assert model.objects.visible_to(cast.ada).count() == 1
        assert model.objects.visible_to(cast.otto).count() == 0


def test_accepting_as_a_claim_in_other_words_makes_no_second_claim(
    cast: Cast, known: Claim, drain: Drain
) -> None:
    row = said(cast, PARAPHRASE)
    walk(drain)
    (found,) = repeats_of(row)
    assert accept(actor=cast.ada, appearance=row, claim=found.claim) == known
    assert Claim.objects.count() == 1
