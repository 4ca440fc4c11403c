"""How Elasticsearch is told to keep a passage: index settings and a mapping that refuses unknown fields."""

from __future__ import annotations

from typing import Any, Final

from claims.query.analysis import ANALYSER_VERSION, MAX_TERM, STOP_WORDS
from claims.search.engine import SCHEMA_VERSION, VECTOR_WIDTH

# For questions by hand (docs/how-to/ask-elasticsearch.md): the terms that claims.query.analysis gives English texts,
# but for the newest rules of its stemmer. Nothing of the product asks with it.
BY_HAND: Final = "factcheck_en"
ANALYSIS: Final[dict[str, Any]] = {
    "char_filter": {
        "one_apostrophe": {"type": "mapping", "mappings": ["’=>'"]},
        "no_addresses": {
            "type": "pattern_replace",
            "pattern": r"(?i)(?:https?://|www\.|pic\.twitter\.com)\S+",
            "replacement": " ",
        },
    },
    "tokenizer": {
        "words_and_numbers": {
            "type": "pattern",
            "group": 0,
            "pattern": r"\d+(?:[.,]\d+)*%?|(?:\p{L}\.){2,}"
            r"|[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['-][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*",
        }
    },
    "filter": {
        "plain_numbers_and_initials": {
            "type": "pattern_replace",
            "pattern": r",|%$|(?<=\p{L})\.",
            "replacement": "",
        },
        "at_hyphens": {"type": "pattern_capture", "preserve_original": False, "patterns": ["([^-]+)"]},
        "no_genitive": {"type": "pattern_replace", "pattern": "'[sS]$", "replacement": ""},
        "parts_of_mixed_words": {
            "type": "pattern_capture",
            "preserve_original": True,
            "patterns": [
                r"(?<!['.].{0,200})(?!.{0,200}['.])"
                r"(\p{N}+|\p{Lu}+(?!\p{Ll})|\p{Lu}?[^\p{Lu}\p{N}]+|\p{Lu}+)"
            ],
        },
        "cut": {"type": "truncate", "length": MAX_TERM},
        "stop_words": {"type": "stop", "stopwords": sorted(STOP_WORDS)},
        "porter2": {"type": "stemmer", "language": "porter2"},
    },
    "analyzer": {
        BY_HAND: {
            "type": "custom",
            "char_filter": ["one_apostrophe", "no_addresses"],
            "tokenizer": "words_and_numbers",
            "filter": [
                "plain_numbers_and_initials",
                "at_hyphens",
                "no_genitive",
                "parts_of_mixed_words",
                "lowercase",
                "cut",
                "stop_words",
                "porter2",
            ],
        }
    },
}

# One primary shard unless the settings say more; a second copy as soon as there is a second node.
SETTINGS: Final[dict[str, Any]] = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    "refresh_interval": "1s",
    "analysis": ANALYSIS,
}

_TERMS = {"type": "text", "analyzer": "whitespace", "index_options": "freqs"}
_MARK = {"type": "keyword", "doc_values": False}

# What each field holds, for whoever looks at the index by hand.
FIELDS: Final[dict[str, str]] = {
    "all": "terms of title and passage, space-separated, made by claims.query.analysis; _ where there is none",
    "title": "terms of the title",
    "bi": "neighbouring content words as a_b, at most 400 of a field",
    "access": "who may find it: archive and audience",
    "language": "two letters",
    "document": "id in claims_document, claims_factcheck or claims_claim, by the name of the index",
    "passage": "id in claims_passage; its text is claims_capture.text from start to end",
    "outlet": "id in claims_outlet; 0 for none",
    "earliest": "first day it may be from, as 20261124; 0 for unknown",
    "latest": "last day it may be from",
    "version": "version of the entry in claims_indexentry",
    "passages": "how many records the document has",
    "head": "1 on the first record of a document",
    "meaning": "what the passage means, as a vector of length one, where it was read so",
}

MAPPINGS: Final[dict[str, Any]] = {
    "dynamic": "strict",
    "_meta": {"schema": SCHEMA_VERSION, "analyser": ANALYSER_VERSION, "fields": FIELDS},
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
        # Compared with every question in full (script_score), so there is no graph of neighbours to keep.
        "meaning": {"type": "dense_vector", "dims": VECTOR_WIDTH, "index": False},
    },
}
