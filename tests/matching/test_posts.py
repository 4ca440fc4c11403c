"""What of a post is its assertion."""

from __future__ import annotations

import pytest

from claims.matching.posts import plain


@pytest.mark.parametrize(
    ("post", "words"),
    [
        ("The zoo sold its elephant https://t.co/aB3dE9", "The zoo sold its elephant"),
        ("The zoo sold its elephantpic.twitter.com/aB3dE9", "The zoo sold its elephant"),
        ("The zoo sold its elephant — Jo Reed (@joreed9) July 3, 2021", "The zoo sold its elephant"),
        ("RT @kelmtimes: The zoo sold its elephant", "The zoo sold its elephant"),
        ("The zoo sold its elephant via @zoofan", "The zoo sold its elephant"),
        ("@newsdesk @desk2 The zoo sold its elephant", "The zoo sold its elephant"),
        ("BREAKING: The zoo sold its elephant", "The zoo sold its elephant"),
        ("The zoo sold its elephant #zoo #elephant", "The zoo sold its elephant"),
        ("Zoo Sells Its Elephant - Coast Herald", "Zoo Sells Its Elephant"),
        ("Zoo Sells Its Elephant | Valley Post", "Zoo Sells Its Elephant"),
        ("The zoo sold its elephant to #Venn", "The zoo sold its elephant to Venn"),
        ("#Venn zoo sold its elephant", "Venn zoo sold its elephant"),
        ("@VennZoo has sold its elephant", "venn zoo has sold its elephant"),
        ("#SaveTheZoo The zoo sold its elephant", "The zoo sold its elephant"),
    ],
)
def test_what_only_posts_carry_is_no_word_of_the_assertion(post: str, words: str) -> None:
    assert plain(post) == words


@pytest.mark.parametrize(
    "text",
    [
        "The zoo sold its elephant.",
        "The zoo - the oldest in Venn - sold its elephant.",
        "NATO moved its troops to Venn.",
        "Two  spaces stay.",
    ],
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text
