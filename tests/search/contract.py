"""What every engine must do. Each test uses an archive of its own, so they can share one index."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from claims.query.build import ClaimText, question
from claims.query.own_words import own_question
from claims.query.types import Clause, Collection, Dates, Field, MissingScope, Query, Ref
from claims.search.engine import (
    Done,
    Engine,
    EngineError,
    EngineQuestion,
    EngineRefused,
    Hits,
    IndexedDocument,
    IndexedPassage,
)

from . import corpus

_numbers = itertools.count(1000)


class Desk:
    """An archive of its own in the engine under test; ids are its own too."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.archive = next(_numbers)
        self.base = self.archive * 1_000_000

    def ref(self, id: int, collection: Collection = Collection.DOCUMENTS) -> Ref:
        return Ref(collection, self.base + id)

    def document(
        self, id: int, *texts: str, version: int = 1, title: str = "", **more: Any
    ) -> IndexedDocument:
        collection = more.pop("collection", Collection.DOCUMENTS)
        passages = tuple(
            IndexedPassage((self.base + id) * 10 + place, text) for place, text in enumerate(texts, 1)
        )
        more.setdefault("archive", self.archive)
        return IndexedDocument(self.ref(id, collection), version, title=title, passages=passages, **more)

    def put(self, *documents: IndexedDocument) -> list[Done]:
        outcomes = self.engine.put(documents)
        self.engine.refresh()
        assert [outcome.ref for outcome in outcomes] == [document.ref for document in documents]
        return [outcome.done for outcome in outcomes]

    def remove(self, *items: tuple[int, int]) -> list[Done]:
        outcomes = self.engine.remove([(self.ref(id), version) for id, version in items])
        self.engine.refresh()
        return [outcome.done for outcome in outcomes]

    def query(self, words: str, **more: Any) -> Query:
        more.setdefault("scope", frozenset({self.archive}))
        return Query(clauses=question(ClaimText(words)).clauses, **more)

    def search(self, words: str, limit: int = 20, **more: Any) -> Hits:
        return self.engine.search(self.query(words, **more), limit)

    def found(self, words: str, **more: Any) -> list[int]:
        return [hit.ref.id - self.base for hit in self.search(words, **more).hits]


