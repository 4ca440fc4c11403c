"""The bare installation has no extra ``auth``: it starts, offers nothing of it, and says what is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WITHOUT = "import sys; sys.modules.update(dict.fromkeys(('allauth', 'fido2', 'qrcode', 'jwt')))\n"


def bare(code: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run some code in a process in which the extra is not installed."""
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", WITHOUT + code],
        cwd=ROOT,
        env={
            **known,
            "DJANGO_SETTINGS_MODULE": "factcheck.settings",
            "FACTCHECK_DATA": str(tmp_path),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_passes_its_checks_and_has_neither_addresses_nor_tables(tmp_path: Path) -> None:
    done = bare(
        "import django; django.setup()\n"
        "from django.apps import apps\n"
        "from django.core.management import call_command\n"
        "from django.urls import NoReverseMatch, reverse\n"
        "call_command('check')\n"
        "assert not any('allauth' in app.name for app in apps.get_app_configs())\n"
        "assert reverse('login') and reverse('sessions')\n"
        "try:\n    reverse('second-step')\n"
        "except NoReverseMatch:\n    print('not there')\n",
        tmp_path,
    )
    assert "not there" in done.stdout, done.stderr


@pytest.mark.parametrize(
    "asked",
    [{"FACTCHECK_SECOND_FACTOR": "true"}, {"FACTCHECK_SSO_ISSUER": "https://login.example.org"}],
)
def test_asking_for_it_says_what_to_install(asked: dict[str, str], tmp_path: Path) -> None:
    done = bare("from factcheck import settings", tmp_path, **asked)
    assert done.returncode != 0
    assert f"{next(iter(asked))} needs the extra “auth”" in done.stderr


@pytest.mark.parametrize(
    ("issuer", "more", "words"),
    [
        ("http://login.example.org", {}, "must look like https://"),
        ("https://login.example.org", {}, "needs FACTCHECK_SSO_CLIENT_ID"),
        ("https://login.example.org", {"FACTCHECK_SSO_CLIENT_ID": "x"}, "needs FACTCHECK_SSO_CLIENT_ID"),
    ],
)
def test_half_a_provider_is_refused(issuer: str, more: dict[str, str], words: str, tmp_path: Path) -> None:
    code = "import sys; [sys.modules.pop(name) for name in ('allauth', 'fido2', 'qrcode', 'jwt')]\n"
    done = bare(code + "from factcheck import settings", tmp_path, FACTCHECK_SSO_ISSUER=issuer, **more)
    assert done.returncode != 0
    assert words in done.stderr
