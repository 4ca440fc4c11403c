"""The drill: what is done with a running installation, step by step, and what must hold after each."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from engine import say
from installation import PROJECT, SERVICES, Installation
from visitor import Failed
from walk import Walk, until

# Ended in this order: what others stand on comes last.
KILLED = ("web", "worker", "beat", "redis", "elasticsearch", "postgres")
assert set(KILLED) == set(SERVICES)


@dataclass
class Drill:
    """Keeps what was found, also where a step fails."""

    here: Installation
    step: str = ""
    took: dict[str, float] = field(default_factory=dict)
    came_back: dict[str, str] = field(default_factory=dict)
    held: list[str] = field(default_factory=list)
    idle: dict[str, dict[str, object]] = field(default_factory=dict)
    after: dict[str, dict[str, object]] = field(default_factory=dict)

    def run(self) -> None:
        """Do everything; raises at the first step that does not come out as it must."""
        here = self.here
        walk = self.walk = Walk(here.visitor, here.manage, self.took)
        self._do("up", here.up)
        here.proxy()
        self._do("up until ready", lambda: until("everything answers", 420, here.ready))
        self.idle = here.measure()
        self._do("proxy", lambda: self.held.extend(here.proxy_holds()))
        self._do("first administrator and a colleague", walk.arrive)
        self._do("archive", walk.fill_archive)
        self._do("article", walk.paste)
        self._do("evidence and verdict", walk.judge)
        self._do("second person approves", walk.approve)
        self._do("feeds", walk.published)
        self.bytes = walk.feeds()
        self.held.append(f"the check is in {len(self.bytes)} feeds")
        self._do("backup", self._backup)
        self._do("engine away", self._engine_away)
        self._do("credentials refused", self._credentials_refused)
        for service in KILLED:
            self._do(f"kill {service}", lambda service=service: self._kill(service))
        self.after = here.measure()
        bad = here.unhealthy()
        if bad:
            raise Failed(f"health checks fail: {', '.join(bad)}")
        self.held.append("all health checks pass")
        self._do("down and up", self._down_and_up)

    def _do(self, step: str, act: object) -> None:
        self.step = step
        begun = time.monotonic()
        assert callable(act)
        act()
        self.took.setdefault(f"step: {step}", round(time.monotonic() - begun, 1))
        say(f"{step}: {self.took[f'step: {step}']} s")

    def _same_feeds(self, after: str) -> None:
        found = self.walk.feeds()
        other = [name for name, body in self.bytes.items() if found[name] != body]
        if other:
            raise Failed(f"after {after} other bytes in {', '.join(other)}")
        self.held.append(f"same feed bytes after {after}")

    def _backup(self) -> None:
        file = "/data/backups/drill.tar.gz"
        self.here.manage("backup", file)
        self.here.manage("restore", file, "--check")
        self.held.append("a backup of the running system is whole")

    def _waits(self, words: str, reason: str) -> None:
        """Ask, see the page say why the search waits, and that nothing failed for good."""
        self.walk.ask(words)
        until("the page says why the search waits", 90, lambda: reason in self.walk.searching())
        if "failed" in self.walk.searching():
            raise Failed("the search failed for good")

    def _engine_away(self) -> None:
        name = self.here.name("elasticsearch")
        self.here.engine.podman("stop", "-t", "20", name)
        self._waits("lamps of the mole", "could not be done yet")
        self._same_feeds("stopping Elasticsearch")
        self.here.engine.podman("start", name)
        self.took["search after Elasticsearch is back"] = until(
            "the search is done", 240, lambda: self.walk.answered("lamps of the mole"), 1.0
        )
        self.held.append("a search while Elasticsearch is away waits and is done")

    def _credentials_refused(self) -> None:
        self._worker(ELASTIC_PASSWORD="wrong")  # wrong on purpose
        self._waits("costs of the lamps", "refused the credentials")
        self._worker()
        self.took["search after the password is right"] = until(
            "the search is done", 240, lambda: self.walk.answered("costs of the lamps"), 1.0
        )
        self.held.append("a search while credentials are refused waits and is done")

    def _worker(self, **changes: str) -> None:
        name = self.here.name("worker")
        self.here.engine.podman("rm", "-f", "-t", "5", name)
        self.here.compose("up", "-d", "--no-deps", "worker", **changes)
        until("the worker runs", 60, lambda: self.here.process("worker"))

    def _kill(self, service: str) -> None:
        if service == "worker":
            self._kill_at_work()
        else:
            self.came_back[service] = self.here.kill(service)
        until("everything answers", 420, self.here.ready, 0.5)
        took = self.walk.work_goes_on(f"a question after {service}", 180)
        self.took[f"work after kill {service}"] = took
        self._same_feeds(f"kill -9 {service}")

    def _kill_at_work(self) -> None:
        """End the worker while it has an article in hand; its claims come all the same."""
        address = self.walk.hand_in()
        self.came_back["worker"] = self.here.kill("worker")
        self.took["article after kill worker"] = until(
            "the article is split all the same", 180, lambda: self.walk.is_split(address), 0.5
        )

    def _down_and_up(self) -> None:
        self.here.compose("down")
        left = self.here.engine.podman("ps", "-q", "--filter", f"label=io.podman.compose.project={PROJECT}")
        if left:
            raise Failed("containers are left after down")
        begun = time.monotonic()
        self.here.up()
        until("everything answers", 420, self.here.ready)
        self.took["up again until ready"] = round(time.monotonic() - begun, 1)
        self._same_feeds("down and up")
        self.took["search after down and up"] = self.walk.work_goes_on("a question after the night", 180)
