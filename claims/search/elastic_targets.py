"""Which physical indices of one Elasticsearch there are, which of them is read, and whether they are sound.

Each target is one index per collection, ``<prefix>-<collection>-<target>``, read through the alias
``<prefix>-<collection>`` and written through ``<prefix>-<collection>-write``. What was found damaged keeps its
name under the alias ``<prefix>-set-aside``, the newest two of it. Knows nothing of what is stored.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import elasticsearch
from elasticsearch import Elasticsearch, NotFoundError

from claims.query.types import Collection
from claims.search import elastic_query as wire
from claims.search.elastic_errors import translated, whole
from claims.search.engine import EngineMisconfigured, EngineRefused, EngineUnavailable, IndexDamaged, Mark
from claims.search.mapping import MAPPINGS, SETTINGS
from claims.search.targets import KEPT_ASIDE, new_target_name

WRITE_SECONDS = 60.0
# What an index of an earlier version may lack: it is added to it, nothing has to be filled anew.
ADDED_SINCE = frozenset({"meaning"})


class ElasticTargets:
    """The connection to one server or cluster and the indices of one prefix."""

    def __init__(self, client: Elasticsearch, prefix: str, shards: int = 1) -> None:
        self._client = client
        self._prefix = prefix
        self._shards = shards
        self._version = ""
        self._lock = threading.Lock()

    # Targets

    def ensure(self) -> str:
        current = self.current()
        if current is None:
            current = self.open_target()
            self.switch(current)
        return current

    def open_target(self, name: str = "") -> str:
        target = name or new_target_name()
        settings = {**SETTINGS, "number_of_shards": self._shards}
        with self._ready() as client:
            for collection in Collection:
                client.options(request_timeout=WRITE_SECONDS).indices.create(
                    index=self._index(collection, target), settings=settings, mappings=MAPPINGS
                )
        return target

    def switch(self, target: str) -> None:
        if target not in self.targets():
            raise EngineRefused(f"there is no index target {target}")
        actions: list[Mapping[str, Any]] = []
        for collection in Collection:
            for alias in (self._alias(collection), self._write_alias(collection)):
                others = f"{self._prefix}-{collection.value}-s*"
                if self._is_index(alias):
                    # Made up by a write that found neither index nor alias; nobody reads it.
                    actions.append({"remove_index": {"index": alias}})
                actions.append({"remove": {"index": others, "alias": alias, "must_exist": False}})
                actions.append({"add": {"index": self._index(collection, target), "alias": alias}})
        with self._ready() as client:
            client.options(request_timeout=WRITE_SECONDS).indices.update_aliases(actions=actions)

    def drop(self, target: str) -> None:
        if target == self.current():
            raise EngineRefused("the index target that is read cannot be dropped")
        names = [self._index(collection, target) for collection in Collection]
        with self._ready() as client:
            client.options(request_timeout=WRITE_SECONDS).indices.delete(index=names, ignore_unavailable=True)

    def targets(self) -> list[str]:
        start = f"{self._prefix}-{Collection.DOCUMENTS.value}-"
        with self._ready() as client:
            found = client.indices.get_alias(index=f"{start}s*", expand_wildcards="all").body
        aside = self._aside()
        return sorted(name.removeprefix(start) for name, row in found.items() if aside not in row["aliases"])

    def current(self) -> str | None:
        """Return the target that every alias names; None where one is missing or names several indices."""
        aliases = {
            alias: collection
            for collection in Collection
            for alias in (self._alias(collection), self._write_alias(collection))
        }
        with self._ready() as client:
            try:
                found = client.indices.get_alias(name=list(aliases), expand_wildcards="all").body
            except NotFoundError as error:
                # Some are there, some are not: the body names those that are.
                found = {name: row for name, row in dict(error.body).items() if isinstance(row, dict)}
        named: dict[str, list[str]] = {alias: [] for alias in aliases}
        for index, row in found.items():
            for alias in row.get("aliases", {}):
                if alias in named:
                    named[alias].append(index.removeprefix(f"{self._alias(aliases[alias])}-"))
        targets = {target for indices in named.values() for target in indices}
        if len(targets) != 1 or any(len(indices) != 1 for indices in named.values()):
            return None
        return targets.pop()

    def examine(self, target: str, *, mend: bool = False) -> Mark:
        found = self._physical(target)
        marks: dict[str, dict[str, str | int]] = {}
        for collection in Collection:
            index = self._index(collection, target)
            row = found.get(index)
            if row is None:
                raise IndexDamaged(f"the index {index} is gone")
            if row["status"] == "close":
                if not mend:
                    raise EngineUnavailable(f"the index {index} is closed")
                with self._ready() as client:
                    client.options(request_timeout=WRITE_SECONDS).indices.open(
                        index=index, wait_for_active_shards="1"
                    )
            elif row["health"] == "red":
                raise EngineUnavailable(f"Elasticsearch has no copy of the index {index} at hand")
            marks[collection.value] = {"uuid": row["uuid"]}
        with self._ready() as client:
            names = [self._index(collection, target) for collection in Collection]
            kept = client.indices.get_mapping(index=names)
            stats = client.indices.stats(index=names, metric=["docs"], level="shards")
        for collection in Collection:
            index = self._index(collection, target)
            missing = wire.missing_fields(kept[index]["mappings"], MAPPINGS)
            added = {name: options for name, options in missing.items() if name in ADDED_SINCE}
            if mend and added:
                with self._ready() as client:
                    client.options(request_timeout=WRITE_SECONDS).indices.put_mapping(
                        index=index, properties=added
                    )
            if not wire.fits({"properties": kept[index]["mappings"]["properties"] | added}, MAPPINGS):
                raise IndexDamaged(f"the mapping of the index {index} was changed")
            parts = stats["indices"][index]["shards"].values()
            marks[collection.value]["seq"] = sum(
                max(copy["seq_no"]["max_seq_no"] for copy in copies) for copies in parts
            )
        return marks

    def set_aside(self, target: str) -> None:
        """Take the aliases away and mark what is left; as everything else it stays under its own name."""
        there = sorted(self._physical(target))
        actions: list[Mapping[str, Any]] = []
        for index in there:
            actions.append({"remove": {"index": index, "alias": f"{self._prefix}-*", "must_exist": False}})
            actions.append({"add": {"index": index, "alias": self._aside()}})
        with self._ready() as client:
            patient = client.options(request_timeout=WRITE_SECONDS).indices
            if actions:
                patient.update_aliases(actions=actions)
        kept = [index for index in self._kept_aside() if "-s" in index]
        ages = sorted({index.rpartition("-s")[2] for index in kept})
        old = [index for index in kept if index.rpartition("-s")[2] in ages[:-KEPT_ASIDE]]
        if old:
            with self._ready() as client:
                client.options(request_timeout=WRITE_SECONDS).indices.delete(
                    index=old, ignore_unavailable=True
                )

    def _physical(self, target: str) -> dict[str, Any]:
        """Return what there is of a target: uuid, health and status by index, closed ones as well."""
        with self._ready() as client:
            rows: Any = client.cat.indices(
                index=f"{self._prefix}-*-{target}",
                format="json",
                h="index,uuid,health,status",
                expand_wildcards="all",
            ).body
        return {row["index"]: row for row in rows}

    def _is_index(self, name: str) -> bool:
        with self._ready() as client:
            try:
                return name in client.indices.get(index=name, expand_wildcards="all", features="aliases")
            except NotFoundError:
                return False

    def _aside(self) -> str:
        return f"{self._prefix}-set-aside"

    def erase(self) -> None:
        names = {self._index(collection, target) for target in self.targets() for collection in Collection}
        names.update(self._kept_aside())
        if names:
            with self._ready() as client:
                client.options(request_timeout=WRITE_SECONDS).indices.delete(
                    index=sorted(names), ignore_unavailable=True
                )

    def _kept_aside(self) -> list[str]:
        with self._ready() as client:
            try:
                return sorted(client.indices.get_alias(name=self._aside(), expand_wildcards="all").body)
            except NotFoundError:
                return []

    # Inside

    @contextmanager
    def _ready(self) -> Iterator[Elasticsearch]:
        """Offer the client, once the server is known to be of the client's major version."""
        with translated():
            if not self._version:
                with self._lock:
                    server = str(whole(self._client.info())["version"]["number"])
                    ours = elasticsearch.__version__[0]
                    if server.partition(".")[0] != str(ours):
                        raise EngineMisconfigured(
                            f"Elasticsearch {server} does not fit its client, version {ours}"
                        )
                    self._version = server
            yield self._client

    def _index(self, collection: Collection, target: str) -> str:
        return f"{self._prefix}-{collection.value}-{target}"

    def _alias(self, collection: Collection) -> str:
        return f"{self._prefix}-{collection.value}"

    def _write_alias(self, collection: Collection) -> str:
        return f"{self._prefix}-{collection.value}-write"

    def _written(self, collection: Collection, target: str | None) -> str:
        return self._index(collection, target) if target else self._write_alias(collection)
