"""A batch of newer rules in a browser: ticked, taken over, taken back; narrow, dark, without a script."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from claims.models import Job
from claims.tasks.base import run_now
from tests.browser.conftest import Window
from tests.people import Cast
from tests.reread import LAST, old_article, rows_of, rules_find

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WindowOf = Callable[..., Window]


def work() -> None:
    """Do what waits for a batch, as a worker would."""
    for pk in Job.objects.filter(kind="reread", status=Job.Status.QUEUED).values_list("pk", flat=True):
        run_now(pk)


@pytest.mark.parametrize("script", [True, False])
def test_from_the_list_to_what_is_taken_over_and_back(
    cast: Cast, window_of: WindowOf, monkeypatch: pytest.MonkeyPatch, script: bool
) -> None:
    rules_find(monkeypatch)
    added = old_article(cast, title="Harbour fees")
    window = window_of(cast.carla, width=360 if script else 1280, dark=not script, script=script)
    page = window.open("/desk/north/articles/")
    page.get_by_role("link", name="See what newer rules would change").click()
    if script:
        assert (window.violations(), window.sideways()) == ([], 0)
    page.get_by_role("button", name="Preview: change nothing yet").click()
    page.get_by_text("The articles are being read; nothing is changed.").wait_for()
    work()
    if not script:
        page.get_by_role("link", name="Look again").click()
    page.get_by_text("Nothing has changed yet.").wait_for()
    page.get_by_text(f"“{LAST}”").wait_for()
    if script:
        assert (window.violations(), window.sideways()) == ([], 0)
    page.get_by_role("checkbox", name="Harbour fees").check()
    page.get_by_role("button", name="Take over what is ticked").click()
    page.get_by_text("1 article is being taken over.").wait_for()
    work()
    page.reload()
    page.get_by_text("An article can be taken back until somebody decides").wait_for()
    assert rows_of(added)[LAST].triage == "suggested"
    page.get_by_role("checkbox", name="Harbour fees").check()
    page.get_by_role("button", name="Take back what is ticked").click()
    page.get_by_text("Taken back in 1 article.").wait_for()
    assert rows_of(added)[LAST].triage == "superseded"
    assert window.complaints == []
