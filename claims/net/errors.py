"""How asking a web address can fail, each way with a sentence that says what to do."""

from __future__ import annotations


class FetchError(Exception):
    """An address could not be fetched; ``sentence`` says what happened and what to do."""

    def __init__(self, sentence: str, *, url: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.url = url


class BadAddress(FetchError):
    """The text is no web address this client asks."""


class AddressRefused(FetchError):
    """The address leads to a machine or port that must not be asked."""


class Unreachable(FetchError):
    """No such name, no answer, a broken connection or a certificate that does not hold."""


class TimedOut(FetchError):
    """The time for the whole request is over."""


class TooManyRedirects(FetchError):
    """The address leads on and on."""


class TooLarge(FetchError):
    """The answer is larger than the limit, on the wire or unpacked."""


class BadAnswer(FetchError):
    """The answer cannot be read as HTTP, or is packed in a way that was not asked for."""


class BadStatus(FetchError):
    """The server answered, but not with the page; ``status`` is its number."""

    def __init__(self, sentence: str, *, url: str = "", status: int = 0) -> None:
        super().__init__(sentence, url=url)
        self.status = status


def timed_out(url: str) -> TimedOut:
    return TimedOut("The site takes too long to answer. Try again later, or paste the text.", url=url)


def too_large(limit: int, url: str) -> TooLarge:
    return TooLarge(
        f"The page is larger than {limit // (1024 * 1024) or 1} MB. Paste the part that matters, or upload"
        f" it as text.",
        url=url,
    )


def status_sentence(status: int) -> str:
    if status in (401, 403, 407, 451):
        return (
            f"The site refuses to show this page to us (status {status}). Open it in a browser and paste"
            f" the text, or"
            " save the page and upload the file."
        )
    if status in (404, 410):
        return (
            f"There is no page at this address any more (status {status}). Check it, or look for an"
            " archived copy."
        )
    if status == 429:
        return "The site says that we ask too often (status 429). Try again in an hour, or paste the text."
    if status >= 500:
        return f"The site has a fault of its own (status {status}). Try again later, or paste the text."
    return (
        f"The site answered with status {status} instead of a page. Open it in a browser and paste the text."
    )
