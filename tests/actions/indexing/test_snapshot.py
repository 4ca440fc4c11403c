"""The drill of docs/scale.md: the index is lost, a snapshot of it restored, and that brought up to the rows."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator

import pytest
from elasticsearch import ApiError, Elasticsearch

from claims.actions.indexing import engines, outbox
from claims.models import IndexTarget
from claims.query.types import Collection
from tests.actions.indexing.engines_of_tests import Installation, differences, two_engines
from tests.builders import HARBOUR, article
from tests.people import Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.elasticsearch]


@pytest.fixture
def installation(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    monkeypatch.setattr(outbox, "LOOK_EVERY", 0.0)
    with two_engines("elasticsearch", tmp_path, monkeypatch) as both:  # type: ignore[arg-type]
        yield both


@pytest.fixture
def repository(installation: Installation) -> Iterator[tuple[Elasticsearch, str]]:
    engine = installation.use("elasticsearch")
    client: Elasticsearch = engine._client.options(request_timeout=120)  # type: ignore[attr-defined]
    name = f"drill-{secrets.token_hex(4)}"
    try:
        client.snapshot.create_repository(
            name=name, repository={"type": "fs", "settings": {"location": name}}
        )
    except ApiError as refused:  # pragma: no cover
        if "path.repo" not in str(refused):
            raise
        pytest.skip("this server has no folder for snapshots: .ci/elasticsearch stop, then start")
    yield client, name
    client.snapshot.delete(repository=name, snapshot="*")
    client.snapshot.delete_repository(name=name)


def test_a_restored_snapshot_is_brought_up_to_the_rows_and_differs_in_nothing(
    cast: Cast, drain: Callable[..., int], repository: tuple[Elasticsearch, str]
) -> None:
    client, name = repository
    kept = [article(cast, f"{HARBOUR}\n\nEdition {n}.").document.pk for n in range(4)]
    drain("index")
    target = IndexTarget.objects.get(state="live").name
    prefix = engines.writer()._prefix  # type: ignore[attr-defined]
    client.snapshot.create(
        repository=name,
        snapshot="night",
        indices=f"{prefix}-*",
        include_global_state=False,
        wait_for_completion=True,
    )
    # After the snapshot: one more, and one that goes.
    late = article(cast, f"{HARBOUR}\n\nLate edition.").document.pk
    drain("index")
    outbox.touch_index("documents", kept[0], deleted=True)
    drain("index")
    assert differences() == {}

    client.indices.delete(index=[f"{prefix}-{collection.value}-{target}" for collection in Collection])
    client.snapshot.restore(
        repository=name,
        snapshot="night",
        indices=f"{prefix}-*",
        include_aliases=True,
        include_global_state=False,
        wait_for_completion=True,
    )
    assert {one.ref.id for one in engines.reader().versions(Collection.DOCUMENTS)} == set(kept)

    outbox.keep_up()
    drain("index")
    assert IndexTarget.objects.get(state="live").name == target, "what came back is used, not built anew"
    assert differences() == {}
    assert {one.ref.id for one in engines.reader().versions(Collection.DOCUMENTS)} == {*kept[1:], late}