class Contract:
    """Subclasses offer ``engine``; ``fresh`` gives an engine whose target nobody else uses."""

    @pytest.fixture
    def engine(self) -> Engine:
        raise NotImplementedError

    @pytest.fixture
    def fresh(self) -> Iterator[Engine]:
        raise NotImplementedError

    def reopened(self, engine: Engine) -> Engine:
        raise NotImplementedError

    @pytest.fixture
    def desk(self, engine: Engine) -> Desk:
        return Desk(engine)

    # Finding

    def test_finds_the_passage_not_just_the_document(self, desk: Desk) -> None:
        desk.put(
            desk.document(1, "Rain fell over Dunvale.", "The ferry sank in Jorvik harbour.", title="Monday")
        )
        (hit,) = desk.search("ferry sank").hits
        assert (hit.ref, hit.passage) == (desk.ref(1), desk.ref(1).id * 10 + 2)
        assert hit.score > 0

    def test_better_matches_come_first_and_ties_by_id(self, desk: Desk) -> None:
        desk.put(
            desk.document(3, "the ferry sank"),
            desk.document(2, "the ferry sank"),
            desk.document(1, "the ferry came late and nobody was surprised"),
        )
        assert desk.found("the ferry sank") == [2, 3, 1]

    def test_ties_at_the_limit_are_cut_by_id(self, desk: Desk) -> None:
        desk.put(*(desk.document(id, "the ferry sank") for id in (5, 3, 4, 1, 2)))
        assert desk.found("ferry", limit=4) == [1, 2, 3, 4]
        assert desk.search("ferry", 4).total == 5

    def test_words_of_the_title_find_every_passage(self, desk: Desk) -> None:
        desk.put(desk.document(1, "It rained.", "It snowed.", title="Ceasefire in Ardenza"))
        assert desk.found("ceasefire") == [1, 1]

    def test_further_words_find_without_being_text(self, desk: Desk) -> None:
        desk.put(desk.document(1, "Taxes fell.", also="Mira Kolt", collection=Collection.FACTCHECKS))
        assert desk.found("Kolt", collection=Collection.FACTCHECKS) == [1]

    def test_endings_hyphens_and_hashtags_do_not_matter(self, desk: Desk) -> None:
        desk.put(desk.document(1, "#ClosedSchools in the COVID-19 years; the council’s plans"))
        for words in ("closing", "covid", "council plan", "school"):
            assert desk.found(words) == [1], words

    def test_only_stop_words_or_nothing_find_nothing(self, desk: Desk) -> None:
        desk.put(desk.document(1, "the and of it was"))
        assert desk.search("the and of").hits == ()
        assert desk.search("").hits == ()
        assert desk.search("").total == 0

    def test_the_filler_of_empty_fields_is_never_found(self, desk: Desk) -> None:
        desk.put(desk.document(1, "", title=""), desk.document(2))
        assert desk.found("_ __ anything") == []

    def test_names_the_matched_words_of_each_hit(self, desk: Desk) -> None:
        desk.put(desk.document(1, "The ferry sank."), desk.document(2, "The ferry came."))
        first, second = desk.engine.search(desk.query("sank ferry quickly"), 5, matched=True).hits
        assert set(first.matched) == {"sank", "ferri"}
        assert second.matched == ("ferri",)

    def test_names_matched_words_of_long_questions_too(self, desk: Desk) -> None:
        words = [f"term{number}" for number in range(120)]
        desk.put(desk.document(1, " ".join(words[::2])))
        asked = Query(frozenset({desk.archive}), tuple(Clause(Field.ALL, word) for word in words))
        (hit,) = desk.engine.search(asked, 5, matched=True).hits
        assert set(hit.matched) == set(words[::2])

    def test_required_words_bind_and_add_nothing(self, desk: Desk) -> None:
        desk.put(desk.document(1, "The ferry sank."), desk.document(2, "The ferry came."))
        own = own_question('"ferry sank"')
        bound = Query(frozenset({desk.archive}), own.question.clauses, own.required)
        (hit,) = desk.engine.search(bound, 5).hits
        free = desk.engine.search(Query(frozenset({desk.archive}), own.question.clauses), 5).hits[0]
        assert (hit.ref, hit.score) == (desk.ref(1), free.score)

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("ferry", [1, 2, 3]),
            ("ferry -storm", [1, 3]),
            ("ferry -storms", [1, 3]),
            ('ferry -"north quay" -storm', [1, 3]),
            ('"north quay" ferry', [1, 3]),
            ('"north quay" -ship', [1]),
            ('"quay north"', []),
            ("ferry -quay", []),
        ],
    )
    def test_a_reviewers_own_question_is_read_alike(self, desk: Desk, asked: str, found: list[int]) -> None:
        desk.put(
            desk.document(1, "The ferry left the north quay at noon."),
            desk.document(2, "The ferry kept to its quay: a storm came from the north."),
            desk.document(3, "A ferry, not a ship, lies at the north quay."),
            desk.document(4, "Snow fell on the hills."),
        )
        own = own_question(asked)
        query = Query(frozenset({desk.archive}), own.question.clauses, own.required, own.forbidden)
        assert sorted(hit.ref for hit in desk.engine.search(query, 10).hits) == [desk.ref(id) for id in found]
        assert desk.engine.count(query).passages == len(found)

    def test_own_questions_keep_to_outlet_date_and_language_at_once(self, desk: Desk) -> None:
        day = date(2026, 3, 4)
        one = {"outlet": 7, "language": "en", "earliest": day, "latest": day}
        desk.put(
            desk.document(1, "The ferry sank.", **one),
            desk.document(2, "The ferry sank.", **{**one, "outlet": 8}),
            desk.document(3, "The ferry sank.", **{**one, "language": "da"}),
            desk.document(
                4, "The ferry sank.", **{**one, "earliest": date(2025, 1, 1), "latest": date(2025, 1, 1)}
            ),
            desk.document(5, "The ferry sank.", outlet=7),
            desk.document(6, "The ferry sank in a storm.", **one),
        )
        own = own_question('"ferry sank" -storm')
        query = Query(
            frozenset({desk.archive}),
            own.question.clauses,
            own.required,
            own.forbidden,
            outlets=(7, 9),
            languages=("en",),
            dates=Dates(date(2026, 1, 1), None),
        )
        assert [hit.ref for hit in desk.engine.search(query, 10).hits] == [desk.ref(1)]
        assert desk.engine.count(query).documents == 1

    def test_weights_change_the_order(self, desk: Desk) -> None:
        desk.put(desk.document(1, "apples"), desk.document(2, "pears"))
        scope = frozenset({desk.archive})
        for light, heavy, first in ((0.5, 1.0, 2), (1.0, 0.5, 1)):
            clauses = (Clause(Field.ALL, "appl", light), Clause(Field.ALL, "pear", heavy))
            assert desk.engine.search(Query(scope, clauses), 5).hits[0].ref == desk.ref(first)

    def test_many_questions_at_once_are_answered_in_order(self, desk: Desk) -> None:
        desk.put(desk.document(1, "ferry"), desk.document(2, "snow"))
        queries = [desk.query(words) for words in ("snow", "", "ferry", "nothing")]
        answers = desk.engine.msearch(queries, 5)
        assert answers == [desk.engine.search(query, 5) for query in queries]
        assert [len(answer.hits) for answer in answers] == [1, 0, 1, 0]

    def test_many_questions_at_once_name_the_terms_of_each_hit(self, desk: Desk) -> None:
        desk.put(desk.document(1, "The ferry sank quickly."), desk.document(2, "Snow fell on the ferry."))
        queries = [desk.query(words) for words in ("ferry sank quickly", "snow", "", "nothing")]
        answers = desk.engine.msearch(queries, 5, matched=True)
        assert answers == [desk.engine.search(query, 5, matched=True) for query in queries]
        assert answers[0].hits[0].matched == ("ferri", "sank", "quick")
        assert desk.engine.msearch(queries, 5)[0].hits[0].matched == ()

    def test_questions_of_several_kinds_are_answered_at_once(self, desk: Desk) -> None:
        desk.put(desk.document(1, "The ferry sank."), desk.document(2, "Snow fell on the ferry."))
        asked = [
            EngineQuestion(desk.query("ferry"), 1),
            EngineQuestion(replace(desk.query("ferry"), collection=Collection.FACTCHECKS)),
            EngineQuestion(desk.query("")),
            EngineQuestion(desk.query("snow ferry"), 5, matched=True),
        ]
        answers = desk.engine.together(asked)
        assert answers == [desk.engine.search(one.query, one.limit, matched=one.matched) for one in asked]
        assert [len(answer.hits) for answer in answers] == [1, 0, 0, 2]
        assert desk.engine.together([]) == []

    def test_any_writing_is_found_by_its_own_words(self, desk: Desk) -> None:
        texts = [
            "Čeština žije",
            "Αθήνα σήμερα",
            "日本 東京",
            "الرئيس قال",
            "हिन्दी भाषा",
            "emoji 🚢 sank",
            "ﬁnal",
        ]
        desk.put(*(desk.document(id, text) for id, text in enumerate(texts, 1)))
        for id, text in enumerate(texts, 1):
            assert desk.found(text) == [id], text

    def test_a_giant_question_is_answered(self, desk: Desk) -> None:
        words = " ".join(f"word{number}" for number in range(20_000))
        desk.put(desk.document(1, "word3 and word4"))
        assert desk.found(words) == [1]
        clauses = tuple(Clause(Field.ALL, f"word{number}") for number in range(5000))
        assert desk.engine.search(Query(frozenset({desk.archive}), clauses), 5).total == 1

    def test_a_word_longer_than_any_engine_takes_is_no_error(self, desk: Desk) -> None:
        desk.put(desk.document(1, "x" * 100_000 + " ferry"))
        assert desk.found("ferry") == [1]
        assert desk.found("x" * 100_000) == [1]

    def test_signs_of_query_languages_are_only_text(self, desk: Desk) -> None:
        desk.put(desk.document(1, "ferry"))
        assert desk.found('ferry AND (title:"x" OR *) ~2 [1 TO 3} \\ / ^5 "') == [1]

    @pytest.mark.parametrize("limit", [0, -1, 1001])
    def test_a_limit_out_of_bounds_is_refused(self, desk: Desk, limit: int) -> None:
        with pytest.raises(ValueError, match="1 to 1000"):
            desk.engine.search(desk.query("ferry"), limit)

    # Filters

    def test_a_question_without_scope_cannot_be_made(self) -> None:
        with pytest.raises(MissingScope):
            Query(frozenset())
        with pytest.raises(MissingScope):
            Query(frozenset({1}), audiences=frozenset())

    def test_other_archives_are_never_found(self, desk: Desk) -> None:
        other = next(_numbers)
        desk.put(desk.document(1, "ferry"), desk.document(2, "ferry", archive=other))
        assert desk.found("ferry") == [1]
        assert sorted(desk.found("ferry", scope=frozenset({desk.archive, other}))) == [1, 2]

    def test_only_its_audience_finds_a_document(self, desk: Desk) -> None:
        desk.put(
            desk.document(1, "ferry"),
            desk.document(2, "ferry", audience=("desk:3",)),
            desk.document(3, "ferry", audience=("user:7", "user:9")),
        )
        assert desk.found("ferry") == [1]
        assert desk.found("ferry", audiences=frozenset({"archive", "desk:3"})) == [1, 2]
        assert desk.found("ferry", audiences=frozenset({"archive", "user:9"})) == [1, 3]
        assert desk.found("ferry", audiences=frozenset({"user:70"})) == []

    def test_what_is_closed_to_an_asker_is_on_no_way_to_them(self, desk: Desk) -> None:
        """Neither as a hit of any question, nor in a count, nor in another collection or archive."""
        other = next(_numbers)
        named = {"audience": ("user:7",)}
        desk.put(
            desk.document(1, "ferry sank"),
            desk.document(2, "ferry sank deep", title="ferry", **named),
            desk.document(3, "ferry sank", audience=("desk:3",)),
            desk.document(4, "ferry sank", archive=other, audience=("user:7",)),
            *(
                desk.document(5, "ferry sank", collection=one, **named)
                for one in Collection
                if one != "documents"
            ),
        )
        asked = desk.query("ferry sank")
        for hits in (desk.engine.search(asked, 10), *desk.engine.msearch([asked, desk.query("sank")], 10)):
            assert ([hit.ref.id - desk.base for hit in hits.hits], hits.total) == ([1], 1)
        for marks in (
            {"user:70"},
            {"user:"},
            {"user"},
            {"desk:7"},
            {"desk:30"},
            {"desk:"},
            {"7"},
            {"user:7 "},
        ):
            assert desk.found("ferry sank", audiences=frozenset(marks)) == []
        # Their mark opens it, in the archive they ask in and nowhere else.
        assert desk.found("ferry sank", audiences=frozenset({"user:7"})) == [2]
        assert desk.found("ferry sank", audiences=frozenset({"user:7"}), scope=frozenset({other})) == [4]
        for one in Collection:
            if one != Collection.DOCUMENTS:
                assert desk.search("ferry sank", collection=one).total == 0
                assert desk.search("ferry sank", collection=one, audiences=frozenset({"user:7"})).total == 1

    def test_an_audience_that_narrows_closes_the_document_at_once(self, desk: Desk) -> None:
        desk.put(desk.document(1, "ferry", "ferry again"))
        assert desk.found("ferry") != []
        desk.put(desk.document(1, "ferry", "ferry again", version=2, audience=("user:7",)))
        assert desk.search("ferry").total == 0
        assert set(desk.found("ferry", audiences=frozenset({"user:7"}))) == {1}
        # What was written earlier and arrives late opens nothing.
        desk.put(desk.document(1, "ferry", "ferry again", version=1))
        assert desk.search("ferry").total == 0

    def test_collections_are_apart(self, desk: Desk) -> None:
        desk.put(desk.document(1, "ferry"), desk.document(1, "ferry", collection=Collection.CLAIMS))
        assert desk.search("ferry").hits[0].ref == desk.ref(1)
        (hit,) = desk.search("ferry", collection=Collection.CLAIMS).hits
        assert hit.ref == desk.ref(1, Collection.CLAIMS)

    def test_language_and_outlet_filter(self, desk: Desk) -> None:
        desk.put(
            desk.document(1, "ferry", language="en", outlet=4),
            desk.document(2, "ferry", language="de", outlet=5),
            desk.document(3, "ferry", language="xx"),
        )
        assert desk.found("ferry", languages=("en",)) == [1]
        # Each text is read in its own language: German does not shorten "ferry" as English does.
        assert [hit.ref.id - desk.base for hit in self._plain(desk, "ferry").hits] == [2, 3]
        assert desk.found("ferry", outlets=(4, 9)) == [1]

    def _plain(self, desk: Desk, term: str) -> Hits:
        return desk.engine.search(Query(frozenset({desk.archive}), (Clause(Field.ALL, term),)), 5)

    def test_a_window_takes_what_overlaps_it(self, desk: Desk) -> None:
        day, month = date(2020, 10, 5), (date(2020, 10, 1), date(2020, 10, 31))
        desk.put(
            desk.document(1, "ferry", earliest=day, latest=day),
            desk.document(2, "ferry", earliest=month[0], latest=month[1]),
            desk.document(3, "ferry", earliest=date(2021, 1, 1), latest=date(2021, 1, 1)),
            desk.document(4, "ferry"),
        )

        def within(*window: date | None, undated: bool = False) -> list[int]:
            return sorted(desk.found("ferry", dates=Dates(*window, undated=undated)))

        assert within(day, day) == [1, 2]
        assert within(date(2020, 10, 20), None) == [2, 3]
        assert within(None, date(2020, 9, 30)) == []
        assert within(None, date(2020, 10, 1)) == [2]
        assert within(None, None) == [1, 2, 3]
        assert within(day, day, undated=True) == [1, 2, 4]

    def test_excluded_documents_are_left_out(self, desk: Desk) -> None:
        desk.put(*(desk.document(id, "ferry") for id in range(1, 6)))
        excluded = frozenset({desk.ref(2).id, desk.ref(4).id, *range(5000)})
        assert desk.found("ferry", excluded=excluded) == [1, 3, 5]

    def test_counts_documents_and_passages(self, desk: Desk) -> None:
        day = date(2020, 1, 1)
        desk.put(
            desk.document(1, "ferry", "snow", earliest=day, latest=day),
            desk.document(2, "ferry one", "ferry two"),
            desk.document(3),
        )
        scope = frozenset({desk.archive})
        whole = desk.engine.count(Query(scope))
        assert (whole.documents, whole.passages) == (3, 3 + 1)
        dated = desk.engine.count(Query(scope, dates=Dates(day, day)))
        assert (dated.documents, dated.passages) == (1, 2)
        ferry = desk.engine.count(desk.query("ferry"))
        assert (ferry.documents, ferry.passages) == (2, 3)
        nothing = desk.engine.count(Query(scope, dates=Dates(date(1990, 1, 1), date(1990, 2, 1))))
        assert (nothing.documents, nothing.passages) == (0, 0)

    def test_tells_how_many_passages_hold_a_word(self, fresh: Engine) -> None:
        desk = Desk(fresh)
        desk.put(desk.document(1, "ferry ferry", "ferry"), desk.document(2, "snow"))
        frequencies = fresh.document_frequencies(["ferri", "snow", "nowhere"])
        assert dict(frequencies.of) == {"ferri": 2, "snow": 1}
        assert frequencies.total == 3
        assert dict(fresh.document_frequencies([]).of) == {}

    def test_what_is_written_counts_also_for_words_that_were_counted_before(self, fresh: Engine) -> None:
        desk = Desk(fresh)
        desk.put(desk.document(1, "ferry", "snow"))
        assert dict(fresh.document_frequencies(["ferri", "snow", "pier"]).of) == {"ferri": 1, "snow": 1}
        assert dict(fresh.document_frequencies(["snow", "pier"]).of) == {"snow": 1}
        desk.put(desk.document(2, "ferry", "pier", "pier"))
        again = fresh.document_frequencies(["ferri", "pier", "snow", "sledge"])
        assert (dict(again.of), again.total) == ({"ferri": 2, "pier": 2, "snow": 1}, 5)
        assert dict(fresh.document_frequencies(["ferri", "sledge"]).of) == {"ferri": 2}

    # Versions

    def test_a_newer_version_replaces_all_passages(self, desk: Desk) -> None:
        assert desk.put(desk.document(1, "ferry one", "ferry two", "ferry three")) == [Done.STORED]
        assert desk.put(desk.document(1, "ferry only", version=2)) == [Done.STORED]
        assert desk.found("ferry one two three only") == [1]
        assert desk.put(desk.document(1, "ferry a", "ferry b", version=3)) == [Done.STORED]
        assert desk.found("ferry") == [1, 1]
        assert desk.put(desk.document(1, version=4)) == [Done.STORED]
        assert desk.found("ferry") == []

    def test_an_older_version_changes_nothing(self, desk: Desk) -> None:
        desk.put(desk.document(1, "snow", version=5))
        assert desk.put(desk.document(1, "ferry", "ferry", version=4), desk.document(2, "ferry")) == [
            Done.STALE,
            Done.STORED,
        ]
        assert desk.found("ferry") == [2]
        assert desk.found("snow") == [1]

    def test_the_same_version_is_written_again(self, desk: Desk) -> None:
        desk.put(desk.document(1, "snow", "snow", version=5))
        assert desk.put(desk.document(1, "ferry", version=5)) == [Done.STORED]
        assert (desk.found("snow"), desk.found("ferry")) == ([], [1])

    def test_the_newest_of_one_batch_stays(self, desk: Desk) -> None:
        outcomes = desk.put(
            desk.document(1, "one", version=1),
            desk.document(1, "three", version=3),
            desk.document(1, "two", version=2),
        )
        assert outcomes == [Done.STORED, Done.STORED, Done.STALE]
        assert (desk.found("one"), desk.found("two"), desk.found("three")) == ([], [], [1])

    def test_removes_with_every_passage(self, desk: Desk) -> None:
        desk.put(desk.document(1, "ferry", "ferry"), desk.document(2, "ferry"), desk.document(3))
        assert desk.remove((1, 1), (3, 9), (9, 1)) == [Done.REMOVED, Done.REMOVED, Done.ABSENT]
        assert desk.found("ferry") == [2]
        assert desk.remove((1, 1)) == [Done.ABSENT]

    def test_a_removal_older_than_the_text_is_ignored(self, desk: Desk) -> None:
        desk.put(desk.document(1, "ferry", version=5))
        assert desk.remove((1, 4)) == [Done.STALE]
        assert desk.found("ferry") == [1]
        assert desk.remove((1, 5)) == [Done.REMOVED]
        assert desk.put(desk.document(1, "ferry again", version=6)) == [Done.STORED]
        assert desk.found("ferry") == [1]

    def test_nothing_to_write_is_no_error(self, desk: Desk) -> None:
        assert desk.engine.put([]) == []
        assert desk.engine.remove([]) == []
        assert desk.engine.msearch([]) == []

    def test_versions_are_listed_by_rising_id(self, fresh: Engine) -> None:
        desk = Desk(fresh)
        desk.put(desk.document(3, version=2), desk.document(1, "a", "b", version=7), desk.document(2, "c"))
        desk.put(desk.document(4, "d", collection=Collection.FACTCHECKS))
        listed = list(fresh.versions(Collection.DOCUMENTS))
        assert [(row.ref.id - desk.base, row.version, row.passages) for row in listed] == [
            (1, 7, 2),
            (2, 1, 1),
            (3, 2, 0),
        ]
        assert all(row.whole for row in listed)
        assert [row.ref for row in fresh.versions(Collection.FACTCHECKS)] == [
            desk.ref(4, Collection.FACTCHECKS)
        ]
        assert list(fresh.versions(Collection.CLAIMS)) == []

    def test_many_versions_are_streamed_completely(self, fresh: Engine) -> None:
        documents = corpus.archive(2500)
        for start in range(0, len(documents), 1000):
            fresh.put(documents[start : start + 1000])
        fresh.refresh()
        listed = list(fresh.versions(Collection.DOCUMENTS))
        assert [row.ref for row in listed] == [document.ref for document in documents]
        assert [row.passages for row in listed] == [len(document.passages) for document in documents]

    # Targets

    def test_survives_being_reopened(self, fresh: Engine) -> None:
        desk = Desk(fresh)
        desk.put(desk.document(1, "ferry"))
        again = Desk(self.reopened(fresh))
        again.archive, again.base = desk.archive, desk.base
        assert again.found("ferry") == [1]
        assert again.put(desk.document(1, "snow", version=0)) == [Done.STALE]
        assert again.engine.current() == fresh.current()
        again.engine.close()

    def test_a_rebuild_is_seen_only_after_the_switch(self, fresh: Engine) -> None:
        desk = Desk(fresh)
        desk.put(desk.document(1, "ferry"), desk.document(2, "ferry"))
        old = fresh.current()
        new = fresh.open_target()
        fresh.put([desk.document(1, "ferry", version=3)], target=new)
        # What changes meanwhile is written to both.
        for target in (None, new):
            fresh.put([desk.document(5, "ferry now")], target=target)
        fresh.remove([(desk.ref(2), 1)], target=new)
        fresh.refresh()
        fresh.refresh(target=new)
        assert sorted(desk.found("ferry")) == [1, 2, 5]
        assert [row.version for row in fresh.versions(Collection.DOCUMENTS, target=new)] == [3, 1]
        fresh.switch(new)
        assert fresh.current() == new
        assert sorted(desk.found("ferry")) == [1, 5]
        # Both still exist, so there is a way back; then the old one goes.
        assert fresh.targets() == sorted([str(old), new])
        fresh.drop(str(old))
        assert fresh.targets() == [new]
        assert sorted(desk.found("ferry")) == [1, 5]
        assert desk.put(desk.document(6, "ferry too")) == [Done.STORED]
        assert 6 in desk.found("ferry")

    def test_the_target_that_is_read_is_not_dropped(self, fresh: Engine) -> None:
        with pytest.raises(EngineRefused):
            fresh.drop(str(fresh.current()))
        with pytest.raises(EngineRefused):
            fresh.switch("s1a1-nowhere")

    def test_a_rebuild_that_fails_leaves_the_old_index(self, fresh: Engine) -> None:
        desk = Desk(fresh)
        desk.put(desk.document(1, "ferry"))

        def broken() -> Iterator[IndexedDocument]:
            yield desk.document(2, "ferry")
            raise RuntimeError("the database went away")

        with pytest.raises(RuntimeError):
            fresh.rebuild(broken(), batch=1)
        assert desk.found("ferry") == [1]
        assert len(fresh.targets()) == 1

    def test_a_rebuild_replaces_everything(self, fresh: Engine) -> None:
        desk = Desk(fresh)
        desk.put(desk.document(1, "ferry"))
        name = fresh.rebuild([desk.document(2, "ferry"), desk.document(3, "ferry")], batch=1)
        assert desk.found("ferry") == [2, 3]
        assert fresh.targets() == [name]

    def test_says_what_it_is(self, fresh: Engine) -> None:
        desk = Desk(fresh)
        desk.put(desk.document(1, "ferry", "snow"))
        status = fresh.status()
        assert status.target == fresh.current()
        assert status.passages[Collection.DOCUMENTS] == 2
        assert not status.outdated
        assert fresh.ping()
        assert fresh.ensure() == status.target

    def test_a_target_that_does_not_exist_is_not_made_up(self, fresh: Engine) -> None:
        with pytest.raises(EngineError):
            fresh.put([Desk(fresh).document(1, "ferry")], target="s1a1-nowhere")
        assert len(fresh.targets()) == 1

    def test_without_an_index_it_says_so(self, fresh: Engine) -> None:
        desk = Desk(fresh)
        fresh.erase()
        assert fresh.current() is None
        for call in (
            lambda: desk.search("ferry"),
            lambda: fresh.put([desk.document(1, "ferry")]),
            lambda: fresh.count(desk.query("ferry")),
            lambda: fresh.document_frequencies(["ferri"]),
            lambda: list(fresh.versions(Collection.DOCUMENTS)),
            lambda: fresh.msearch([desk.query("ferry")]),
        ):
            with pytest.raises(EngineError, match="not been built"):
                call()
        assert fresh.ensure() == fresh.current()
