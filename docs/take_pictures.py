"""Take the pictures of docs/images from a running workbench with its sample desk.

    python docs/take_pictures.py http://127.0.0.1:8000 ADDRESS PASSWORD [--whole FOLDER] [--telephone]

ADDRESS and PASSWORD are those of the sample desk's reviewer (``logins.txt`` in the data folder). ``--telephone`` takes
the first screen of every page at 360 pixels, light and dark side by side, into ``images/360``; ``--whole`` takes every
page whole, in light, dark and at 360 pixels, into a folder, to be looked at beside the drawings.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
#: Name of the picture: page, scheme, width.
KEPT = {
    "front": ("front", "light", 1280),
    "check": ("check", "light", 1280),
    "article": ("article", "light", 1440),
    "claim": ("claim", "light", 1440),
    "claim-dark": ("claim", "dark", 1440),
    "queue": ("queue", "light", 1440),
    "approve": ("approve", "light", 1280),
    "article-360": ("article", "light", 360),
    "dashboard": ("dashboard", "light", 1280),
    "admin": ("admin", "light", 1280),
}


def addresses(page: Page, base: str) -> dict[str, str]:
    """Return the addresses of the pages by name, as the sample desk has them now."""
    page.goto(base + "/")
    check = page.locator("a[href*='/checks/']").first.get_attribute("href") or "/"
    desk = "/desk/ellery/"
    page.goto(base + desk + "claims/?state=in_progress")
    claim = page.locator("a.claim-link").first.get_attribute("href") or desk
    page.goto(base + claim)
    beside = page.locator("a[href*='beside=']").first.get_attribute("href") or claim
    evidence = page.locator(".evidence a[href^='/evidence/']").first.get_attribute("href") or claim
    page.goto(base + desk + "published/")
    factcheck = page.locator("a[href^='/factchecks/']").first.get_attribute("href") or desk
    page.goto(base + desk + "claims/?state=awaiting_approval")
    waiting = page.locator("a.claim-link").first.get_attribute("href") or desk
    page.goto(base + waiting)
    approve = page.locator("a[href*='/verdicts/']").first.get_attribute("href") or waiting
    page.goto(base + desk + "articles/")
    article = page.locator("a.row-link").first.get_attribute("href") or desk
    return {
        "front": "/",
        "check": check,
        "desk": desk,
        "articles": desk + "articles/",
        "article": re.sub(r"\?.*", "", article),
        "add": desk + "add/",
        "claim-new": desk + "claims/new/",
        "article-log": desk + "log/?document=" + re.sub(r"\D", "", article.partition("?")[0]),
        "log": desk + "log/",
        "queue": desk + "claims/",
        "claim": claim,
        "reading": beside,
        "searches": claim + "searches/",
        "evidence": evidence,
        "claimants": desk + "claimants/",
        "approve": approve,
        "to-be-public": approve + "public/",
        "factcheck": factcheck,
        "published": desk + "published/",
        "inbox": desk + "inbox/?show=all",
        "search": desk + "search/?q=tunnel",
        "tags": desk + "tags/",
        "dashboard": desk + "dashboard/",
        "report": desk + "dashboard/report/",
        "profile": "/profile/",
        "sessions": "/profile/sessions/",
        "my-desks": "/profile/desks/",
        "admin": "/admin/",
        "admin-claims": "/admin/claims/claim/",
        "admin-claim": "/admin" + claim.replace("/claims/", "/claims/claim/") + "change/",
        "admin-row": "/admin/claims/evidence/",
        "sources": desk + "sources/",
        "feeds": desk + "sources/feeds/",
        "labels": desk + "sources/labels/",
        "checks-import": desk + "sources/checks/",
        "rereadings": desk + "rereadings/",
        "readers": desk + "readers/",
        "jobs": desk + "jobs/",
        "settings": desk + "settings/",
        "people": desk + "settings/people/",
        "design": "/help/design/",
        "help": "/help/",
        "keys": "/help/keys/",
        "login": "/login/",
        "forgotten": "/login/forgotten/",
        "method": "/method/",
        "about": "/about/",
        "contact": "/contact/",
        "corrections": "/corrections/",
    }


def on_a_telephone(browser: Browser, first: BrowserContext, base: str, known: dict[str, str]) -> None:
    """Take the first screen of every page, light and dark side by side, in few colours; say what is too wide."""
    folder = IMAGES / "360"
    folder.mkdir(exist_ok=True)
    for name, address in known.items():
        both = Image.new("RGB", (720 + 8, 740), "#808080")
        for at, scheme in enumerate(("light", "dark")):
            context = browser.new_context(
                # Whoever is signed in is led away from these.
                storage_state=None if name in ("login", "forgotten") else first.storage_state(),
                viewport={"width": 360, "height": 740},
                color_scheme=scheme,  # type: ignore[arg-type]
            )
            shown = context.new_page()
            shown.goto(base + address)
            shown.wait_for_load_state("networkidle")
            shown.evaluate("document.fonts.ready")
            wide = shown.evaluate("document.documentElement.scrollWidth")
            if wide > 360:
                print(f"{name}: {wide} pixels wide")
            both.paste(Image.open(io.BytesIO(shown.screenshot())), (at * 368, 0))
            context.close()
        both.quantize(128).save(folder / f"{name}.png", optimize=True)
        print(name)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("base")
    parser.add_argument("address")
    parser.add_argument("password")
    parser.add_argument("--whole", type=Path)
    parser.add_argument("--telephone", action="store_true")
    asked = parser.parse_args()
    base = asked.base.rstrip("/")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        first = browser.new_context()
        page = first.new_page()
        page.goto(base + "/login/")
        page.fill("[name=email]", asked.address)
        page.fill("[name=password]", asked.password)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/desk/**")
        quiet = page.get_by_role("button", name="No more hints")
        if quiet.count():
            quiet.first.click()
        known = addresses(page, base)
        wanted = KEPT
        if asked.telephone:
            on_a_telephone(browser, first, base, known)
            return
        if asked.whole:
            asked.whole.mkdir(parents=True, exist_ok=True)
            looks = (("light", 1440), ("dark", 1440), ("light", 360))
            wanted = {
                f"{name}-{scheme}-{width}": (name, scheme, width) for name in known for scheme, width in looks
            }
        for picture, (name, scheme, width) in wanted.items():
            context = browser.new_context(
                storage_state=first.storage_state(),
                viewport={"width": width, "height": 800 if width > 400 else 740},
                color_scheme=scheme,  # type: ignore[arg-type]
            )
            shown = context.new_page()
            shown.goto(base + known[name])
            shown.wait_for_load_state("networkidle")
            shown.evaluate("document.fonts.ready")
            shown.screenshot(
                path=str((asked.whole or IMAGES) / f"{picture}.png"), full_page=bool(asked.whole)
            )
            context.close()
            print(picture)
        browser.close()


if __name__ == "__main__":
    main()
