"""The environment is made with the pip wheel in the project or with uv, from hashed locks, without a registry."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from tests.launch.conftest import ROOT


def make_wheel(folder: Path) -> str:
    """Write a wheel of one module and return its hash."""
    files = {
        "tinything.py": "ANSWER = 42\n",
        "tinything-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tinything\nVersion: 1.0\n",
        "tinything-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = []
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        rows.append(f"{name},sha256={digest},{len(text)}")
    files["tinything-1.0.dist-info/RECORD"] = "\n".join([*rows, "tinything-1.0.dist-info/RECORD,,"]) + "\n"
    path = folder / "tinything-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with locks of one package that lies in a folder; no registry is asked."""
    root = tmp_path / "project"
    shutil.copytree(ROOT / "requirements" / "bootstrap", root / "requirements" / "bootstrap")
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    lock = f"tinything==1.0 --hash=sha256:{make_wheel(wheels)}\n"
    for name in ("base", "dev"):
        (root / "requirements" / f"{name}.lock").write_text(lock + f"# {name}\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    for name in ("VIRTUAL_ENV", "PIP_CERT", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    return root


@pytest.fixture
def without_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin" if not shutil.which("uv", path="/usr/bin:/bin") else "")


def answer(python: Path) -> str:
    command = [python, "-c", "import tinything; print(tinything.ANSWER)"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_pip_from_the_project_installs_where_neither_uv_nor_ensurepip_is(
    project: Path, modules: dict[str, ModuleType], without_uv: None
) -> None:
    python = modules["environment"].ready(project, "base")
    assert answer(python) == "42"
    assert not (python.parent / "pip").exists()


def test_uv_is_used_where_it_is(project: Path, modules: dict[str, ModuleType]) -> None:
    if not shutil.which("uv"):
        pytest.skip("uv is not on the PATH")
    python = modules["environment"].ready(project, "base")
    assert answer(python) == "42"
    assert "uv = " in (python.parent.parent / "pyvenv.cfg").read_text()


def test_a_uv_that_fails_leaves_the_work_to_pip(
    project: Path, modules: dict[str, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "bin"
    fake.mkdir()
    (fake / "uv").write_text("#!/bin/sh\nexit 2\n")
    (fake / "uv").chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake}:/usr/bin:/bin")
    assert answer(modules["environment"].ready(project, "base")) == "42"


def test_a_second_call_installs_nothing(
    project: Path, modules: dict[str, ModuleType], without_uv: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = modules["environment"]
    first = environment.ready(project, "base")

    def refuse(*_arguments: object, **_options: object) -> bool:
        raise AssertionError("something was installed again")

    monkeypatch.setattr(environment, "_run", refuse)
    assert environment.ready(project, "base") == first
    with pytest.raises(AssertionError, match="installed again"):
        environment.ready(project, "dev")


def test_a_changed_lock_is_installed(project: Path, modules: dict[str, ModuleType], without_uv: None) -> None:
    environment = modules["environment"]
    environment.ready(project, "base")
    lock = project / "requirements" / "base.lock"
    lock.write_text(lock.read_text().replace("==1.0", "==2.0"))
    with pytest.raises(environment.SetupFailed, match="could not be installed"):
        environment.ready(project, "base")


def test_a_pip_wheel_of_another_content_is_not_run(
    project: Path, modules: dict[str, ModuleType], without_uv: None
) -> None:
    (wheel,) = (project / "requirements" / "bootstrap").glob("pip-*.whl")
    wheel.write_bytes(wheel.read_bytes() + b" ")
    with pytest.raises(modules["environment"].SetupFailed, match="hash differs"):
        modules["environment"].ready(project, "base")


def test_a_folder_that_cannot_be_written_is_told(
    project: Path, modules: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(modules["environment"].os, "access", lambda *_: False)
    with pytest.raises(
        modules["environment"].SetupFailed, match="is read-only: clone the project into a folder"
    ):
        modules["environment"].ready(project, "base")


def test_uv_is_told_what_pip_is_configured_with(
    project: Path, modules: dict[str, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured = tmp_path / "pip.conf"
    configured.write_text("[global]\nindex-url = https://registry.example/simple\ncert = /etc/cert.pem\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(configured))
    monkeypatch.setenv("PIP_INDEX_URL", "https://nearer.example/simple")
    settings = modules["environment"]._pip_settings()
    assert settings["index-url"] == "https://nearer.example/simple"
    assert settings["cert"] == "/etc/cert.pem"
