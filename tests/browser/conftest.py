"""A real browser before a real server: what it complains about fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from claims.models import User
from tests.browser.windows import CHROMIUM, broken, broken_in_dark, overflow


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("needs a Chromium")
    # The browser's own event loop makes Django believe that the tests are asynchronous.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture(scope="session")
def browser(chromium: Browser) -> Browser:
    """The one browser of the session: a process can drive only one at a time."""
    return chromium


class Window:
    """One browser window of one person, and everything its console said."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.page: Page = context.new_page()
        self.page.set_default_timeout(30_000)
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: object) -> None:
        if getattr(message, "type", "") in ("error", "warning"):
            self.complaints.append(getattr(message, "text", ""))

    def open(self, path: str) -> Page:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status < 400, f"{path}: {answer.status}"
        return self.page

    def violations(self) -> list[str]:
        """Return what axe finds: the rule and the first places. What it styles to measure is no complaint."""
        before = len(self.complaints)
        found = broken(self.page)
        del self.complaints[before:]
        return found

    def violations_in_dark(self) -> list[str]:
        """Return what axe finds of a page that was looked at in light, in dark colours."""
        before = len(self.complaints)
        found = broken_in_dark(self.page)
        del self.complaints[before:]
        return found

    def sideways(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        return overflow(self.page)


@pytest.fixture
def window_of(chromium: Browser, live_server: object) -> Iterator[Callable[..., Window]]:
    """Return a function that opens a window in which somebody is signed in."""
    contexts: list[BrowserContext] = []
    address = str(live_server)

    def made(user: User | None, *, width: int = 1280, dark: bool = False, script: bool = True) -> Window:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            context.add_cookies(
                [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}]
            )
        return Window(context, address)

    yield made
    for context in contexts:
        context.close()
