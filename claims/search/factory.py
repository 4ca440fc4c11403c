"""Which engine this installation uses: builds one from plain settings, knows no other place of settings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from claims.search.engine import Engine, EngineMisconfigured


def embedded_engine(directory: Path, *, writable: bool = True) -> Engine:
    """Return the engine whose files lie in a folder; only the worker opens it for writing."""
    from claims.search.embedded import EmbeddedEngine

    return EmbeddedEngine(directory, writable=writable)


def elasticsearch_engine(settings: Mapping[str, str], *, prefix: str = "") -> Engine:
    """Return the engine behind ``url``; further keys: api_key, user, password, ca_certs, prefix, shards.

    Nothing is asked of the server yet: it may be down when the process starts.
    """
    from claims.search.elastic import ElasticEngine

    if not settings.get("url"):
        raise EngineMisconfigured("ELASTICSEARCH_URL is not set")
    return ElasticEngine(
        settings["url"],
        api_key=settings.get("api_key", ""),
        user=settings.get("user", ""),
        password=settings.get("password", ""),
        ca_certs=settings.get("ca_certs", ""),
        prefix=prefix or settings.get("prefix") or "factcheck",
        shards=int(settings.get("shards") or 1),
    )


def elasticsearch_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of Elasticsearch from environment variables, for tools that run without Django."""
    names = ("url", "api_key", "user", "password", "ca_certs", "prefix", "shards")
    return {name: environ.get(f"ELASTICSEARCH_{name.upper()}", "") for name in names}
