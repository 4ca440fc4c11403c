"""The REST API: claims, fact checks and documents of one's own desks; documents can be added.

A key reaches its own desk only, within its scopes; a session reaches the desks where the person works. Every
write is the same action that the pages use.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from claims.actions import base
from claims.actions.documents.intake import (
    Added,
    add_file,
    add_text,
    add_url,
    preview_publication,
    set_publication,
)
from claims.actions.evidence.search import search_again, search_claim
from claims.api.serializers import (
    ClaimSerializer,
    DocumentDetailSerializer,
    DocumentSerializer,
    FactCheckSerializer,
    NewDocumentSerializer,
    PublicationSerializer,
    QuestionSerializer,
    RedatedSerializer,
    SearchRunSerializer,
    SearchUnderWaySerializer,
    StoredSerializer,
)
from claims.models import (
    ApiKey,
    Appearance,
    Claim,
    ClaimTag,
    Desk,
    Document,
    FactCheck,
    Job,
    Review,
    SearchRun,
    Tag,
    User,
)
from claims.models.fields import key_of
from claims.models.panels import awaited_on

_SAFE = ("GET", "HEAD", "OPTIONS")


class InScope(BasePermission):
    """A key may do what its scopes say; a session what its person's roles say."""

    message = "This key does not have the scope that this asks for."

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.user, User) or not request.user.is_active:
            return False
        if not isinstance(request.auth, ApiKey):
            return True
        wanted = ApiKey.Scope.READ if request.method in _SAFE else ApiKey.Scope.WRITE
        return wanted.value in request.auth.scopes


def desks_of(request: Request) -> QuerySet[Desk]:
    """Return the desks this request may read: those where the person works, or the key's own one of them."""
    user = request.user
    assert isinstance(user, User)
    desks = Desk.objects.all()
    if not user.is_superuser:
        desks = desks.filter(memberships__user=user, memberships__role__in=base.ADDERS).distinct()
    if isinstance(request.auth, ApiKey):
        desks = desks.filter(pk=request.auth.desk_id)
    return desks


class DeskView(viewsets.GenericViewSet[Any]):
    """Reads of one's own desks, and refusals of actions as JSON."""

    permission_classes = (InScope,)
    lookup_value_regex = r"\d{1,18}"

    def desks(self) -> QuerySet[Desk]:
        desks = desks_of(self.request)
        slug = self.request.query_params.get("desk", "")
        return desks.filter(slug=slug) if slug else desks

    def person(self) -> User:
        user = self.request.user
        assert isinstance(user, User)
        return user

    def choice(self, name: str, values: list[str]) -> str:
        """Return a filter's value; 400 where it means nothing."""
        value = self.request.query_params.get(name, "")
        if value and value not in values:
            raise ValidationError({name: [f"must be one of {', '.join(values)}"]})
        return value

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, base.Refused):
            return Response({"detail": str(exc)}, status=exc.status)
        return super().handle_exception(exc)


DESK = OpenApiParameter("desk", str, description="Short name of one of your desks.")


@extend_schema_view(
    list=extend_schema(
        parameters=[
            DESK,
            OpenApiParameter("state", str, enum=Review.State.values, description="State of the review."),
            OpenApiParameter("tag", str, description="Name of a tag of the desk."),
        ]
    )
)
class ClaimViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, DeskView):
    """Claims, newest first."""

    serializer_class = ClaimSerializer
    queryset = Claim.objects.none()

    def get_queryset(self) -> QuerySet[Claim]:
        user = self.person()
        rows = Claim.objects.visible_to(user).filter(desk__in=self.desks()).select_related("claimant", "desk")
        state = self.choice("state", Review.State.values)
        if state:
            rows = rows.filter(reviews__state=state).distinct()
        tag = self.request.query_params.get("tag", "").replace("\x00", " ")
        if tag:
            named = Tag.objects.standing().filter(desk__in=self.desks(), name_key=key_of(tag)).order_by()
            held = ClaimTag.objects.not_kept_from(user).filter(tag__in=named)
            rows = rows.filter(pk__in=held.order_by().values("claim"))
        reviews = Review.objects.select_related("assignee")
        places = Appearance.objects.filter(triage=Appearance.Triage.ACCEPTED).visible_to(user)
        accepted = Appearance.objects.filter(claim=OuterRef("pk"), triage=Appearance.Triage.ACCEPTED)
        counted = accepted.order_by().values("claim").annotate(n=Count("pk")).values("n")
        rows = rows.annotate(places_made=Coalesce(Subquery(counted), 0))
        rows = rows.annotate(kept_apart=awaited_on(user, "pk"))
        tagged = Prefetch("tagged", ClaimTag.objects.not_kept_from(user).select_related("tag").order_by("pk"))
        prefetched = (
            tagged,
            Prefetch("reviews", reviews),
            Prefetch("appearances", places, to_attr="places_shown"),
        )
        return rows.prefetch_related(*prefetched).order_by("-id")

    @extend_schema(responses={200: SearchRunSerializer(many=True)}, filters=False)
    @action(detail=True, methods=["get"])
    def searches(self, request: Request, pk: str = "") -> Response:
        """Tell every question that was asked for the claim, whole, newest first."""
        claim = self.get_object()
        runs = SearchRun.objects.visible_to(self.person()).filter(claim=claim).select_related("asked_by")
        page = self.paginate_queryset(runs.order_by("-id"))
        return self.get_paginated_response(SearchRunSerializer(page, many=True).data)

    @extend_schema(request=QuestionSerializer, responses={202: SearchUnderWaySerializer})
    @searches.mapping.post
    def ask(self, request: Request, pk: str = "") -> Response:
        """Ask the archive: with words and filters, or an earlier question again as it was (``again``)."""
        claim = self.get_object()
        sent = QuestionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = dict(sent.validated_data)
        again = values.pop("again")
        with base.gesture("api"):
            if again is not None:
                asked = SearchRun.objects.visible_to(self.person()).filter(claim=claim, pk=again)
                run = asked.select_related("claim", "desk").first()
                if run is None:
                    raise NotFound("This claim has no such question.")
                job = search_again(actor=self.person(), run=run)
            else:
                job = search_claim(actor=self.person(), claim=claim, own_words=values.pop("words"), **values)
        return Response(
            {"job": job.pk, "sentence": "The search is under way."}, status=status.HTTP_202_ACCEPTED
        )


