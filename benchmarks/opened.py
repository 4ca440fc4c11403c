"""An engine of its own for a benchmark, gone afterwards."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from claims.search.engine import Engine
from claims.search.factory import elasticsearch_engine, elasticsearch_settings, embedded_engine


@contextmanager
def own_engine(name: str) -> Iterator[tuple[Engine, Path]]:
    """Offer an empty engine and a folder for files."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        engine: Engine
        if name == "embedded":
            engine = embedded_engine(Path(folder) / "index")
        elif name == "elasticsearch":
            prefix = f"benchmark-{secrets.token_hex(4)}"
            engine = elasticsearch_engine(elasticsearch_settings(os.environ), prefix=prefix)
        else:
            raise ValueError(f"there is no engine {name}: embedded or elasticsearch")
        with engine:
            engine.ensure()
            try:
                yield engine, Path(folder)
            finally:
                engine.erase()
