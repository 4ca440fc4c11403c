"""The child process: what it answers, what stops it, and that it never outlives or outgrows its use."""

from __future__ import annotations

import io
import os
import pickle
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from claims.actions.documents import parsing
from claims.intake.types import IntakeError
from claims.jobs import child
from claims.jobs.child import ChildFailed, ChildLimits, Children, ChildStopped
from claims.net.errors import BadStatus
from claims.vocabulary import Checkable
from tests.jobs import in_child
from tests.jobs.live.processes import ROOT

SHORT = ChildLimits(seconds=2.0, cpu=60, memory=400)


@pytest.fixture
def children() -> Iterator[Children]:
    made = Children()
    yield made
    made.close()


def gone(pid: int) -> bool:
    try:
        return "Z" in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True


def wait_for(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_value_comes_back_and_the_child_stays_for_the_next_call(children: Children) -> None:
    assert children.run(in_child.sleep, 0.0) == 0.0
    assert children.run(in_child.pid) == children.run(in_child.pid) != os.getpid()


def test_the_child_knows_no_database_and_loads_little(children: Children) -> None:
    loaded = children.run(in_child.modules)
    assert not [name for name in loaded if name.partition(".")[0] in ("django", "celery", "numpy", "lxml")]
    children.run(parsing.find_claims, "The port lost 300 jobs.", published="", language="en", source="text")
    assert not [name for name in children.run(in_child.modules) if name.startswith("django")]


@pytest.mark.parametrize(
    "function",
    [in_child.compute, in_child.catastrophe, partial(in_child.sleep, 600)],
    ids=["loop", "C", "sleep"],
)
def test_what_hangs_is_stopped_at_its_limit_and_the_next_call_works(
    children: Children, function: Callable[[], None]
) -> None:
    started = time.monotonic()
    with pytest.raises(ChildStopped, match=r"Stopped after 2 s\."):
        children.run(function, limits=SHORT)
    assert time.monotonic() - started < 20
    assert children.run(in_child.sleep, 0) == 0


def test_computing_too_long_is_stopped_by_the_system(children: Children) -> None:
    with pytest.raises(ChildStopped, match=r"Stopped after 1 s of computing\."):
        children.run(in_child.compute, limits=ChildLimits(seconds=60, cpu=1, memory=400))


def test_the_time_of_computing_is_counted_for_each_call(children: Children) -> None:
    limits = ChildLimits(seconds=60, cpu=2, memory=400)
    first = children.run(in_child.pid)
    for _ in range(4):
        children.run(busy_for_half_a_second, limits=limits)
    assert children.run(in_child.pid) == first


def busy_for_half_a_second() -> None:
    until = time.process_time() + 0.7
    while time.process_time() < until:
        pass


def test_eating_memory_ends_in_a_sentence_and_a_fresh_child(children: Children) -> None:
    before = children.run(in_child.pid)
    with pytest.raises(ChildStopped, match="more memory than it may have"):
        children.run(in_child.eat, 500, limits=ChildLimits(seconds=30, cpu=30, memory=200))
    assert children.run(in_child.pid) != before
    assert children.run(in_child.eat, 50, limits=ChildLimits(memory=200)) == 50


def test_a_child_that_has_grown_makes_room(children: Children) -> None:
    before = children.run(in_child.pid)
    children.run(keep, 300)
    wait_for(lambda: gone(before))
    assert children.run(in_child.pid) != before


_KEPT: list[bytearray] = []


def keep(megabytes: int) -> None:
    _KEPT.extend(bytearray(os.urandom(1 << 20)) for _ in range(megabytes))


def test_a_child_that_ends_by_itself_is_said_so(children: Children) -> None:
    with pytest.raises(ChildStopped, match=r"ended \(status 3\)"):
        children.run(in_child.die)


def test_a_warm_child_that_ended_meanwhile_costs_nothing(children: Children) -> None:
    pid = children.run(in_child.pid)
    os.kill(pid, 9)
    assert children.run(in_child.pid) != pid


def test_what_a_library_prints_is_no_answer(children: Children) -> None:
    assert children.run(in_child.chatter) == "answer"


def test_refusals_of_ours_come_back_as_they_are_and_faults_as_words(children: Children) -> None:
    with pytest.raises(IntakeError) as refused:
        children.run(in_child.raise_ours)
    assert (refused.value.code, refused.value.sentence) == ("scanned", "This is a picture of a text.")
    with pytest.raises(BadStatus) as bad:
        children.run(in_child.raise_status)
    assert (bad.value.status, bad.value.url, bad.value.sentence) == (404, "https://a.example/", "Not there.")
    with pytest.raises(ChildFailed, match="KeyError: 'somewhere'"):
        children.run(in_child.raise_other)


def test_an_answer_that_would_run_something_is_refused(children: Children) -> None:
    with pytest.raises(Exception, match="may not answer with"):
        children.run(in_child.answer_evil)
    assert not Path("/tmp/never").exists()


class _AsGetattr:
    """Pickles as Python 3.11.0 to 3.11.3 pickle a member of an enumeration: by getattr of a class and a name."""

    def __init__(self, *of: object) -> None:
        self.of = of

    def __reduce__(self) -> tuple[object, ...]:
        return getattr, self.of


def test_members_of_enumerations_come_back_from_every_python() -> None:
    written = pickle.dumps(_AsGetattr(Checkable, "FACT"))
    assert child._Answers(io.BytesIO(written)).load() is Checkable.FACT


@pytest.mark.parametrize(
    "of", [(Checkable, "__class__"), (Checkable, "mro"), ("text", "format"), (dict, "fromkeys")]
)
def test_that_way_leads_to_members_and_nothing_else(of: tuple[object, str]) -> None:
    with pytest.raises(pickle.UnpicklingError):
        child._Answers(io.BytesIO(pickle.dumps(_AsGetattr(*of)))).load()


def test_an_idle_child_ends_by_itself() -> None:
    children = Children(idle=0.3)
    pid = children.run(in_child.pid)
    wait_for(lambda: gone(pid))
    assert children.run(in_child.pid) != pid
    children.close()


def test_no_more_children_than_allowed_and_one_stays() -> None:
    children = Children(most=2)
    seen: list[int] = []

    def call() -> None:
        children.run(in_child.sleep, 0.3)
        seen.append(1)

    threads = [threading.Thread(target=call) for _ in range(6)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(seen) == 6
    assert time.monotonic() - started >= 0.9
    mine = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    pids = {int(word) for file in mine for word in file.read_text().split()}
    assert len([pid for pid in pids if b"claims.jobs.child" in command(pid) and not gone(pid)]) == 1
    children.close()


def command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


def test_the_child_of_a_killed_parent_ends_although_it_computes() -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import threading; from claims.jobs.child import children; from tests.jobs import in_child\n"
            "print(children.run(in_child.pid), flush=True)\n"
            "children.run(in_child.compute)",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    time.sleep(0.5)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_for(lambda: gone(pid))


def test_reading_and_splitting_survive_the_way_through_the_pipe(children: Children) -> None:
    import datetime as dt

    page = (
        b"<html><head><title>Fees</title></head><body><article>"
        + b"<p>The port of Lenna raised its fees.</p>" * 9
    )
    page += b"</article></body></html>"
    upload = children.run(parsing.read_file, "fees.html", page, declared="", today=dt.date(2026, 3, 18))
    assert upload == parsing.read_file("fees.html", page, declared="", today=dt.date(2026, 3, 18))
    text = "The port lost 300 jobs last year. “We never promised that,” Ilse Brandt said on Monday."
    given = {"published": "2026-03-18", "language": "en", "source": "auto"}
    assert children.run(parsing.find_claims, text, **given) == parsing.find_claims(text, **given)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library keeps less")
def test_what_work_has_freed_goes_back_to_the_system(children: Children) -> None:
    assert children.run(partial(in_child.tattered, given_back=False)) > 60
    children.close()
    assert children.run(partial(in_child.tattered, given_back=True)) < 20


def test_a_test_that_takes_its_changes_back_starts_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child begun so stayed behind when the tests ended."""
    monkeypatch.undo()
    assert child.run(os.getpid) == os.getpid()
