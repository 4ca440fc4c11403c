"""Can the static files be named by their content, as an installation does it?"""

from __future__ import annotations

import re
from pathlib import Path

from django.contrib.staticfiles.finders import find

from factcheck.static_files import StaticFiles

IMPORTED = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.[./\w-]*\.js)["']""")


def test_our_own_files_are_named_by_their_content(tmp_path: Path) -> None:
    # Scripts that name each other in a ring have no name by content: collecting them never ends.
    storage = StaticFiles(location=str(tmp_path), base_url="/static/")
    source = Path(str(find("claims/app.js"))).parent
    paths = {}
    for path in sorted(source.rglob("*")):
        if path.is_file():
            name = f"claims/{path.relative_to(source).as_posix()}"
            with path.open("rb") as stream:
                storage.save(name, stream)
            paths[name] = (storage, name)
    failed = [name for name, _hashed, done in storage.post_process(paths) if isinstance(done, Exception)]
    assert failed == []
    for name in paths:
        if name.endswith(".js"):
            hashed = (tmp_path / storage.hashed_files[name]).read_text("utf-8")
            for other in IMPORTED.findall(hashed):
                assert re.search(r"\.[0-9a-f]{12}\.js$", other), (name, other)
