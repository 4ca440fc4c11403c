"""What do a claim's page and a verdict's show in the admin? The workbench's, in the admin's frame, with links to rows.

No second rendering: parts, forms and acts are the workbench's, and an act done here leads back here.
"""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.admin.guarded import GuardedAdmin
from claims.admin.scope import person_of
from claims.models import Claim
from claims.models.access import access_claim, access_verdict
from claims.workbench.access import PersonRequest, enter
from claims.workbench.approval.views import second_reading
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


def version_page(owner: GuardedAdmin, request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Render the second reading of one version of a verdict; its forms go to the workbench's addresses."""
    asked = cast(PersonRequest, request)
    claim = in_scope(owner, request, pk)
    verdict = access_verdict(asked.user, number)
    if verdict.claim_id != claim.pk:
        return HttpResponseRedirect(reverse("admin:claims_claim_verdict", args=[verdict.claim_id, number]))
    enter(asked, verdict.desk)
    return second_reading(asked, verdict)
