"""Browser windows in which people of the cast are signed in, and what the browser complained about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from claims.models import User

#: What axe tells; of what passed it would otherwise list every element.
_ONLY: dict[str, Any] = {"resultTypes": ["violations"]}
#: The rules that axe may not find broken: all of WCAG 2.2 A and AA.
RULES = _ONLY | {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}
#: Those of them that ask for colours: what is left to be asked where a page was looked at in other colours.
COLOURS = _ONLY | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
#: A busy machine answers late; what never comes still fails.
expect.set_options(timeout=30_000)
CHROMIUM = ["--no-sandbox", "--disable-dev-shm-usage"]


@dataclass
class Windows:
    """Opens windows at one address and collects errors of scripts and of the content policy."""

    url: str
    browser: Browser
    complaints: list[str] = field(default_factory=list)

    def open(
        self, person: User | None = None, *, width: int = 1280, scheme: Any = "light", scripts: bool = True
    ) -> Page:
        """Return a page of a new window; without ``scripts`` as in a browser that runs none."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            base_url=self.url,
            java_script_enabled=scripts,
        )
        context.set_default_timeout(60_000)
        if person is not None:
            client = Client()
            client.force_login(person)
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.url}])
        page = context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    def violations(self, page: Page) -> list[str]:
        """Return what axe finds broken. It styles what it measures; those complaints are its own."""
        before = len(self.complaints)
        found = broken(page)
        del self.complaints[before:]
        return found

    def violations_in_dark(self, page: Page) -> list[str]:
        """Return what axe finds broken on the open page, which was looked at in light, in dark colours."""
        before = len(self.complaints)
        found = broken_in_dark(page)
        del self.complaints[before:]
        return found

    def _console(self, message: Any) -> None:
        # A refusal is an answer: the browser logs its status as an error, which it is not.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")


def broken(page: Page, rules: dict[str, Any] = RULES) -> list[str]:
    """Return what axe finds broken: each rule with its first places."""
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{rule['id']}: {[node['html'][:200] for node in rule['nodes'][:3]]}" for rule in found]


def broken_in_dark(page: Page) -> list[str]:
    """Return what axe finds broken in dark colours on a page that was looked at in light, and leave it in light."""
    # Without motion: colours that are still on their way from light to dark are nobody's.
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found = broken(page, COLOURS)
    page.emulate_media(color_scheme="light")
    page.emulate_media(reduced_motion="null")
    return found


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
