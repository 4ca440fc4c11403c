"""What does a claim's page in the admin show? The page of the workbench, in the admin's frame, and links to its rows.

No second rendering: parts, forms and acts are the workbench's, and an act done here leads back here.
"""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from claims.admin.guarded import GuardedAdmin
from claims.admin.scope import person_of
from claims.models import Claim
from claims.models.access import access_claim
from claims.workbench.access import PersonRequest, enter
from claims.workbench.claim.views import claim_page


def in_scope(owner: GuardedAdmin, request: HttpRequest, pk: int) -> Claim:
    """Return a claim through both doors: the one of the workbench and the admin's own."""
    if not owner.scoped(Claim.objects.filter(pk=pk), request).exists():
        raise Http404(_("There is nothing here that you may see."))
    return access_claim(person_of(request), pk)


def page(owner: GuardedAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Render one claim, a merged one too: its record stays to be read."""
    asked = cast(PersonRequest, request)
    claim = in_scope(owner, request, pk)
    enter(asked, claim.desk)
    return claim_page(asked, claim, looking=True)
