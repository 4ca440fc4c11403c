"""Evidence is measured among whole texts, and among passages as an archive has them."""

from __future__ import annotations

import json
from pathlib import Path

from claims.evaluation import evidence

LONG = " ".join(
    f"In year {n} the harbour of Lund took in {n} boats and paid for {n} nets." for n in range(40)
)
TEXTS = {
    "harbour": f"{LONG} The mill pond froze in May.",
    "mill": "The mill was sold to Anna Lindqvist for three crowns after a long quarrel about its wheel.",
    "pond": "A pond froze.",
}


def _set(folder: Path) -> Path:
    claims = [
        {"_id": "1", "text": "The mill pond froze in May"},
        {"_id": "2", "text": "Anna Lindqvist bought the mill"},
    ]
    texts = [{"_id": name, "title": "", "text": text} for name, text in TEXTS.items()]
    for name, rows in (("queries.jsonl", claims), ("corpus.jsonl", texts)):
        (folder / name).write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    (folder / "test.tsv").write_text("query-id\tcorpus-id\tscore\n1\tharbour\t1\n2\tmill\t1\n", "utf-8")
    return folder


def test_a_text_that_is_cut_comes_where_its_best_passage_does(tmp_path: Path) -> None:
    whole, cut = (evidence.run(_set(tmp_path), cut=given).metrics for given in (False, True))
    # What is said once in a long text drowns in it, and stands out in a passage of its own.
    assert (whole["p1"], cut["p1"]) == (0.5, 1.0)
    assert whole["r5"] == cut["r5"] == 1.0
