"""Whom a mention names: the result of resolving it."""

from __future__ import annotations

from dataclasses import dataclass

from claims.language.spans import Span
from claims.splitting.types import ClaimantKind


@dataclass(frozen=True, slots=True)
class NamedClaimant:
    """Whom a mention names.

    ``name`` is empty for an anonymous source ("it is believed"). ``span`` is the mention resolved. ``flags``
    say why a person should look: ``pronoun-unresolved``, ``pronoun-ambiguous``, ``same-surname``,
    ``role-unresolved``, ``vague-source``, ``anonymous-source``, ``issuer-unnamed``, ``recorder-label``.
    """

    name: str
    kind: ClaimantKind
    span: Span | None
    flags: tuple[str, ...] = ()


#: The flag of a claimant that only the recorder's number of a voice tells.
RECORDED = "recorder-label"
ANONYMOUS = NamedClaimant("", ClaimantKind.ANONYMOUS, None, ("anonymous-source",))
