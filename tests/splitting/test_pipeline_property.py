"""Whatever the text: spans index it, the same input gives the same output, and nothing is raised."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from claims.splitting import split
from tests.splitting.seen import analysed

_PIECES = st.sampled_from(
    [
        "The mayor said that ", "he left", ". ", ", ", "“", "”", '"', "'", "‘", "’", "[", "]", "(", ")", "\n", "\n\n",
        "\r\n", "on 12 May 2019 ", "yesterday ", "who ", "which fell ", "and ", "but ", "3.5 percent ", "Mr Smith ",
        "the Turkish-backed militia ", "according to ", "police ", "denied ", "that ", "is ", "was ", "? ", "! ", "… ",
        "SMITH: ", "Q: ", "- ", "1. ", "\u00a0", "\u200b", "\u00ad", "😀", "Он сказал ", "中文。", "e\u0301", "\f",
        "<p>", "</p>", "&nbsp;", "http://a.example/b ", "00:00:01,000 --> 00:00:02,000\n", "\ud800", "\x00", "— ",
        "It [Turkey] ",
    ]
)  # fmt: skip
_WRITTEN = st.lists(_PIECES, max_size=40).map("".join)
_SOURCES = st.sampled_from(["text", "transcript", "srt", "vtt", "auto"])
_LANGUAGES = st.sampled_from([None, "en", "de", "fr", "zh", "xx"])


@settings(max_examples=120, deadline=None)
@given(text=_WRITTEN, source=_SOURCES, published=st.sampled_from([None, "2020-10-14", "2020-10"]))
def test_written_texts_keep_every_promise(text: str, source: str, published: str | None) -> None:
    options = {"source": source} | ({"published": published} if published else {})
    result = analysed(text, **options)
    assert result == split(text, **options)  # type: ignore[arg-type]
    assert list(result.units) == sorted(result.units, key=lambda unit: (unit.start, -unit.end))
    assert [unit.id for unit in result.units] == list(range(1, len(result.units) + 1))
    for row in result.left_out:
        assert 0 <= row.start < row.end <= len(text)
        assert row.why


@settings(max_examples=80, deadline=None)
@given(text=st.text(max_size=300), source=_SOURCES, language=_LANGUAGES)
def test_any_characters_keep_every_promise(text: str, source: str, language: str | None) -> None:
    options = {"source": source} | ({"language": language} if language else {})
    analysed(text, **options)
