"""The settings page names every variable, and a wrong one stops the start with its name."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from factcheck import settings

ROOT = Path(settings.BASE_DIR)


def test_the_reference_names_every_setting_with_its_purpose() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| \w+ \| [^|]+ \| (.+) \|$", page, re.MULTILINE))
    assert rows == {name: purpose for name, (_kind, _default, purpose) in settings.SPEC.items()}


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"FACTCHECK_SITE_URL": "desk.example.org"}, "FACTCHECK_SITE_URL must look like"),
        (
            {"FACTCHECK_SITE_URL": "https://desk.example.org", "FACTCHECK_DEBUG": "1"},
            "FACTCHECK_DEBUG shows secrets",
        ),
        ({"FACTCHECK_SECRET_KEY": "short"}, "at least 40 characters"),
        ({"FACTCHECK_TEXT_LIMIT": "many"}, "FACTCHECK_TEXT_LIMIT must be a int"),
        ({"FACTCHECK_TEXT_LIMIT": "0"}, "FACTCHECK_TEXT_LIMIT must be greater than 0"),
        ({"FACTCHECK_TRUSTED_PROXIES": "10.0.0.0/8,proxy"}, "FACTCHECK_TRUSTED_PROXIES must be networks"),
        ({"FACTCHECK_TRUSTED_PROXIES": "10.0.0.1/8"}, "FACTCHECK_TRUSTED_PROXIES must be networks"),
        (
            {"FACTCHECK_FETCH_ALLOW": "intranet.example"},
            "FACTCHECK_FETCH_ALLOW: “intranet.example” is no host:port",
        ),
        (
            {"FACTCHECK_FETCH_ALLOW": "a.example:80,b.example:0"},
            "FACTCHECK_FETCH_ALLOW: “b.example:0” is no host:port",
        ),
        ({"FACTCHECK_FETCH_ALLOW": "fd12::5:443"}, "FACTCHECK_FETCH_ALLOW: “fd12::5:443” is no host:port"),
        ({"FACTCHECK_FETCH_ALLOW": "bad host:80"}, "FACTCHECK_FETCH_ALLOW: “bad host:80” is no host:port"),
        ({"DATABASE_URL": "mysql://u@127.0.0.1/x"}, "DATABASE_URL must be postgres"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(variables: dict[str, str], sentence: str, tmp_path: Path) -> None:
    env = {
        **os.environ,
        "FACTCHECK_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "factcheck.settings",
        **variables,
    }
    code = "from django.conf import settings; settings.DEBUG"
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert sentence in done.stderr


def test_the_generated_key_is_the_owners_alone_and_stays(tmp_path: Path) -> None:
    from factcheck.secret import installation_key

    path = tmp_path / "data" / "secret-key"
    key = installation_key(path)
    assert len(key) >= 50
    assert path.stat().st_mode & 0o777 == 0o600
    assert installation_key(path) == key
