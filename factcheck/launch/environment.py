"""Make the project's own Python environment with uv or pip, whatever this machine has.

Standard library only: nothing is installed yet when this runs. The locks carry versions and hashes; the
address of a package registry comes from the machine's own pip configuration.
"""

from __future__ import annotations

import configparser
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path


class SetupFailed(Exception):
    """The environment cannot be made; the message is one sentence for a person."""


def ready(root: Path, lock: str) -> Path:
    """Return the environment's Python after installing what ``requirements/<lock>.lock`` names.

    A stamp makes the second call free. An environment with more in it (dev over base) is good enough.
    """
    folder = root / ".venv"
    python = folder / "bin" / "python"
    wanted = {name: _digest(root / "requirements" / f"{name}.lock") for name in ("base", "dev")}
    accepted = {f"{name} {wanted[name]}" for name in ({"base", "dev"} if lock == "base" else {lock})}
    stamp = folder / "factcheck-stamp"
    try:
        standing = stamp.read_text(encoding="ascii").strip()
    except OSError:
        standing = ""
    if standing in accepted and _works(python):
        return python
    if standing.startswith("dev "):
        # Who has tested here once keeps the tools when the locks change.
        lock = "dev"
    print(f"Setting up the environment ({lock}) …", file=sys.stderr, flush=True)
    if not os.access(root, os.W_OK):
        raise SetupFailed(f"The folder {root} is read-only: clone the project into a folder you own.")
    if not _works(python):
        if folder.exists() and not folder.is_dir():
            raise SetupFailed(f"{folder} should be a folder and is not: move it away, then start again.")
        shutil.rmtree(folder, ignore_errors=True)
    path = root / "requirements" / f"{lock}.lock"
    uv = shutil.which("uv")
    if not (uv and _with_uv(uv, folder, path)):
        _with_pip(root, folder, path)
    if not _works(python):
        raise SetupFailed(
            "The environment was made but its Python does not start: remove .venv and try again, on a disk from"
            " which programs may be run (not mounted noexec)."
        )
    stamp.write_text(f"{lock} {wanted[lock]}\n", encoding="ascii")
    return python


def _digest(path: Path) -> str:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return hashlib.sha256(path.read_bytes() + version.encode()).hexdigest()


def _works(python: Path) -> bool:
    if not python.exists():
        return False
    try:
        done = subprocess.run([python, "-c", ""], capture_output=True, check=False)  # noqa: S603
    except OSError:  # not executable, or on a disk from which nothing may be run
        return False
    return done.returncode == 0


def _run(command: list[str], env: dict[str, str] | None = None) -> bool:
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)  # noqa: S603
    if done.returncode and "No space left on device" in done.stderr:
        raise SetupFailed("The disk is full: make room for the packages (300 MB), then start again.")
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)
    return done.returncode == 0


def _with_uv(uv: str, folder: Path, lock: Path) -> bool:
    """Install with uv, handing it what pip is configured with; False lets pip try."""
    env = dict(os.environ)
    settings = _pip_settings()
    options: list[str] = []
    if settings.get("index-url"):
        env.setdefault("UV_DEFAULT_INDEX", settings["index-url"])
    if settings.get("extra-index-url"):
        env.setdefault("UV_INDEX", settings["extra-index-url"])
    for place in settings.get("find-links", "").split():
        options += ["--find-links", place]
    if settings.get("cert"):
        env.setdefault("SSL_CERT_FILE", settings["cert"])
    env["VIRTUAL_ENV"] = str(folder)
    made = folder.exists() or _run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], env)
    return made and _run(
        [
            *(uv, "pip", "sync", "--quiet", "--python", str(folder / "bin" / "python")),
            *("--require-hashes", "--only-binary", ":all:", *options, str(lock)),
        ],
        env,
    )


def _with_pip(root: Path, folder: Path, lock: Path) -> None:
    """Install with pip from the wheel that lies in the project: no ensurepip, no pip of the system needed."""
    wheels = sorted((root / "requirements" / "bootstrap").glob("pip-*.whl"))
    sums = (root / "requirements" / "bootstrap" / "SHA256SUMS").read_text(encoding="ascii")
    if not wheels or hashlib.sha256(wheels[-1].read_bytes()).hexdigest() not in sums:
        raise SetupFailed(
            "requirements/bootstrap/ lacks the pip wheel or its hash differs: clone the project again."
        )
    if not folder.exists() and not _run([sys.executable, "-m", "venv", "--without-pip", str(folder)]):
        raise SetupFailed(
            "This Python cannot make virtual environments; on Debian: apt-get install python3-venv."
        )
    env = dict(os.environ, PYTHONPATH=str(wheels[-1]), PIP_DISABLE_PIP_VERSION_CHECK="1")
    installed = _run(
        [
            *(str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"),
            *("--require-hashes", "--only-binary", ":all:", "-r", str(lock)),
        ],
        env,
    )
    if not installed:
        raise SetupFailed(
            "The packages could not be installed: check that this machine reaches its package registry, then try again."
        )


def _pip_settings() -> dict[str, str]:
    """Return pip's own settings from its files and PIP_* variables, the latter winning."""
    home = Path.home()
    files = [
        Path("/etc/pip.conf"),
        Path(os.environ.get("XDG_CONFIG_HOME", home / ".config")) / "pip" / "pip.conf",
        home / ".pip" / "pip.conf",
    ]
    if os.environ.get("PIP_CONFIG_FILE"):
        files.append(Path(os.environ["PIP_CONFIG_FILE"]))
    found: dict[str, str] = {}
    parser = configparser.ConfigParser(interpolation=None)
    for path in files:
        try:
            parser.read(path, encoding="utf-8")
        except configparser.Error:
            continue
    for section in ("global", "install"):
        if parser.has_section(section):
            found.update(parser[section])
    for name in ("index-url", "extra-index-url", "find-links", "cert"):
        value = os.environ.get("PIP_" + name.upper().replace("-", "_"))
        if value:
            found[name] = value
    return found
