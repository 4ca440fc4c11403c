"""A person with a browser that has no scripts: follows links, fills in forms, keeps cookies. Standard library only."""

from __future__ import annotations

import http.client
import http.cookiejar
import ssl
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser


class Failed(Exception):
    """A step of the drill did not come out as it must."""


@dataclass
class Form:
    """One form: where it goes, what its fields hold, its buttons as (name, value, words)."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str, str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects the forms, links and words of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: dict[str, Form] = {}
        self.links: list[str] = []
        self.words: list[str] = []
        self._open: list[Form] = []
        self._nameless = 0
        self._textarea: tuple[Form | None, str, list[str]] | None = None
        self._select: tuple[Form | None, str, bool] | None = None
        self._button: list[str] | None = None
        self._hidden = 0

    def _form(self, attributes: dict[str, str | None]) -> Form | None:
        named = attributes.get("form")
        if named:
            return self.forms.setdefault(named, Form("", "get"))
        return self._open[-1] if self._open else None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._nameless += 1
            form = self.forms.setdefault(given.get("id") or f"#{self._nameless}", Form("", "get"))
            form.action, form.method = given.get("action") or "", (given.get("method") or "get").lower()
            self._open.append(form)
        elif tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        elif tag in ("script", "style"):
            self._hidden += 1
        elif tag == "input":
            self._input(given)
        elif tag == "textarea":
            self._textarea = (self._form(given), given.get("name") or "", [])
        elif tag == "select":
            self._select = (self._form(given), given.get("name") or "", False)
        elif tag == "option" and self._select:
            form, name, chosen = self._select
            if form is not None and name:
                form.choices.setdefault(name, []).append(given.get("value") or "")
                if "selected" in given and not chosen:
                    form.fields.append((name, given.get("value") or ""))
                    self._select = (form, name, True)
        elif tag == "button":
            form = self._form(given)
            if form is not None:
                self._button = []
                form.buttons.append(
                    (given.get("name") or "", given.get("value") or "", "", given.get("formaction") or "")
                )
                self._at = form

    def _input(self, given: dict[str, str | None]) -> None:
        form, name, kind = self._form(given), given.get("name") or "", given.get("type") or "text"
        if form is None or not name or "disabled" in given or kind in ("file", "submit", "button"):
            return
        if kind in ("checkbox", "radio"):
            value = given.get("value")
            form.choices.setdefault(name, []).append("on" if value is None else value)
            if "checked" not in given:
                return
            form.fields.append((name, "on" if value is None else value))
            return
        form.fields.append((name, given.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._open:
            self._open.pop()
        elif tag in ("script", "style"):
            self._hidden -= 1
        elif tag == "textarea" and self._textarea:
            form, name, text = self._textarea
            if form is not None and name:
                form.fields.append((name, "".join(text).removeprefix("\n")))
            self._textarea = None
        elif tag == "select":
            if self._select and self._select[0] is not None and not self._select[2]:
                form, name, _chosen = self._select
                assert form is not None
                if form.choices.get(name):
                    form.fields.append((name, form.choices[name][0]))
            self._select = None
        elif tag == "button" and self._button is not None:
            name, value, _words, action = self._at.buttons[-1]
            self._at.buttons[-1] = (name, value, " ".join("".join(self._button).split()), action)
            self._button = None

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._textarea[2].append(data)
        if self._button is not None:
            self._button.append(data)
        if not self._hidden:
            self.words.append(data)


@dataclass
class Page:
    """What came back: status, address after redirects, bytes, headers; read as HTML on demand."""

    status: int
    address: str
    body: bytes
    headers: http.client.HTTPMessage

    def __post_init__(self) -> None:
        self._read: _Reader | None = None

    @property
    def html(self) -> _Reader:
        if self._read is None:
            self._read = _Reader()
            self._read.feed(self.body.decode("utf-8", "replace"))
        return self._read

    @property
    def text(self) -> str:
        return " ".join("".join(self.html.words).split())

    def form(self, ending: str, *, button: str = "") -> Form:
        """Return the form whose address ends so (and that has a button whose words begin so)."""
        for form in self.html.forms.values():
            target = urllib.parse.urljoin(self.address, form.action or self.address)
            ways = [target, *(urllib.parse.urljoin(self.address, way) for *_rest, way in form.buttons if way)]
            if any(urllib.parse.urlsplit(way).path.endswith(ending) for way in ways) and (
                not button or any(words.startswith(button) for _name, _value, words, _way in form.buttons)
            ):
                return form
        raise Failed(f"{self.address} has no form for {ending} {button}: {self.text[:300]}")


class Visitor:
    """One person's session at one address."""

    def __init__(
        self, site: str, *, authority: str | None = None, headers: dict[str, str] | None = None
    ) -> None:
        self.site = site
        self.jar = http.cookiejar.CookieJar()
        context = ssl.create_default_context(cafile=authority)
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPSHandler(context=context),
            urllib.request.HTTPCookieProcessor(self.jar),
        )
        self._opener.addheaders = list({"User-Agent": "drill", **(headers or {})}.items())

    def open(self, address: str, data: list[tuple[str, str]] | None = None, *, seconds: float = 30) -> Page:
        """Ask for an address; a status of 400 and more is a page too, no connection is Failed."""
        url = urllib.parse.urljoin(self.site, address)
        request = urllib.request.Request(url)  # only addresses of the drill itself
        if data is not None:
            request.data = urllib.parse.urlencode(data).encode()
            request.add_header("Referer", url)
            request.add_header("Origin", self.site.rstrip("/"))
        try:
            with self._opener.open(request, timeout=seconds) as answer:
                return Page(answer.status, answer.url, answer.read(), answer.headers)
        except urllib.error.HTTPError as error:
            with error:
                return Page(error.code, error.url, error.read(), error.headers)
        except (OSError, http.client.HTTPException) as error:
            raise Failed(f"{url} does not answer: {error}") from error

    def get(self, address: str) -> Page:
        page = self.open(address)
        if page.status != 200:
            raise Failed(f"{address} answered {page.status}: {page.text[:300]}")
        return page

    def send(
        self,
        page: Page,
        ending: str,
        *,
        button: str = "",
        form: Form | None = None,
        **values: str | list[str],
    ) -> Page:
        """Fill in a form of a page and press its button; what is not named stays as it is."""
        form = form or page.form(ending, button=button)
        data = [(name, value) for name, value in form.fields if name not in values]
        for name, value in values.items():
            data += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        action = form.action
        for name, value, words, way in form.buttons:
            if (button and words.startswith(button)) or (not button and way and way.endswith(ending)):
                data += [(name, value)] if name else []
                action = way or action
                break
        answer = self.open(urllib.parse.urljoin(page.address, action or page.address), data)
        if answer.status >= 400:
            raise Failed(f"{ending} was refused with {answer.status}: {answer.text[:600]}")
        return answer
