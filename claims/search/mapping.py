"""How Elasticsearch is told to keep a passage: index settings and a mapping that refuses unknown fields."""

from __future__ import annotations

from typing import Any, Final

from claims.query.analysis import ANALYSER_VERSION
from claims.search.engine import SCHEMA_VERSION

# Scores need one set of statistics, so one primary shard; a second copy as soon as there is a second node.
SETTINGS: Final[dict[str, Any]] = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    "refresh_interval": "1s",
}

_TERMS = {"type": "text", "analyzer": "whitespace", "index_options": "freqs"}
_MARK = {"type": "keyword", "doc_values": False}

MAPPINGS: Final[dict[str, Any]] = {
    "dynamic": "strict",
    "_meta": {"schema": SCHEMA_VERSION, "analyser": ANALYSER_VERSION},
    # The texts are in our database; what is kept here is what a put must know of the version before.
    "_source": {"includes": ["document", "passages"]},
    "properties": {
        "all": _TERMS,
        "title": _TERMS,
        "bi": _TERMS,
        "access": _MARK,
        "language": _MARK,
        "document": {"type": "long"},
        "passage": {"type": "long"},
        "outlet": {"type": "long"},
        "earliest": {"type": "integer"},
        "latest": {"type": "integer"},
        "version": {"type": "long"},
        "passages": {"type": "integer"},
        "head": {"type": "byte"},
        "vector": {"type": "binary"},
    },
}