@extend_schema_view(
    list=extend_schema(
        parameters=[
            DESK,
            OpenApiParameter("status", str, enum=FactCheck.Status.values),
            OpenApiParameter("imported", bool, description="Of other publishers, or our own."),
        ]
    )
)
class FactCheckViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, DeskView):
    """Fact checks, own and imported, newest first."""

    serializer_class = FactCheckSerializer
    queryset = FactCheck.objects.none()

    def get_queryset(self) -> QuerySet[FactCheck]:
        rows = FactCheck.objects.filter(desk__in=self.desks()).select_related("latest", "desk")
        if wanted := self.choice("status", FactCheck.Status.values):
            rows = rows.filter(status=wanted)
        if imported := self.choice("imported", ["true", "false"]):
            rows = rows.filter(imported=imported == "true")
        return rows.order_by("-id")


@extend_schema_view(list=extend_schema(parameters=[DESK]))
class DocumentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, DeskView):
    """Documents of the archives one's desks read, newest first; new ones by text or address."""

    serializer_class = DocumentSerializer
    queryset = Document.objects.none()

    def get_serializer_class(self) -> Any:
        return DocumentDetailSerializer if self.action == "retrieve" else DocumentSerializer

    def get_queryset(self) -> QuerySet[Document]:
        user = self.person()
        desks = self.desks()
        # Inside a subquery: a join to the readers of an archive repeats rows.
        shown = Document.objects.filter(Q(archive__desk__in=desks) | Q(archive__readers__in=desks))
        rows = Document.objects.visible_to(user).filter(pk__in=shown.order_by().values("pk"))
        return rows.select_related("archive", "outlet").order_by("-id")

    @extend_schema(
        request=NewDocumentSerializer,
        responses={200: StoredSerializer, 201: StoredSerializer, 202: StoredSerializer},
    )
    def create(self, request: Request) -> Response:
        """Add a text (stored at once), an address (fetched by a job) or a file (read by a job)."""
        sent = NewDocumentSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = dict(sent.validated_data)
        desk = one_desk(request, values.pop("desk"))
        file = values.pop("file")
        user = self.person()
        with base.gesture("api"):
            if values["text"].strip():
                stored = add_text(actor=user, desk=desk, queue=Job.Queue.BULK, **values)
            else:
                answer: Added | Job
                if file is not None:
                    answer = add_file(
                        actor=user,
                        desk=desk,
                        name=file.name or "",
                        data=file.read(),
                        media_type=file.content_type or "",
                    )
                else:
                    answer = add_url(actor=user, desk=desk, url=values["url"], queue=Job.Queue.BULK)
                if isinstance(answer, Job):
                    body = {
                        "outcome": "queued",
                        "sentence": "It is being read." if file is not None else "It is being fetched.",
                        "document": None,
                        "job": answer.pk,
                    }
                    return Response(body, status=status.HTTP_202_ACCEPTED)
                stored = answer
        body = {
            "outcome": stored.outcome,
            "sentence": stored.sentence,
            "document": stored.document.pk,
            "job": None,
        }
        return Response(
            body, status=status.HTTP_200_OK if stored.outcome == "same" else status.HTTP_201_CREATED
        )

    @extend_schema(request=PublicationSerializer, responses={200: RedatedSerializer})
    @action(detail=True, methods=["post"])
    def publication(self, request: Request, pk: str = "") -> Response:
        """Enter, change or remove the publication date; with ``preview`` only say what would change."""
        document = self.get_object()
        sent = PublicationSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        user = request.user
        assert isinstance(user, User)
        value, preview = sent.validated_data["published"], sent.validated_data["preview"]
        if preview:
            redated = preview_publication(actor=user, document=document, value=value)
        else:
            with base.gesture("api"):
                redated = set_publication(actor=user, document=document, value=value)
        body = {
            "document": document.pk,
            "published": value.strip(),
            "written": not preview,
            "changes": [
                {"appearance": one.appearance.pk, "expr": one.expr, "before": one.before, "after": one.after}
                for one in redated.changes
            ],
            "claims": [
                {
                    "claim": one.claim.pk,
                    "name": one.name,
                    "before": one.before,
                    "after": one.after,
                    "kept": one.kept,
                }
                for one in redated.claims
            ],
        }
        return Response(RedatedSerializer(body).data)


def one_desk(request: Request, slug: str) -> Desk:
    """Return the desk of a short name, or the only one of who asks; refuse where that is unclear."""
    desks = list((desks_of(request).filter(slug=slug) if slug else desks_of(request)).order_by("pk")[:2])
    if not desks:
        if slug:
            raise NotFound("There is no such desk that you work at.")
        raise PermissionDenied("You work at no desk.")
    if len(desks) > 1:
        raise ValidationError({"desk": ["You work at several desks: say which one."]})
    return desks[0]


def _stored(
    outcome: str, sentence: str, *, document: int | None = None, job: int | None = None
) -> dict[str, Any]:
    return {"outcome": outcome, "sentence": sentence, "document": document, "job": job}
