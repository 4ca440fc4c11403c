"""What do texts without labels say? Reads them from a folder, a file, or an archive of trees.

A folder gives its ``.txt`` files, an archive (``.tar.xz``) of CoNLL-U its documents as plain text: the ``# text`` of
each sentence, a blank line where a paragraph begins.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

from claims.evaluation.types import BadData


def read_texts(path: Path) -> Iterator[str]:
    """Yield the texts in order of their names; raises BadData where there are none."""
    found = False
    if path.is_dir():
        for file in sorted(path.glob("*.txt")):
            found = True
            yield file.read_text(encoding="utf-8-sig")
    elif path.name.endswith(".tar.xz"):
        with tarfile.open(path) as archive:
            for member in sorted(archive.getmembers(), key=lambda member: member.name):
                data = archive.extractfile(member) if member.name.endswith(".conllu") else None
                if data is not None:
                    found = True
                    yield plain(data.read().decode("utf-8"))
    else:
        found = True
        yield path.read_text(encoding="utf-8-sig")
    if not found:
        raise BadData(f"{path} holds no texts")


def plain(trees: str) -> str:
    """Return the running text of documents in CoNLL-U."""
    paragraphs: list[list[str]] = []
    for line in trees.splitlines():
        if line.startswith(("# newpar", "# newdoc")):
            paragraphs.append([])
        elif line.startswith("# text = "):
            if not paragraphs:
                paragraphs.append([])
            paragraphs[-1].append(line.removeprefix("# text = ").strip())
    return "\n\n".join(" ".join(sentences) for sentences in paragraphs if sentences) + "\n"
