"""Matrix products take one thread, whatever the process was started with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from claims.language import encoder, parser, parser_net


def threads() -> set[int]:
    assert np.ones((2, 2)).sum() == 4  # the library has to be loaded to be asked
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


@pytest.mark.parametrize(
    ("owner", "method", "call"),
    [
        (parser_net.Net, "_layer", lambda: parser.parse([["Prices", "rose", "."]])),
        (parser_net.Net, "_layer", lambda: parser.tag([["Prices", "rose", "."]])),
        (encoder.Encoder, "_run", lambda: encoder.shipped().encode(["Prices rose."])),
    ],
    ids=["parse", "tag", "encode"],
)
def test_a_product_takes_one_thread_where_the_process_has_two(
    owner: Any, method: str, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside: list[set[int]] = []
    original = getattr(owner, method)

    def watched(*args: Any) -> Any:
        inside.append(threads())
        return original(*args)

    monkeypatch.setattr(owner, method, watched)
    with threadpool_limits(2, user_api="blas"):
        assert threads() == {2}
        call()
        assert threads() == {2}
    assert inside
    assert all(seen == {1} for seen in inside)
