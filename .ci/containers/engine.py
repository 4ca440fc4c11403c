"""Containers on a bare Debian machine: tools, images made locally, and the commands that use them.

Answers how to come by images without a registry of images: the base from debootstrap, PostgreSQL and Redis from
Debian's packages, Elasticsearch from what `.ci/elasticsearch` installs and the machine's JDK. Images and the
tools' own storage lie in the cache folder and are used again. Refuses (`CannotRun`) where containers cannot run.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
PACKAGES = {
    "podman": "podman",
    "buildah": "buildah",
    "runc": "runc",
    "debootstrap": "debootstrap",
    "nginx": "nginx-light",
    "/usr/lib/podman/netavark": "netavark",
    "/usr/lib/podman/aardvark-dns": "aardvark-dns",
}
PODMAN_COMPOSE = "podman-compose==1.6.0"
# Rises when what the images are made of changes; the cached ones are then made anew.
EDITION = 1
BASE = f"localhost/factcheck-ci-base:{EDITION}"
SERVICES = f"localhost/factcheck-ci-services:{EDITION}"
POSTGRES = f"localhost/factcheck-ci-postgres:{EDITION}"
REDIS = f"localhost/factcheck-ci-redis:{EDITION}"
ELASTICSEARCH = f"localhost/factcheck-ci-elasticsearch:{EDITION}"
WORKBENCH = "localhost/factcheck-ci-workbench:latest"


class CannotRun(Exception):
    """Containers cannot run on this machine; the message says why."""


def say(words: str) -> None:
    print(f"compose: {words}", flush=True)


def cache_folder() -> Path:
    """Return the folder that `.ci/elasticsearch` uses as well."""
    if os.environ.get("FACTCHECK_CACHE"):
        return Path(os.environ["FACTCHECK_CACHE"])
    if os.geteuid() == 0:
        return Path("/var/cache/factcheck-workbench")
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "factcheck-workbench"


@dataclass
class Engine:
    """podman, buildah and podman-compose with a storage of their own."""

    folder: Path = field(default_factory=lambda: cache_folder() / "compose")
    made: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.environment = {
            **os.environ,
            "CONTAINERS_CONF": str(self.folder / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(self.folder / "storage.conf"),
            "PATH": f"{self.folder / 'venv' / 'bin'}:{os.environ['PATH']}",
        }

    # Commands

    def run(
        self, *command: str, seconds: float = 300, check: bool = True, feed: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command and return what it said; raise with its last words where it failed."""
        done = subprocess.run(
            command,
            env=self.environment,
            input=feed,
            stdin=subprocess.DEVNULL if feed is None else None,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        if check and done.returncode:
            words = (done.stderr.strip() or done.stdout.strip()).splitlines()[-12:]
            raise RuntimeError(
                f"{' '.join(command[:4])} … ended with {done.returncode}:\n" + "\n".join(words)
            )
        return done

    def podman(
        self, *arguments: str, seconds: float = 120, check: bool = True, feed: str | None = None
    ) -> str:
        return self.run("podman", *arguments, seconds=seconds, check=check, feed=feed).stdout.strip()

    def has(self, image: str) -> bool:
        return self.run("podman", "image", "exists", image, check=False).returncode == 0

    # Tools

    def prepare(self) -> None:
        """Install what is missing and see a container run."""
        if os.geteuid() != 0:
            raise CannotRun("it installs packages and makes images, which needs root")
        if not Path("/etc/debian_version").exists():
            raise CannotRun("base images are made with debootstrap, which needs a Debian machine")
        lacking = [
            package
            for tool, package in PACKAGES.items()
            if not (Path(tool).exists() if tool.startswith("/") else shutil.which(tool))
        ]
        if lacking:
            with self.timed("tools"):
                say(f"installing {' '.join(lacking)}")
                self._install(lacking)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._configure()
        if not (self.folder / "venv" / "bin" / "podman-compose").exists():
            try:
                self.run("python3", "-m", "venv", str(self.folder / "venv"))
                self.run(str(self.folder / "venv" / "bin" / "pip"), "install", "-q", PODMAN_COMPOSE)
            except RuntimeError as error:
                raise CannotRun(f"podman-compose cannot be installed: {error}") from error
        self._base()
        try:
            self.podman("run", "--rm", "--network", "none", "--memory", "64m", BASE, "true")
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            raise CannotRun(f"a container does not start: {error}") from error

    def _install(self, packages: list[str]) -> None:
        quiet = ("-y", "-qq", "-o", "Dpkg::Use-Pty=0")
        # The web server must not begin to listen on the machine because a test needs its program.
        with _no_services_start():
            for attempt in range(2):
                done = self.run("apt-get", "install", *quiet, *packages, seconds=600, check=False)
                if done.returncode == 0:
                    return
                if attempt == 0:
                    self.run("apt-get", "update", "-qq", seconds=300, check=False)
        raise CannotRun(f"{' '.join(packages)} cannot be installed: {done.stderr.strip()[-300:]}")

    def _configure(self) -> None:
        # More than the machine allows its own processes is refused where a capability is missing.
        files = min(resource.getrlimit(resource.RLIMIT_NOFILE)[1] & 0xFFFFFFFF, 16384)
        (self.folder / "containers.conf").write_text(
            "[containers]\n"
            f'default_ulimits = ["nofile={files}:{files}", "nproc=4096:4096"]\n'
            'log_driver = "k8s-file"\nlog_size_max = 10485760\n'
            "[engine]\n"
            'runtime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n',
            encoding="ascii",
        )
        (self.folder / "storage.conf").write_text(
            "[storage]\n"
            f'driver = "overlay"\ngraphroot = "{self.folder / "storage"}"\n'
            f'runroot = "/run/factcheck-compose"\n',
            encoding="ascii",
        )

    # Images

    def timed(self, name: str) -> _Timed:
        return _Timed(self.made, name)

    def _base(self) -> None:
        if self.has(BASE):
            return
        say("making the base image with debootstrap (once)")
        site, suite = self._mirror()
        work = Path(tempfile.mkdtemp(prefix="base-", dir=self.folder))
        try:
            with self.timed("base image"):
                included = "--include=python3,python3-venv,ca-certificates"
                self.run(
                    "debootstrap", "--variant=minbase", included, suite, str(work / "root"), site, seconds=900
                )
                self.run(
                    "sh",
                    "-c",
                    'rm -rf "$0"/var/cache/apt/archives/*.deb "$0"/var/lib/apt/lists/*',
                    str(work / "root"),
                )
                self.run(
                    "sh", "-ec", 'tar -C "$0" -cf "$1" . && podman import -q "$1" "$2"',
                    str(work / "root"), str(work / "base.tar"), BASE, seconds=300,
                )  # fmt: skip
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            raise CannotRun(f"no base image can be made: {error}") from error
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _mirror(self) -> tuple[str, str]:
        """Return where this machine takes its own packages from, and its release."""
        suite = self.run("sh", "-c", '. /etc/os-release && echo "$VERSION_CODENAME"').stdout.strip()
        rows = self.run(
            "apt-get",
            "indextargets",
            "--format",
            "$(SITE) $(CODENAME) $(COMPONENT)",
            "Created-By: Packages",
            check=False,
        ).stdout.split("\n")
        for row in rows:
            site, _space, rest = row.partition(" ")
            if rest == f"{suite} main":
                return site, suite
        raise CannotRun(f"apt knows no source for {suite} main")

    def images(self) -> None:
        """Make the images of the services where the cache does not hold them."""
        context = str(HERE)
        for image, file, base, extra in (
            (SERVICES, "services", BASE, []),
            (POSTGRES, "postgres", SERVICES, []),
            (REDIS, "redis", SERVICES, []),
            (ELASTICSEARCH, "elasticsearch", SERVICES, None),
        ):
            if self.has(image):
                continue
            say(f"making the image {image.removeprefix('localhost/')} (once)")
            with self.timed(f"image {file}"):
                options = self._elasticsearch() if extra is None else extra
                self._build(image, f"{context}/Containerfile.{file}", context, BASE=base, options=options)

    def _elasticsearch(self) -> list[str]:
        try:
            found = self.run(str(ROOT / ".ci" / "elasticsearch"), "install", seconds=900).stdout.split("\n")
        except RuntimeError as error:
            raise CannotRun(f"Elasticsearch cannot be installed: {error}") from error
        return ["--build-context", f"server={found[0]}", "--build-context", f"jdk={found[1]}"]

    def workbench(self, *, cached: bool = True) -> None:
        """Build the project's image from its Dockerfile."""
        say("building the workbench's image")
        with self.timed("workbench image"):
            self._build(
                WORKBENCH, str(ROOT / "Dockerfile"), str(ROOT), BASE_IMAGE=BASE,
                options=[*self._pip(), "--layers" if cached else "--no-cache"],
            )  # fmt: skip

    def _build(self, image: str, file: str, context: str, *, options: list[str], **arguments: str) -> None:
        given = [part for name, value in arguments.items() for part in ("--build-arg", f"{name}={value}")]
        self.run(
            "buildah", "bud", "--isolation", "chroot", "-q", *given, *options, "-f", file, "-t", image, context,
            seconds=900,
        )  # fmt: skip

    def _pip(self) -> list[str]:
        """Let pip inside the build go the way it goes on this machine."""
        listed = self.run("python3", "-m", "pip", "config", "list", check=False).stdout
        wanted = ("index-url", "extra-index-url", "trusted-host", "cert", "proxy")
        lines, mounts = ["[global]"], []
        for row in listed.splitlines():
            name, _equals, value = row.partition("=")
            option, value = name.rpartition(".")[2], value.strip("'\"")
            if option in wanted:
                lines.append(f"{option} = {value}")
            if option == "cert":
                mounts += ["--volume", f"{value}:{value}:ro"]
        file = self.folder / "pip.conf"
        file.touch(mode=0o600)
        file.write_text("\n".join(dict.fromkeys(lines)) + "\n", encoding="utf-8")
        return [*dict.fromkeys([f"--volume={file}:/etc/pip.conf:ro"]), *mounts[:2]]


@dataclass
class _Timed:
    """Writes down how many seconds something took."""

    into: dict[str, float]
    name: str

    def __enter__(self) -> None:
        self.begun = time.monotonic()

    def __exit__(self, *_: object) -> None:
        self.into[self.name] = round(time.monotonic() - self.begun, 1)


class _no_services_start:
    """Packages installed meanwhile start no service (Debian asks /usr/sbin/policy-rc.d)."""

    FILE = Path("/usr/sbin/policy-rc.d")

    def __enter__(self) -> None:
        self.ours = not self.FILE.exists()
        if self.ours:
            self.FILE.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
            self.FILE.chmod(0o755)

    def __exit__(self, *_: object) -> None:
        if self.ours:
            self.FILE.unlink(missing_ok=True)
