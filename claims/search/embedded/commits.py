"""Commits of a tantivy index: one as it was opened for reading, and the writers that make the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import tantivy

from claims.query.types import Collection, Dates, Query
from claims.search.embedded.questions import translated
from claims.search.targets import TargetFolder

HEAP_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class OpenedIndex:
    """An index as it was opened: which commit, how long its files were, and what was learned of it by asking."""

    index: tantivy.Index
    seen: tuple[int, int, int]
    sizes: dict[Path, int]
    #: How many passages hold a term, as far as it was asked: questions have most of their words in common.
    frequencies: dict[str, int] = field(default_factory=dict)
    #: Windows of days that few of the best passages lay in.
    narrow: set[Dates] = field(default_factory=set)
    #: How many passages lie inside filters: every search of a desk says how much it searched.
    counted: dict[Query, int] = field(default_factory=dict)

    def whole(self) -> bool:
        """Say whether no file was cut short; one that a merge took away is still there for who has it open."""
        for file, size in self.sizes.items():
            try:
                if file.stat().st_size < size:
                    return False
            except FileNotFoundError:
                continue
        return True


def stamp_of(path: Path) -> tuple[int, int, int]:
    """Return what tells one commit of a collection's folder from the next: time, inode and size of its meta.json."""
    meta = (path / "meta.json").stat()
    return meta.st_mtime_ns, meta.st_ino, meta.st_size


class Writers(dict[Collection, tantivy.IndexWriter]):
    """Writers of one target by collection, opened when first asked for."""

    def __init__(self, folder: TargetFolder, target: str) -> None:
        super().__init__()
        self._folder = folder
        self._target = target

    def __missing__(self, collection: Collection) -> tantivy.IndexWriter:
        path = self._folder.path(self._target, collection)
        with translated():
            writer = tantivy.Index.open(str(path)).writer(heap_size=HEAP_BYTES, num_threads=1)
        self[collection] = writer
        return writer

    def release(self) -> None:
        """Wait for merges and let go of the locks; what was not committed is gone."""
        for writer in self.values():
            with translated():
                writer.wait_merging_threads()
        self.clear()
