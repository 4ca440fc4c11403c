"""Every verb that an act writes into the log is told in a sentence."""

from __future__ import annotations

import re
from pathlib import Path

from claims.models.event_words import SENTENCES

ACTS = Path(__file__).parents[2] / "claims" / "actions"
#: What looks like a verb and is none.
NONE = {"desk.toml"}


def test_every_verb_of_the_log_has_a_sentence() -> None:
    kinds = {verb.partition(".")[0] for verb in SENTENCES}
    written = {
        verb
        for path in ACTS.rglob("*.py")
        for verb in re.findall(r'"([a-z_]+\.[a-z_]+)"', path.read_text(encoding="utf-8"))
        if verb.partition(".")[0] in kinds
    }
    assert len(written) > 100
    assert written - SENTENCES.keys() - NONE == set()
