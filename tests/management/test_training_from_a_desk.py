"""A desk's own decisions teach the heads, where there are enough of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from claims.actions.triage import decisions as triage
from claims.management import decided
from claims.models import Appearance, Document
from claims.splitting import split
from tests.builders import analysed, article
from tests.people import Cast

pytestmark = pytest.mark.django_db

OWN = Path(__file__).parents[1] / "splitting" / "claim_units"
PLACES = ("Kelm", "Redport", "Oxmere", "Tarsen", "Saltby", "Ansel", "Wenlow", "Harwick", "Borsk")


def story(place: str, figure: int) -> str:
    return (
        f"Fees rise in {place}\n\nThe port of {place} raised its fees by {figure} percent in 2019. "
        f"Minister Ilse Brandt met Anna Lind of {place}. She said the port had lost {figure} jobs. "
        f"It was a sunny morning in {place}."
    )


@pytest.fixture
def desk(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """A desk that took every claim with a figure and nothing else, in nine finished articles."""
    monkeypatch.setattr(decided, "LEAST_OF_KIND", 9)
    for number, place in enumerate(PLACES):
        text = story(place, 10 + number)
        added = article(cast, text)
        analysed(cast, added, split(text).units)
        for row in Appearance.objects.filter(capture=added.capture):
            if str(10 + number) in row.quotation:
                triage.accept(actor=cast.ada, appearance=row)
            elif "sunny" in row.quotation:
                triage.dismiss(actor=cast.ada, appearance=row)
        triage.finish_article(actor=cast.ada, document=added.document, desk=cast.desk)
    return cast


def a_folder(folder: Path) -> Path:
    """Annotated articles beside which a desk's are learned."""
    for number in range(3):
        text = story(f"Marlow {number}", 40 + number)
        start = text.index("The port")
        rows = [
            {
                "start": start,
                "end": text.index(". Minister"),
                "class": "article",
                "claimant": "",
                "check": "fact",
                "dates": [],
            }
        ]
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
        (folder / f"{number}.json").write_text(json.dumps(rows), encoding="utf-8")
    return folder


def test_decisions_become_articles_with_what_was_taken(desk: Cast) -> None:
    found = decided.decisions_of(desk.desk.slug)
    assert len(found.articles) == 9
    assert all(one.finished for one in found.articles)
    first = found.articles[0]
    taken = [first.article.text[unit.start : unit.end] for unit in first.article.units]
    assert taken
    assert all("10" in words for words in taken)
    assert {unit.claimant for unit in first.article.units if unit.attribution == "reported"} <= {
        "Ilse Brandt",
        "Anna Lind",
    }
    assert found.taken + found.passed_over == sum(len(one.judged) for one in found.articles)
    # What was left when the article was finished counts as passed over.
    assert found.passed_over > 9


def test_an_article_for_named_people_teaches_nothing(desk: Cast) -> None:
    Document.objects.filter(title__contains="Kelm").update(visibility=Document.Visibility.NAMED)
    Document.objects.filter(pk=Document.objects.order_by("pk").first().pk).update(  # type: ignore[union-attr]
        visibility=Document.Visibility.NAMED
    )
    found = decided.decisions_of(desk.desk.slug)
    assert len(found.articles) == 8
    assert not any("Kelm" in one.article.text for one in found.articles)


def test_too_few_decisions_are_refused_with_their_number(cast: Cast) -> None:
    with pytest.raises(CommandError, match="Too little to learn from: 0 accepted and 0 dismissed"):
        decided.decisions_of(cast.desk.slug)


def test_a_desk_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match="no desk “nowhere”"):
        decided.decisions_of("nowhere")


def test_another_desks_decisions_are_not_its_own(desk: Cast) -> None:
    with pytest.raises(CommandError, match="of 0 articles"):
        decided.decisions_of(desk.other_desk.slug)


def test_worthiness_learns_from_a_desk(
    desk: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("train_worthiness", desk=desk.desk.slug, output=tmp_path)
    said = capsys.readouterr().err
    assert "before: average precision" in said
    assert "out of fold: average precision" in said
    card = (tmp_path / "worthiness.desk.md").read_text(encoding="utf-8")
    assert "train_worthiness --desk" in card
    assert "accepted" in card
    assert "Kelm" not in card
    stored = json.loads((tmp_path / "worthiness.json").read_text(encoding="utf-8"))
    decisions = decided.decisions_of(desk.desk.slug)
    assert stored["trained_on"]["rows"] == 1860 + decisions.taken + decisions.passed_over


@pytest.mark.parametrize(
    ("command", "name"),
    [("train_checkable", "head.npz"), ("train_claimants", "head.json")],
)
def test_heads_learn_from_a_desk(
    desk: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, name: str
) -> None:
    (tmp_path / "own").mkdir()
    call_command(command, a_folder(tmp_path / "own"), desk=desk.desk.slug, output=tmp_path / name)
    said = capsys.readouterr().err
    assert f"desk {desk.desk.slug}, before" in said
    assert f"desk {desk.desk.slug}, out of fold" in said
    assert (tmp_path / name).stat().st_size > 100
    card = (tmp_path / "head.desk.md").read_text(encoding="utf-8")
    assert f"desk {desk.desk.slug}, before" in card
    assert "Kelm" not in card


def test_the_ranker_of_missed_units_learns_from_finished_articles(
    desk: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    for name in ("01", "02", "03"):
        for ending in ("txt", "json"):
            shutil.copy(OWN / f"{name}.{ending}", own)
    first = Document.objects.order_by("pk").first()
    assert first is not None
    triage.reopen_article(actor=desk.ada, document=first, desk=desk.desk)
    call_command("train_units", own, desk=desk.desk.slug, output=tmp_path / "head.json")
    said = capsys.readouterr().err
    places = [line for line in said.splitlines() if line.startswith(f"  {desk.desk.slug} ")]
    # Eight of nine articles, before and after: the one that is open again does not teach.
    assert len(places) == 16
    assert f"desk {desk.desk.slug}, before" in said
    assert "before" in (tmp_path / "head.desk.md").read_text(encoding="utf-8")


def test_the_ranker_learns_from_a_desk(
    desk: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own").mkdir()
    a_folder(tmp_path / "own")
    rows = ["article\tstart\tend\ttaken"]
    for number in range(3):
        text = story(f"Marlow {number}", 40 + number)
        start, sunny = text.index("The port"), text.index("It was")
        rows += [
            f"{number}\t{start}\t{text.index('. Minister')}\tyes",
            f"{number}\t{sunny}\t{len(text) - 1}\tno",
        ]
    (tmp_path / "judged.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "sets.tsv").write_text(
        "name\tfolder\tjudged\tonly\tlearned\nmine\town\tjudged.tsv\t\tyes\n", encoding="utf-8"
    )
    call_command(
        "train_ranking", tmp_path / "sets.tsv", desk=desk.desk.slug, output=tmp_path / "ranking.json"
    )
    said = capsys.readouterr().err
    assert f"desk {desk.desk.slug}, before, taken of the top five" in said
    assert f"desk {desk.desk.slug}, out of fold, taken of the top five" in said
    from claims.splitting.ranking.head import EditorRanker

    assert EditorRanker.load(tmp_path / "ranking.json").plain.weights
    assert "before" in (tmp_path / "ranking.desk.md").read_text(encoding="utf-8")


def test_a_head_that_no_triage_teaches_takes_no_desk(tmp_path: Path) -> None:
    with pytest.raises((CommandError, TypeError)):
        call_command("train_origins", str(tmp_path), "--desk", "any")
