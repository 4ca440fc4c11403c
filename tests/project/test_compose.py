"""What the compose file promises before anything runs: limits, closed doors, variables; and a drill that says no."""

from __future__ import annotations

import importlib.util
import re
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
FREE_MEMORY_MB = 400


def megabytes(limit: str) -> int:
    plain = re.sub(r"\$\{\w+:-([^}]+)\}", r"\1", limit)
    assert plain.endswith("m"), f"{limit} is not in megabytes"
    return int(plain[:-1])


def test_all_that_stays_fits_a_machine_of_4_gb() -> None:
    stays = [row for row in SERVICES.values() if row["restart"] == "unless-stopped"]
    assert sum(megabytes(row["mem_limit"]) for row in stays) <= 4096 - FREE_MEMORY_MB


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_can_gain_anything(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert set(service.get("cap_add", [])) <= {"CHOWN"}
    if name not in ("postgres", "elasticsearch"):
        assert service["read_only"] is True


def test_nothing_is_started_on_a_condition_that_engines_read_differently() -> None:
    assert "condition:" not in TEXT
    for name in ("web", "worker", "beat", "prepare"):
        assert SERVICES[name]["command"][:3] == ["python", "-m", "factcheck.wait"], name


def test_only_the_pages_are_published_and_only_to_the_proxy_of_this_machine() -> None:
    assert {name for name, row in SERVICES.items() if "ports" in row} == {"web"}
    assert SERVICES["web"]["ports"] == ["${FACTCHECK_BIND:-127.0.0.1:8000}:8000"]


def test_images_can_be_replaced_and_name_no_host() -> None:
    for name, service in SERVICES.items():
        found = re.fullmatch(r"\$\{\w+:-([a-z0-9:.-]+)\}", service["image"])
        assert found, f"{name}: {service['image']}"


def test_no_password_stands_in_a_command() -> None:
    for name, service in SERVICES.items():
        words = " ".join(service.get("command", []))
        assert not re.search(r"(?<!\$)\$\{\w*(?:PASSWORD|SECRET|TOKEN)", words), name


def test_every_variable_that_must_be_set_is_in_the_example() -> None:
    needed = set(re.findall(r"\$\{(\w+):\?", TEXT))
    example = (ROOT / ".env.example").read_text("utf-8")
    assert needed <= set(re.findall(r"^(\w+)=", example, re.MULTILINE))


@pytest.fixture
def drill(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "argv", ["compose"])
    loader = SourceFileLoader("compose_drill", str(ROOT / ".ci" / "compose"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("signal.alarm", lambda *_: None)
    loader.exec_module(module)
    return module


def test_where_containers_cannot_run_the_drill_says_so(
    drill: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert drill.main() == 75
    assert "DID NOT RUN: it installs packages and makes images, which needs root." in capsys.readouterr().out
