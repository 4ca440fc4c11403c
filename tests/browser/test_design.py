"""The page of all parts, as it looks: compared with the pictures in pictures/.

A picture is renewed by deleting it: the test then writes it anew and fails once, so that somebody looks at it.
Small differences between machines (hinting of letters, another Chromium) are allowed for.
"""

from __future__ import annotations

import base64
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.windows import Windows
from tests.people import Cast, make_cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not shutil.which("chromium"), reason="needs a Chromium"),
]

PICTURES = Path(__file__).parent / "pictures"
#: Which share of the pixels may be visibly another, and by how much a page may be longer or shorter.
PIXELS, LENGTH = 0.03, 0.02
COMPARE = """async ([one, other]) => {
  const load = async (data) => {
    const picture = new Image(); picture.src = "data:image/png;base64," + data; await picture.decode();
    return picture;
  };
  const [a, b] = [await load(one), await load(other)];
  const width = Math.max(a.width, b.width), height = Math.min(a.height, b.height);
  const pixels = (picture) => {
    const canvas = new OffscreenCanvas(width, height); const context = canvas.getContext("2d");
    context.drawImage(picture, 0, 0); return context.getImageData(0, 0, width, height).data;
  };
  const [p, q] = [pixels(a), pixels(b)];
  let differ = 0;
  for (let i = 0; i < p.length; i += 4) {
    if (Math.abs(p[i] - q[i]) + Math.abs(p[i + 1] - q[i + 1]) + Math.abs(p[i + 2] - q[i + 2]) > 120) { differ += 1; }
  }
  return {share: differ / (width * height), length: Math.abs(a.height - b.height) / a.height, width: a.width - b.width};
}"""


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light")])
def test_every_part_looks_as_it_was_drawn(
    cast: Cast, live_server: Any, browser: Browser, width: int, scheme: str
) -> None:
    windows = Windows(live_server.url, browser)
    page = windows.open(cast.ada, width=width, scheme=scheme)
    answer = page.goto("/help/design/")
    assert answer is not None
    assert answer.status == 200
    page.evaluate("document.fonts.ready")
    picture = page.screenshot(full_page=True)
    known = PICTURES / f"design-{width}-{scheme}.png"
    if not known.exists():
        PICTURES.mkdir(exist_ok=True)
        known.write_bytes(picture)
        pytest.fail(f"{known.name} is new: look at it, then run this again.")
    blank = windows.open(cast.ada)
    found = blank.evaluate(
        COMPARE, [base64.b64encode(known.read_bytes()).decode(), base64.b64encode(picture).decode()]
    )
    assert found["width"] == 0
    assert found["length"] <= LENGTH
    assert found["share"] <= PIXELS
    assert windows.complaints == []
