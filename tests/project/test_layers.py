"""The layers hold, and importing the pipeline or the web application pulls in nothing heavy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def test_no_room_imports_upwards() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("claims.splitting", {"numpy", "django", "py3langid", "trafilatura"}),
        (
            "factcheck.wsgi",
            {"numpy", "py3langid", "trafilatura", "pypdf", "tantivy", "elasticsearch", "celery.app.trace"},
        ),
    ],
)
def test_importing_stays_light(module: str, heavy: set[str], tmp_path: Path) -> None:
    code = f"import sys, {module}; print(sorted(set(sys.modules) & {heavy!r}))"
    env = {**os.environ, "FACTCHECK_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "factcheck.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_no_lock_names_an_address() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index-url" not in text
        assert "--find-links" not in text
