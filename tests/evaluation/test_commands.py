"""`evaluate` and `split` keep their promises: shapes, streams, exit status, one sentence for a mistake."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

import claims.splitting
from claims.evaluation.types import BadData, Evaluation
from claims.management.commands import evaluate, split
from claims.search.engine import EngineUnavailable
from claims.splitting.types import ClaimantKind, DateMention, Reason, Split, Unit
from claims.vocabulary import Attribution, Checkable

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = "\n".join(
    [
        "Dam breaks near Oxmere",
        "",
        "A dam near Oxmere broke on Monday, killing nine people. Its owner, the mining company Lodestar, said"
        " it had inspected the wall in May.",
        "",
        "“We were never warned,” Lodestar chief executive Ines Carvalho told reporters.",
    ]
)


# --- evaluate -----------------------------------------------------------------------------------


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """A task module of our own; returns what it was called with."""
    calls: list[dict[str, Any]] = []

    def run(
        data: Path, *, train: Path | None = None, engine: str = "embedded", details: Any = None
    ) -> Evaluation:
        calls.append({"data": data, "train": train, "engine": engine})
        if details is not None:
            details("a detail")
        if data.name == "odd.json":
            raise BadData("odd.json holds no queries")
        if engine == "elasticsearch" and data.name == "asleep":
            raise EngineUnavailable("nothing listens at 127.0.0.1:9200")
        if data.name == "torn.json":
            json.loads(data.read_text(encoding="utf-8"))
        return Evaluation("evidence", str(data), 7, {"recall": 0.5, "map": 0.25}, 1.25, engine)

    module = types.ModuleType("tests.evaluation.a_task")
    module.run = run  # type: ignore[attr-defined]
    module.__spec__ = importlib.util.spec_from_loader(module.__name__, None)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(evaluate.MODULES, "evidence", module.__name__)
    return calls


def evaluated(*arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command(evaluate.Command(stdout=out, stderr=err, no_color=True), *arguments)
    return out.getvalue(), err.getvalue()


def refused(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        evaluated(*arguments)
    assert caught.value.returncode == 2
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def test_json_is_the_promised_object_alone_on_standard_output(task: list[Any], tmp_path: Path) -> None:
    out, err = evaluated("evidence", "--data", str(tmp_path), "--json", "--details")
    assert json.loads(out) == {
        "task": "evidence",
        "data": str(tmp_path),
        "n": 7,
        "metrics": {"recall": 0.5, "map": 0.25},
        "engine": "embedded",
        "seconds": 1.25,
    }
    assert "a detail" in err


def test_without_json_people_read_one_metric_a_line(task: list[Any], tmp_path: Path) -> None:
    out, _ = evaluated("evidence", "--data", str(tmp_path), "--details")
    assert "7 items" in out
    assert "  recall  0.500\n" in out
    assert "a detail" in out


def test_options_reach_the_task(task: list[dict[str, Any]], tmp_path: Path) -> None:
    train = tmp_path / "train"
    train.mkdir()
    evaluated("evidence", "--data", str(tmp_path), "--train", str(train), "--engine", "elasticsearch")
    assert task == [{"data": tmp_path, "train": train, "engine": "elasticsearch"}]


def test_an_option_the_task_does_not_know_is_refused(task: list[Any], tmp_path: Path) -> None:
    assert "takes no --semantic" in refused("evidence", "--data", str(tmp_path), "--semantic")
    assert "takes no --engine" in refused("claim-units", "--data", str(tmp_path), "--engine", "embedded")
    assert task == []


def test_wrong_use_is_told_in_one_sentence(task: list[Any], tmp_path: Path) -> None:
    assert "no task: choose one of claim-units" in refused("spelling", "--data", str(tmp_path))
    assert "Name a task" in refused()
    assert "--data PATH" in refused("evidence")
    assert "does not exist" in refused("evidence", "--data", str(tmp_path / "missing"))
    assert "does not exist" in refused("evidence", "--data", str(tmp_path), "--train", str(tmp_path / "no"))
    assert "no engine" in refused("evidence", "--data", str(tmp_path), "--engine", "solr")
    odd = tmp_path / "odd.json"
    odd.write_text("{}", encoding="utf-8")
    assert refused("evidence", "--data", str(odd)) == "odd.json holds no queries."


def test_a_failure_that_is_no_mistake_exits_with_one_sentence_too(task: list[Any], tmp_path: Path) -> None:
    asleep = tmp_path / "asleep"
    asleep.mkdir()
    torn = tmp_path / "torn.json"
    torn.write_text('{"queries": [', encoding="utf-8")
    for arguments, complaint in [
        (["--data", str(asleep), "--engine", "elasticsearch"], "engine did not answer: nothing listens"),
        (["--data", str(torn)], "could not be read"),
    ]:
        with pytest.raises(CommandError, match=complaint) as caught:
            evaluated("evidence", *arguments)
        assert caught.value.returncode == 1
        assert "\n" not in str(caught.value)


def test_a_task_without_its_module_is_not_listed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(evaluate.MODULES, "origins", "claims.evaluation.not_there")
    assert "origins" not in evaluate.available()
    assert "origins" not in refused("origins", "--data", str(tmp_path)).split("choose")[1]


# --- split --------------------------------------------------------------------------------------


def stand_in(text: str, **options: Any) -> Split:
    """A pipeline that finds the dam breaking, so that output can be checked field by field."""
    start = text.find("A dam")
    start = max(start, 0)
    end = start + 10
    unit = Unit(
        0,
        start,
        end,
        text[start:end],
        Attribution.REPORTED,
        Checkable.FACT,
        "Lodestar",
        ClaimantKind.ORGANISATION,
        negated=True,
        score=0.91239,
        reasons=(Reason("quantity", 1.25, "a quantity"), Reason("part", -0.2, "part of a longer claim")),
        dates=(DateMention("Monday", 30, 36, "2020-10-12", "2020-10-12", "2020-10-12"),),
        flags=("contested",),
    )
    inner = Unit(1, start, start + 5, text[start : start + 5], Attribution.PREMISE, Checkable.SAID, within=0)
    return Split("rules/1", "en", len(text), options.get("published"), "", (unit, inner), (), ("ambiguous",))


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = []

    def split_(text: str, **options: Any) -> Split:
        calls.append({"text": text, **options})
        return stand_in(text, **options)

    monkeypatch.setattr(claims.splitting, "split", split_, raising=False)
    return calls


def run_split(*arguments: str) -> str:
    out = io.StringIO()
    call_command(split.Command(stdout=out, stderr=io.StringIO(), no_color=True), *arguments)
    return out.getvalue()


def split_refused(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        run_split(*arguments)
    assert caught.value.returncode == 2
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def test_split_prints_the_promised_object(pipeline: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    printed = json.loads(run_split(str(path), "--json", "--published", "2020-10-14"))
    start = ARTICLE.index("A dam")
    assert printed == {
        "schema": 1,
        "analyser": "rules/1",
        "document": {
            "language": "en",
            "published": "2020-10-14",
            "published_source": "person",
            "characters": len(ARTICLE),
        },
        "claims": [
            {
                "id": 0,
                "within": None,
                "start": start,
                "end": start + 10,
                "text": "A dam near",
                "attribution": "reported",
                "claimant": "Lodestar",
                "claimant_kind": "organisation",
                "negated": True,
                "checkable": "fact",
                "score": 0.9124,
                "reasons": [
                    {"feature": "quantity", "weight": 1.25, "text": "a quantity"},
                    {"feature": "part", "weight": -0.2, "text": "part of a longer claim"},
                ],
                "dates": [{"expr": "Monday", "start": 30, "end": 36, "value": "2020-10-12"}],
                "flags": ["contested"],
            },
            {
                "id": 1,
                "within": 0,
                "start": start,
                "end": start + 5,
                "text": "A dam",
                "attribution": "premise",
                "claimant": "",
                "claimant_kind": "",
                "negated": False,
                "checkable": "said",
                "score": 0.0,
                "reasons": [],
                "dates": [],
                "flags": [],
            },
        ],
    }


def test_an_unknown_publication_date_stays_unknown(pipeline: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    document = json.loads(run_split(str(path), "--json"))["document"]
    assert document["published"] is None
    assert pipeline[0]["published"] is None


def test_people_read_numbered_claims(pipeline: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    printed = run_split(str(path), "--published", "2020-10-14")
    assert "2 claims in" in printed
    assert "published 2020-10-14 (person)" in printed
    assert "  1. “A dam near”\n     Lodestar · reported · content checkable · 0.91 · negated" in printed
    assert "when: Monday = 2020-10-12" in printed
    assert "why: a quantity\n     against it: part of a longer claim\n" in printed
    assert "look at: contested" in printed
    assert "  2. “A dam”" in printed
    assert "inside 1" in printed


def test_a_file_is_read_as_it_lies(pipeline: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes(b"\xef\xbb\xbf" + "Ä line.\r\nAnother.\r\n".encode())
    assert "text" not in json.loads(run_split(str(path), "--json"))["document"]
    assert pipeline[0]["text"] == "Ä line.\r\nAnother.\r\n"


def test_nul_and_lone_surrogates_are_replaced_one_for_one_and_shown(
    pipeline: list[Any], tmp_path: Path
) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes(b"A dam broke" + b"\x00" + b" near " + b"\xed\xa0\x80" + b" Oxmere.")
    document = json.loads(run_split(str(path), "--json"))["document"]
    assert document["text"] == "A dam broke\ufffd near \ufffd Oxmere."
    assert pipeline[0]["text"] == document["text"]


def test_standard_input_is_a_dash(pipeline: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ARTICLE.encode()), encoding="ascii"))
    run_split("-", "--json")
    assert pipeline[0]["text"] == ARTICLE


def test_subtitles_are_told_by_their_name(pipeline: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "debate.srt"
    path.write_text("1\n00:00:01,000 --> 00:00:02,000\nA dam broke.\n", encoding="utf-8")
    run_split(str(path))
    assert pipeline[0]["source"] == "srt"


def test_a_page_gives_its_text_and_its_date(pipeline: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    paragraphs = "".join(f"<p>{line}</p>" for line in ARTICLE.splitlines()[2:] if line)
    path.write_text(
        '<html lang="en"><head><title>Dam breaks</title>'
        '<meta property="article:published_time" content="2020-10-13T08:00:00Z"></head>'
        f"<body><nav>Home Sport Weather</nav><article><h1>Dam breaks near Oxmere</h1>{paragraphs}</article>"
        "</body></html>",
        encoding="utf-8",
    )
    document = json.loads(run_split(str(path), "--html", "--json"))["document"]
    assert "killing nine people" in document["text"]
    assert "<p>" not in document["text"]
    assert (document["published"], document["published_source"]) == ("2020-10-13", "metadata")
    confirmed = json.loads(run_split(str(path), "--html", "--json", "--published", "2020-10-14"))["document"]
    assert (confirmed["published"], confirmed["published_source"]) == ("2020-10-14", "person")
    assert [call["published"] for call in pipeline] == ["2020-10-13", "2020-10-14"]


def test_files_that_cannot_be_split_are_refused(pipeline: list[Any], tmp_path: Path) -> None:
    def file(name: str, data: bytes) -> str:
        path = tmp_path / name
        path.write_bytes(data)
        return str(path)

    assert "Name a file" in split_refused()
    assert "There is no file" in split_refused(str(tmp_path / "missing.txt"))
    assert "is a folder" in split_refused(str(tmp_path))
    assert "empty" in split_refused(file("empty.txt", b" \r\n "))
    assert "binary" in split_refused(file("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8))
    assert "binary" in split_refused(file("report.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>"))
    assert "not in UTF-8 (byte 4" in split_refused(file("latin.txt", "Café".encode("latin-1")))
    assert "UTF-16" in split_refused(file("wide.txt", "A dam broke.".encode("utf-16")))
    assert "200,000" in split_refused(file("long.txt", b"A dam broke. " * 20_000))
    assert split_refused(file("page.html", b"<html><body></body></html>"), "--html")
    assert pipeline == []


@pytest.mark.parametrize(
    "value", ["yesterday", "2020-13-01", "2020-02-30", "14.10.2020", "P2Y", "XXXX-10-10", ""]
)
def test_a_bad_publication_date_is_refused(pipeline: list[Any], tmp_path: Path, value: str) -> None:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    assert "YYYY-MM-DD" in split_refused(str(path), "--published", value)
    assert pipeline == []


# --- as programs meet them ----------------------------------------------------------------------


def manage(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    # A database that cannot be reached: neither command may ask for one.
    environment = {**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:9/nothing"}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        input=stdin,
        capture_output=True,
        check=False,
        timeout=120,
    )


def test_split_works_as_a_program_without_a_database() -> None:
    done = manage("split", "-", "--json", "--published", "2020-10-14", stdin=ARTICLE.encode())
    assert done.returncode == 0, done.stderr.decode()
    printed = json.loads(done.stdout)
    assert printed["schema"] == 1
    assert {claim["attribution"] for claim in printed["claims"]} >= {"article", "quoted"}
    for claim in printed["claims"]:
        assert claim["text"] == ARTICLE[claim["start"] : claim["end"]]


def test_wrong_use_exits_with_two_and_no_traceback() -> None:
    for arguments in (
        ["split", "no-such-file.txt"],
        ["evaluate", "spelling", "--data", "."],
    ):
        done = manage(*arguments)
        assert done.returncode == 2
        assert done.stdout == b""
        assert b"Traceback" not in done.stderr
        assert len(done.stderr.decode().strip().splitlines()) == 1


def test_evaluate_works_as_a_program_without_a_database() -> None:
    done = manage(
        "evaluate", "claim-units", "--data", "tests/splitting/claim_units", "--only", "01", "--json"
    )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["n"] == 21
