"""Where the labelled development sets lie beside the project, and an honest skip where they do not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared_path(relative: str) -> Path:
    """Return the path of a shared file or folder, or skip the calling test and say why."""
    base = Path(os.environ.get("FACTCHECK_SHARED", ROOT.parent / "shared"))
    path = base / relative
    if not path.exists():
        pytest.skip(f"shared/{relative} is not beside the project")
    return path
