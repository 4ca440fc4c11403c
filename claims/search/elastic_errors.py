"""What a failing call to Elasticsearch means: may the same call succeed later, or is the call itself wrong?

Only an answer of Elasticsearch's own that finds fault with what was asked is a refusal. A server that is
away, busy or half there, refuses our credentials, or hides behind a proxy that answers in its place, says
nothing about the question: that is unavailable, and whoever asked keeps the question for later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import elasticsearch
from elasticsearch import ApiError

from claims.search.engine import (
    EngineBusy,
    EngineError,
    EngineMisconfigured,
    EngineRefused,
    EngineUnavailable,
    NotBuilt,
)

# What Elasticsearch reports with a client's status although the same call may succeed later.
PASSING = frozenset(
    {
        "cluster_block_exception",
        "index_closed_exception",
        "no_shard_available_action_exception",
        "search_context_missing_exception",
        "unavailable_shards_exception",
    }
)
BUSY = frozenset({408, 425, 429, 502, 503, 504})


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the client raises into the port's errors, each one sentence that names the cause."""
    try:
        yield
    except elasticsearch.UnsupportedProductError as error:
        raise EngineMisconfigured("what answers at this address is not Elasticsearch") from error
    except ApiError as error:
        raise problem_of(error.status_code, error.body) from error
    except elasticsearch.ConnectionTimeout as error:
        raise EngineUnavailable("Elasticsearch did not answer in time") from error
    except elasticsearch.SSLError as error:
        raise EngineMisconfigured(f"no trusted connection to Elasticsearch: {error.message}") from error
    except elasticsearch.ConnectionError as error:
        raise EngineUnavailable(f"Elasticsearch cannot be reached: {error.message}") from error
    except elasticsearch.TransportError as error:
        raise EngineUnavailable(f"Elasticsearch answered something unreadable: {error.message}") from error


def problem_of(status: int, body: Any) -> EngineError:
    """Return the error that an answer with this status and body stands for."""
    kind, reason = _cause(body)
    if kind == "index_not_found_exception":
        return NotBuilt("the search index has not been built yet")
    if kind == "security_exception" and status != 401:
        # Also of one object among many, which has no status of its own.
        return EngineMisconfigured("the credentials do not allow this in Elasticsearch")
    if kind in PASSING or status in BUSY:
        return EngineBusy(f"Elasticsearch is not ready: {reason or f'status {status}'}")
    if status == 401:
        return EngineMisconfigured("Elasticsearch refused the credentials")
    if status == 403:
        return EngineMisconfigured("the credentials do not allow this in Elasticsearch")
    if status >= 500:
        return EngineUnavailable(f"Elasticsearch is not ready: {reason or f'status {status}'}")
    if not kind:
        return EngineMisconfigured(f"what answers in place of Elasticsearch says: status {status}")
    if status == 404:
        return EngineRefused(f"Elasticsearch does not know what was asked for: {reason}")
    return EngineRefused(f"Elasticsearch refused: {reason}")


def whole(answer: Any) -> Any:
    """Return an answer that stands for all of the index.

    Raises EngineUnavailable for one with holes in it, EngineMisconfigured for a page of somebody in between.
    """
    if not isinstance(getattr(answer, "body", answer), Mapping):
        raise EngineMisconfigured("what answers at this address is not Elasticsearch")
    if answer.get("timed_out") or answer.get("_shards", {}).get("failed"):
        raise EngineUnavailable("Elasticsearch answered for a part of the index only")
    return answer


def _cause(body: Any) -> tuple[str, str]:
    """Return type and reason of the innermost cause, empty where the body is not Elasticsearch's."""
    error = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(error, Mapping):
        return "", ""
    roots = error.get("root_cause")
    root = roots[0] if isinstance(roots, list) and roots and isinstance(roots[0], Mapping) else error
    kind = str(root.get("type") or error.get("type") or "")
    return kind, str(root.get("reason") or error.get("reason") or kind)[:300]
