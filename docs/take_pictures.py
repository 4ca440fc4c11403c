"""Take the pictures of docs/images from a running workbench with its sample desk.

    python docs/take_pictures.py http://127.0.0.1:8000 ADDRESS PASSWORD [--whole FOLDER]

ADDRESS and PASSWORD are those of the sample desk's reviewer (``logins.txt`` in the data folder). ``--whole`` takes
every page in light, dark and at 360 pixels into a folder, to be looked at beside the drawings.
"""

from __future__ import annotations

import argparse
import re
import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
#: Name of the picture: page, scheme, width.
KEPT = {
    "front": ("front", "light", 1280),
    "check": ("check", "light", 1280),
    "article": ("article", "light", 1440),
    "claim": ("claim", "light", 1440),
    "claim-dark": ("claim", "dark", 1440),
    "queue": ("queue", "light", 1280),
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
        "queue": desk + "claims/",
        "claim": claim,
        "approve": approve,
        "published": desk + "published/",
        "inbox": desk + "inbox/?show=all",
        "search": desk + "search/?q=tunnel",
        "tags": desk + "tags/",
        "dashboard": desk + "dashboard/",
        "report": desk + "dashboard/report/",
        "profile": "/profile/",
        "sessions": "/profile/sessions/",
        "admin": "/admin/",
        "admin-claims": "/admin/claims/claim/",
        "sources": desk + "sources/",
        "jobs": desk + "jobs/",
        "design": "/help/design/",
        "keys": "/help/keys/",
        "method": "/method/",
        "corrections": "/corrections/",
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("base")
    parser.add_argument("address")
    parser.add_argument("password")
    parser.add_argument("--whole", type=Path)
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
            shown.evaluate("document.fonts.ready")
            shown.screenshot(
                path=str((asked.whole or IMAGES) / f"{picture}.png"), full_page=bool(asked.whole)
            )
            context.close()
            print(picture)
        browser.close()


if __name__ == "__main__":
    main()
