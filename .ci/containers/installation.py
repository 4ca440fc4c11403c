"""One running copy of docker-compose.yml with a proxy in front: up, down, ended by force, looked at, measured."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import engine as containers
from engine import ROOT, Engine
from visitor import Failed, Page, Visitor
from walk import until

PROJECT = "factcheck-drill"
SERVICES = ("postgres", "redis", "elasticsearch", "web", "worker", "beat")
ONCE = ("prepare", "certificates")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _end_proxy(folder: Path) -> None:
    """End the nginx that an earlier run left in this folder, and no other process."""
    with suppress(OSError, ValueError):
        number = int((folder / "nginx.pid").read_text("ascii"))
        if str(folder).encode() in (Path("/proc") / str(number) / "cmdline").read_bytes():
            os.kill(number, signal.SIGTERM)


class Installation:
    """The project's services under a name of their own, on free ports of loopback."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.folder = Path(tempfile.mkdtemp(prefix="factcheck-drill-"))
        self.published, self.tls, self.plain = free_port(), free_port(), free_port()
        self.site = f"https://localhost:{self.tls}"
        self.token = secrets.token_urlsafe(20)
        self.nginx: subprocess.Popen[bytes] | None = None
        self.secrets = {
            "FACTCHECK_SITE_URL": self.site,
            "FACTCHECK_SECRET_KEY": secrets.token_urlsafe(60),
            "FACTCHECK_METRICS_TOKEN": self.token,
            "FACTCHECK_OUTBOUND": "false",
            "FACTCHECK_NETWORK": "10.213.78.0/24",
            "FACTCHECK_BIND": f"127.0.0.1:{self.published}",
            "FACTCHECK_IMAGE": containers.WORKBENCH,
            "POSTGRES_IMAGE": containers.POSTGRES,
            "REDIS_IMAGE": containers.REDIS,
            "ELASTICSEARCH_IMAGE": containers.ELASTICSEARCH,
            "POSTGRES_PASSWORD": secrets.token_hex(16),
            "REDIS_PASSWORD": secrets.token_hex(16),
            "ELASTIC_PASSWORD": secrets.token_hex(16),
        }

    # The services

    def compose(self, *arguments: str, seconds: float = 300, **changes: str) -> str:
        """Call podman-compose; ``changes`` are variables that differ this time."""
        file = self.folder / ".env"
        file.touch(mode=0o600)
        file.write_text(
            "".join(f"{name}={value}\n" for name, value in {**self.secrets, **changes}.items()), "utf-8"
        )
        done = self.engine.run(
            "podman-compose", "-p", PROJECT, "--env-file", str(file), "-f", str(ROOT / "docker-compose.yml"),
            *arguments,
            seconds=seconds,
        )  # fmt: skip
        return done.stdout

    def name(self, service: str) -> str:
        return f"{PROJECT}_{service}_1"

    def up(self) -> None:
        self.compose("up", "-d")

    def ready(self) -> bool:
        """Tell whether the pages answer through the proxy and everything behind them does."""
        return self.visitor().open("/readyz", seconds=10).status == 200

    def clear_away(self) -> None:
        """End the proxy, remove everything of this project and the secrets."""
        if self.nginx is not None:
            self.nginx.terminate()
            self.nginx.wait(timeout=20)
        with suppress(RuntimeError, subprocess.TimeoutExpired):
            self.compose("down", "-v", "-t", "5")
        self.remove_containers()
        shutil.rmtree(self.folder, ignore_errors=True)

    def remove_containers(self) -> None:
        """Remove containers, volumes and networks of this project, also what an earlier run left."""
        label = f"label=io.podman.compose.project={PROJECT}"
        for ids, remove in (
            (("ps", "-aq", "--filter", label), ("rm", "-f", "-t", "1")),
            (("volume", "ls", "-q", "--filter", label), ("volume", "rm", "-f")),
            (("network", "ls", "-q", "--filter", label), ("network", "rm", "-f")),
        ):
            found = self.engine.podman(*ids, check=False).split()
            if found:
                self.engine.podman(*remove, *found, check=False)
        for folder in Path(tempfile.gettempdir()).glob("factcheck-drill-*"):
            if folder != self.folder:
                _end_proxy(folder)
                shutil.rmtree(folder, ignore_errors=True)

    def manage(self, *arguments: str, check: bool = True, feed: str | None = None) -> str:
        """Run a management command in the web container as an operator does; ``feed`` becomes /tmp/archive.jsonl."""
        web = self.name("web")
        if feed is not None:
            self.engine.podman("exec", "-i", web, "sh", "-c", "cat > /tmp/archive.jsonl", feed=feed)
        done = self.engine.run(
            "podman", "exec", web, "python", "manage.py", *arguments, check=False, seconds=120
        )
        if done.returncode and check:
            raise Failed(f"manage.py {arguments[0]}: {done.stderr.strip()[-600:]}")
        return "" if done.returncode else done.stdout.strip() or "done"

    def process(self, service: str) -> int:
        """Return the first process of a running container, 0 where it does not run."""
        form = "{{.State.Running}} {{.State.Pid}}"
        state = self.engine.podman("inspect", "-f", form, self.name(service), check=False).split()
        return int(state[1]) if state[:1] == ["true"] else 0

    def kill(self, service: str) -> str:
        """End a container's first process at once; return how it came back."""
        before = self.process(service)
        if not before:
            raise Failed(f"{service} does not run")
        os.kill(before, signal.SIGKILL)
        try:
            took = until(f"{service} is started again", 30, lambda: self.process(service) not in (0, before))
        except Failed:
            self.engine.podman("start", self.name(service))
            until(f"{service} runs", 30, lambda: self.process(service))
            return "started by hand"
        return f"came back by itself in {took} s"

    # What is seen from outside

    def visitor(self) -> Visitor:
        return Visitor(self.site, authority=str(self.folder / "proxy.crt"))

    def proxy(self) -> None:
        """Start nginx with the configuration that docs/how-to/production.md recommends."""
        text = (ROOT / "docs" / "how-to" / "production.md").read_text("utf-8")
        found = re.search(r"```nginx\n(.*?)```", text, re.DOTALL)
        if not found:
            raise Failed("production.md has no configuration of nginx")
        site = found[1]
        for old, new in (
            ("listen 80;", f"listen 127.0.0.1:{self.plain};"),
            ("listen 443 ssl http2;", f"listen 127.0.0.1:{self.tls} ssl http2;"),
            ("desk.example.org;", "localhost;"),
            ("/etc/letsencrypt/live/desk.example.org/fullchain.pem", f"{self.folder}/proxy.crt"),
            ("/etc/letsencrypt/live/desk.example.org/privkey.pem", f"{self.folder}/proxy.key"),
            ("127.0.0.1:8000", f"127.0.0.1:{self.published}"),
        ):
            if old not in site:
                raise Failed(f"the configuration of nginx in production.md lacks {old!r}")
            site = site.replace(old, new)
        (self.folder / "site.conf").write_text(site, "utf-8")
        (self.folder / "nginx.conf").write_text(
            f"user www-data; worker_processes 1; pid {self.folder}/nginx.pid; error_log {self.folder}/error.log;\n"
            f"events {{ worker_connections 256; }}\nhttp {{ access_log {self.folder}/access.log;\n"
            + "".join(
                f"{kind}_temp_path {self.folder}/nginx-{kind};\n"
                for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            )
            + f"include {self.folder}/site.conf; }}\n",
            "utf-8",
        )
        self.folder.chmod(0o711)
        self.engine.run(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost", "-keyout", str(self.folder / "proxy.key"),
            "-out", str(self.folder / "proxy.crt"),
        )  # fmt: skip
        self.nginx = subprocess.Popen(
            ["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-g", "daemon off;"],
            stderr=(self.folder / "nginx.err").open("wb"),
        )

    def proxy_holds(self) -> list[str]:
        """Try what the proxy must do; return what was tried, raise Failed at the first that does not hold."""
        tried: list[str] = []

        def check(what: str, holds: object) -> None:
            if not holds:
                raise Failed(f"proxy: {what} does not hold")
            tried.append(what)

        reader = self.visitor()
        page = reader.get("/login/")
        check("HSTS is sent", "max-age" in page.headers.get("Strict-Transport-Security", ""))
        check("cookies are for TLS only", reader.jar and all(cookie.secure for cookie in reader.jar))
        check("plain http is sent to https", self._moved(self.plain, {}))
        check(
            "the published port sends plain http to https", self._moved(self.published, {"Host": "localhost"})
        )
        check("a lie about https changes nothing", self._moved(self.plain, {"X-Forwarded-Proto": "https"}))
        check(
            "a failed sign-in is counted for the visitor's own address",
            self._counted_for().startswith("127."),
        )
        static = next(part for part in re.findall(r'(?:href|src)="(/static/[^"]+\.css)"', page.body.decode()))
        served = Visitor(
            self.site, authority=str(self.folder / "proxy.crt"), headers={"Accept-Encoding": "gzip"}
        ).open(static)
        check("static files are kept for a year", "immutable" in served.headers.get("Cache-Control", ""))
        check("static files are packed", served.headers.get("Content-Encoding") == "gzip")
        check("an upload of 19 MB reaches the workbench", self._upload(19).status not in (413, 502, 504))
        check("an upload of 40 MB is refused by the proxy", self._upload(40).status == 413)
        check("figures are closed without the token", reader.open("/metrics").status == 403)
        asked = Visitor(
            self.site,
            authority=str(self.folder / "proxy.crt"),
            headers={"Authorization": f"Bearer {self.token}"},
        )
        check("figures are open with the token", "factcheck_part_up" in asked.get("/metrics").body.decode())
        check("the state is told in one word", json.loads(reader.get("/readyz").body) == {"ready": True})
        return tried

    def _counted_for(self) -> str:
        """Fail to sign in with a lie about where one comes from; return whom the workbench thinks it was."""
        liar = Visitor(
            self.site, authority=str(self.folder / "proxy.crt"), headers={"X-Forwarded-For": "203.0.113.9"}
        )
        page = liar.get("/login/")
        form = page.form("/login/")
        filled = {"email": "nobody@desk.example", "password": "guessed"}
        data = [(name, value) for name, value in form.fields if name not in filled] + list(filled.items())
        liar.open("/login/", data)
        newest = "from axes.models import AccessFailureLog as A; print(A.objects.latest('id').ip_address)"
        return self.manage("shell", "-v", "0", "-c", newest)

    def _moved(self, port: int, headers: dict[str, str]) -> bool:
        import http.client

        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/login/", headers=headers)
            answer = connection.getresponse()
            return answer.status in (301, 308) and answer.headers.get("Location", "").startswith("https://")
        finally:
            connection.close()

    def _upload(self, megabytes: int) -> Page:
        """Send a body of so many megabytes to the sign-in form, where nothing becomes of it."""
        return self.visitor().open("/login/", [("username", "x" * megabytes * 1_000_000)], seconds=60)

    # What it costs

    def measure(self) -> dict[str, dict[str, object]]:
        """Return memory, limit and health of every service, and megabytes of every volume and image."""
        memory = {service: self._memory(service) for service in SERVICES}
        volumes = {}
        for volume in self.engine.podman("volume", "ls", "-q").split():
            if volume.startswith(f"{PROJECT}_"):
                place = self.engine.podman("volume", "inspect", "-f", "{{.Mountpoint}}", volume)
                size = int(self.engine.run("du", "-sk", place).stdout.split()[0])
                volumes[volume.removeprefix(f"{PROJECT}_")] = round(size / 1024, 1)
        images = {
            image.rsplit("/", 1)[1]: round(
                int(self.engine.podman("image", "inspect", "-f", "{{.Size}}", image)) / 1e6
            )
            for image in (
                containers.WORKBENCH,
                containers.POSTGRES,
                containers.REDIS,
                containers.ELASTICSEARCH,
            )
        }
        return {"memory_mb": memory, "volumes_mb": volumes, "images_mb": images}

    def _memory(self, service: str) -> dict[str, float]:
        """Return what a container's processes hold, without files that the kernel keeps for them."""
        rows = (Path("/proc") / str(self.process(service)) / "cgroup").read_text("ascii").splitlines()
        parts = [row.split(":", 2) for row in rows]
        old = next((path for _id, names, path in parts if "memory" in names.split(",")), "")
        new = next((path for _id, names, path in parts if not names), "")
        group = Path(f"/sys/fs/cgroup/memory{old}") if old else Path(f"/sys/fs/cgroup{new}")
        figures = dict(row.split() for row in (group / "memory.stat").read_text("ascii").splitlines())
        held = int(figures.get("total_rss") or figures.get("anon") or 0)
        limit = (group / ("memory.limit_in_bytes" if old else "memory.max")).read_text("ascii").strip()
        return {"held": round(held / 2**20), "limit": round(int(limit) / 2**20) if limit.isdecimal() else 0}

    def unhealthy(self) -> list[str]:
        """Run the health checks by hand, which only systemd runs by itself, and return who fails them."""
        bad = []
        for service in SERVICES:
            name = self.name(service)
            if (
                self.engine.podman("inspect", "-f", "{{if .Config.Healthcheck}}has{{end}}", name, check=False)
                != "has"
            ):
                continue
            if self.engine.run("podman", "healthcheck", "run", name, check=False).returncode:
                bad.append(service)
        return bad

    def logs(self) -> str:
        """Return the last words of every service, for whoever looks for what went wrong."""
        parts = []
        for service in (*ONCE, *SERVICES):
            done = self.engine.run("podman", "logs", "--tail", "25", self.name(service), check=False)
            parts.append(f"--- {service}\n{(done.stdout + done.stderr).strip()}")
        return "\n".join(parts)
