"""Indices and aliases of Elasticsearch deleted, closed, changed or put back: mended or built anew by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from elasticsearch import Elasticsearch

from claims.actions.indexing import engines, outbox
from claims.models import IndexDue, IndexTarget, Job
from claims.query.build import ClaimText, question
from claims.query.types import Collection, Query, Ref
from claims.search.mapping import MAPPINGS
from tests.actions.indexing.engines_of_tests import Installation, differences, something_waits, two_engines
from tests.builders import HARBOUR, article
from tests.people import Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.elasticsearch]


class Server:
    """The indices of this test, and a client to do harm with."""

    def __init__(self, installation: Installation) -> None:
        self.engine = installation.use("elasticsearch")
        self.client: Elasticsearch = self.engine._client  # type: ignore[attr-defined]
        self.prefix: str = self.engine._prefix  # type: ignore[attr-defined]

    @property
    def target(self) -> str:
        return IndexTarget.objects.get(state="live").name

    def index(self, collection: Collection = Collection.DOCUMENTS) -> str:
        return f"{self.prefix}-{collection.value}-{self.target}"

    @property
    def alias(self) -> str:
        return f"{self.prefix}-documents"


@pytest.fixture
def server(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(outbox, "LOOK_EVERY", 0.0)
    with two_engines("elasticsearch", tmp_path, monkeypatch) as installation:  # type: ignore[arg-type]
        yield Server(installation)


def found(cast: Cast) -> set[int]:
    archive = cast.desk.own_archives.get()
    query = Query(frozenset({archive.pk}), question(ClaimText("harbour fees")).clauses)
    return {hit.ref.id for hit in engines.reader().search(query, 50).hits}


def _recreate(server: Server, **options: object) -> None:
    index = server.index()
    aliases: dict[str, object] = {server.alias: {}, f"{server.alias}-write": {}}
    server.client.indices.delete(index=index)
    server.client.indices.create(index=index, aliases=aliases, **options)  # type: ignore[arg-type]


def _index_in_place_of_the_alias(server: Server) -> None:
    server.client.indices.delete(index=server.index())
    server.client.index(index=server.alias, document={"made": "up"})


DAMAGE: dict[str, Callable[[Server], object]] = {
    "deleted": lambda server: server.client.indices.delete(index=server.index()),
    "all deleted": lambda server: server.client.indices.delete(
        index=[server.index(collection) for collection in Collection]
    ),
    "made anew, empty": lambda server: _recreate(server, mappings=MAPPINGS),
    "made anew with another mapping": lambda server: _recreate(
        server, mappings={"properties": {"all": {"type": "keyword"}}}
    ),
    "an index in place of the alias": _index_in_place_of_the_alias,
}

POINTER: dict[str, Callable[[Server], object]] = {
    "alias deleted": lambda server: server.client.indices.delete_alias(
        index=server.index(), name=server.alias
    ),
    "alias for writing deleted": lambda server: server.client.indices.delete_alias(
        index=server.index(), name=f"{server.alias}-write"
    ),
    "alias names two": lambda server: server.client.indices.create(
        index=f"{server.prefix}-documents-s1a1-20200101t000000000000-dead", aliases={server.alias: {}}
    ),
    "closed": lambda server: server.client.indices.close(index=server.index()),
}


def _fill(cast: Cast, drain: Callable[..., int]) -> set[int]:
    written = {article(cast, f"{HARBOUR}\n\nEdition {number}.").document.pk for number in range(3)}
    drain("index")
    assert found(cast) == written
    return written


@pytest.mark.parametrize("way", DAMAGE)
def test_a_damaged_index_is_built_anew_by_itself(
    cast: Cast, drain: Callable[..., int], server: Server, way: str
) -> None:
    written = _fill(cast, drain)
    old = server.target
    DAMAGE[way](server)
    outbox.keep_up()
    assert Job.objects.filter(kind="index", status="queued").exists()
    drain("index")
    assert found(cast) == written
    assert differences() == {}
    assert server.target != old
    written.add(article(cast, f"{HARBOUR}\n\nOne more.").document.pk)
    drain("index")
    assert found(cast) == written


@pytest.mark.parametrize("way", POINTER)
def test_what_needs_no_rows_is_put_right_in_place(
    cast: Cast, drain: Callable[..., int], server: Server, way: str
) -> None:
    written = _fill(cast, drain)
    old = server.target
    POINTER[way](server)
    outbox.keep_up()
    drain("index")
    assert server.target == old
    assert server.engine.current() == old
    assert found(cast) == written
    assert differences() == {}


def test_a_read_only_index_waits_and_goes_on_when_it_may_be_written(
    cast: Cast, drain: Callable[..., int], server: Server
) -> None:
    """As the cluster does it to all indices when its disk is nearly full."""
    written = _fill(cast, drain)
    old = server.target
    block = {"index.blocks.read_only_allow_delete": True}
    server.client.indices.put_settings(index=server.index(), settings=block)
    late = article(cast, f"{HARBOUR}\n\nLate edition.").document.pk
    drain("index")
    assert found(cast) == written
    assert not IndexDue.objects.filter(given_up=True).exists()
    assert something_waits()
    server.client.indices.put_settings(
        index=server.index(), settings={"index.blocks.read_only_allow_delete": None}
    )
    outbox.try_again(actor=None)
    drain("index")
    assert found(cast) == written | {late}
    assert server.target == old


def test_an_older_state_that_came_back_is_brought_up_to_date(
    cast: Cast, drain: Callable[..., int], server: Server
) -> None:
    written = _fill(cast, drain)
    server.engine.remove([(Ref(Collection.DOCUMENTS, min(written)), 1)], target=server.target)
    server.engine.refresh()
    assert found(cast) != written
    live = IndexTarget.objects.get(state="live")
    # The index has fewer operations behind it than when it was last written to.
    live.mark["documents"]["seq"] += 100
    live.save(update_fields=["mark"])
    outbox.keep_up()
    drain("index")
    assert found(cast) == written
    assert differences() == {}
    assert server.target == live.name


def test_what_was_set_aside_is_kept_twice_at_most_and_out_of_every_search(
    cast: Cast, drain: Callable[..., int], server: Server
) -> None:
    written = _fill(cast, drain)
    for _ in range(4):
        _recreate(server, mappings={"properties": {"all": {"type": "keyword"}}})
        outbox.keep_up()
        drain("index")
    kept = server.client.indices.get_alias(name=f"{server.prefix}-set-aside").body
    assert len({name.rpartition("-s")[2] for name in kept}) == 2
    assert found(cast) == written
    assert server.engine.targets() == [server.target]
