"""The walk of the container drill, over a real port without containers: is it in step with the pages?

The drill itself takes minutes and runs seldom; what it sends and looks for breaks here first.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims.models import Approval, FactCheck, VerdictReading

pytestmark = pytest.mark.django_db(transaction=True)
DRILL = Path(__file__).resolve().parents[2] / ".ci" / "containers"
NAMES = ("visitor", "walk")


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    monkeypatch.syspath_prepend(str(DRILL))
    yield {name: importlib.import_module(name) for name in NAMES}
    for name in NAMES:
        sys.modules.pop(name, None)


@pytest.fixture
def walk(
    modules: dict[str, ModuleType],
    engine: None,
    drain: Callable[..., int],
    live_server: Any,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Any:
    """Two people at a real port, commands in this process, and no worker but who waits for its work."""
    settings.SITE_URL = live_server.url
    archive = tmp_path / "archive.jsonl"

    def manage(name: str, *arguments: str, check: bool = True, feed: str | None = None) -> str:
        if feed is not None:
            archive.write_text(feed, encoding="utf-8")
        said = StringIO()
        given = [str(archive) if one == "/tmp/archive.jsonl" else one for one in arguments]
        try:
            with contextlib.redirect_stdout(said):
                call_command(name, *given, stdout=said)
        except CommandError:
            if check:
                raise
            return ""
        return said.getvalue().strip() or "done"

    until = modules["walk"].until

    def worked(what: str, seconds: float, look: Callable[[], object], pause: float = 0.0) -> float:
        drain()
        return float(until(what, seconds, look, 0.05))

    monkeypatch.setattr(modules["walk"], "until", worked)
    return modules["walk"].Walk(lambda: modules["visitor"].Visitor(live_server.url), manage)


def test_two_people_bring_an_article_to_the_feeds_as_the_drill_does(walk: Any) -> None:
    walk.arrive()
    walk.fill_archive()
    walk.paste()
    walk.judge()
    walk.approve()
    walk.published()
    check = FactCheck.objects.get()
    assert check.status == FactCheck.Status.LIVE
    # The approval rests on sources that were opened and ticked, not on a reason for leaving them.
    assert Approval.objects.get().unread_reason == ""
    assert VerdictReading.objects.filter(user=Approval.objects.get().user).exists()
    walk.work_goes_on("harbour register of ferries")
