"""What people of a desk say to each other, for programs: notes on claims, passages and articles, and blind opinions.

Who reads what is asked as on the pages: a note of who sees what it hangs on, an opinion of its reader alone until its
panel has ended. A key writes as the person it belongs to.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from claims.actions import base
from claims.actions.discussion.notes import edit_note, withdraw_note, write_note
from claims.actions.review.panels import give_opinion
from claims.api.views import DESK, DeskView, one_desk
from claims.models import Claim, Desk, DeskNote, Document, Evidence, Opinion, Panel, Rating
from claims.models.fields import row_number


class NoteSerializer(serializers.ModelSerializer[DeskNote]):
    """One note as it stands; a withdrawn one has no words."""

    desk = serializers.SlugRelatedField[Desk](slug_field="slug", read_only=True)
    author = serializers.StringRelatedField[Any]()
    mentions = serializers.SerializerMethodField()

    class Meta:
        model = DeskNote
        fields = [
            "id", "desk", "author", "claim", "evidence", "document", "quotation", "text", "mentions", "told",
            "version", "created_at", "edited_at", "withdrawn_at",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.ListField(child=serializers.IntegerField())))
    def get_mentions(self, note: DeskNote) -> Any:
        """Tell whom the text names: [start, end, person], in code points of the text."""
        return note.mentions


_ID: dict[str, Any] = {
    "required": False,
    "allow_null": True,
    "default": None,
    "min_value": 1,
    "max_value": 2**63 - 1,
}


class NewNoteSerializer(serializers.Serializer[Any]):
    """A note on a claim, on a piece of its evidence, or on an article (then ``desk`` is whose discussion)."""

    text = serializers.CharField(max_length=5_000, trim_whitespace=False)
    quotation = serializers.CharField(required=False, allow_blank=True, max_length=1_000, default="")
    claim = serializers.IntegerField(**_ID)
    evidence = serializers.IntegerField(**_ID)
    document = serializers.IntegerField(**_ID)
    desk = serializers.SlugField(required=False, default="")
    tell = serializers.ListField(
        child=serializers.IntegerField(), required=False, default=list, max_length=200
    )

    def validate(self, attrs: Any) -> Any:
        if sum(attrs[name] is not None for name in ("claim", "evidence", "document")) != 1:
            raise serializers.ValidationError(
                "Say what it is about: a claim, evidence, or a document; one of them."
            )
        return attrs


class ChangedNoteSerializer(serializers.Serializer[Any]):
    """Other words for one's own note; ``version`` is the one they were written from."""

    text = serializers.CharField(max_length=5_000, trim_whitespace=False)
    tell = serializers.ListField(
        child=serializers.IntegerField(), required=False, default=list, max_length=200
    )
    version = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1)


@extend_schema_view(
    list=extend_schema(
        parameters=[
            DESK,
            OpenApiParameter("claim", int, description="Of this claim and its passages."),
            OpenApiParameter("document", int, description="Of this article."),
        ]
    )
)
class NoteViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, DeskView):
    """Notes that people of a desk wrote to each other, newest first."""

    serializer_class = NoteSerializer
    queryset = DeskNote.objects.none()

    def get_queryset(self) -> QuerySet[DeskNote]:
        rows = DeskNote.objects.visible_to(self.person()).filter(desk__in=self.desks())
        for name in ("claim", "document"):
            wanted = self.request.query_params.get(name, "")
            if wanted:
                number = row_number(wanted)
                if number is None:
                    raise ValidationError({name: ["must be a number"]})
                rows = rows.filter(**{name: number})
        return rows.select_related("desk", "author").order_by("-id")

    @extend_schema(request=NewNoteSerializer, responses={201: NoteSerializer})
    def create(self, request: Request) -> Response:
        """Write a note; who is named in it must see what it is about, and is told."""
        sent = NewNoteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = dict(sent.validated_data)
        slug = values.pop("desk")
        about: dict[str, Any] = {}
        for name, model in (("claim", Claim), ("evidence", Evidence), ("document", Document)):
            pk = values.pop(name)
            if pk is not None:
                about[name] = self._about(model, name, pk)
        if "document" in about:
            about["desk"] = one_desk(request, slug)
        with base.gesture("api"):
            note = write_note(actor=self.person(), **about, **values)
        return Response(NoteSerializer(note).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ChangedNoteSerializer, responses={200: NoteSerializer})
    def partial_update(self, request: Request, pk: str = "") -> Response:
        """Change one's own note; what it said before is kept."""
        note = self.get_object()
        sent = ChangedNoteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        said = sent.validated_data
        with base.gesture("api"):
            note = edit_note(
                actor=self.person(), note=note, text=said["text"], tell=said["tell"],
                expected_version=said["version"],
            )  # fmt: skip
        return Response(NoteSerializer(note).data)

    @extend_schema(responses={200: NoteSerializer})
    def destroy(self, request: Request, pk: str = "") -> Response:
        """Withdraw one's own note: its place stays, its words go."""
        with base.gesture("api"):
            note = withdraw_note(actor=self.person(), note=self.get_object())
        return Response(NoteSerializer(note).data)

    def _about(self, model: Any, name: str, pk: int) -> Any:
        rows = model.objects.visible_to(self.person())
        if model is not Document:
            rows = rows.filter(desk__in=self.desks()).select_related("desk")
        found = rows.filter(pk=pk).first()
        if found is None:
            raise ValidationError({name: ["There is nothing here that you may see."]})
        return found


class OpinionSerializer(serializers.ModelSerializer[Opinion]):
    """What one reader finds: one's own, and everybody's once the panel has ended."""

    reader = serializers.StringRelatedField[Any]()
    rating = serializers.CharField(source="rating.label", default=None, read_only=True)
    finding = serializers.CharField(source="rating.finding", default=None, read_only=True)

    class Meta:
        model = Opinion
        fields = [
            "id",
            "reader",
            "rating",
            "finding",
            "reason",
            "given_at",
            "declined_at",
            "had_seen",
            "set_aside",
            "version",
        ]


class PanelSerializer(serializers.ModelSerializer[Panel]):
    """One panel; ``opinions`` are those that who asks may read, ``asked`` counts all."""

    desk = serializers.SlugRelatedField[Desk](slug_field="slug", read_only=True)
    claim = serializers.IntegerField(source="review.claim_id", read_only=True)
    asked_by = serializers.StringRelatedField[Any]()
    outcome = serializers.CharField(read_only=True)
    rating = serializers.CharField(source="rating.label", default=None, read_only=True)
    ratings = serializers.SerializerMethodField()
    asked = serializers.SerializerMethodField()
    opinions = OpinionSerializer(many=True, source="read_by_person", read_only=True)

    class Meta:
        model = Panel
        fields = [
            "id", "desk", "claim", "review", "asked_by", "words", "needed", "asked", "due_at", "closed_at", "outcome",
            "rating", "ratings", "opinions", "created_at",
        ]  # fmt: skip

    @extend_schema_field(OpenApiTypes.INT)
    def get_asked(self, panel: Panel) -> int:
        return len(panel.opinions.all())

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_ratings(self, panel: Panel) -> Any:
        """Tell the labels to choose from."""
        return [{"id": one.pk, "label": one.label} for one in panel.scale.ratings.all()]


class NewOpinionSerializer(serializers.Serializer[Any]):
    """What one finds: a rating of the panel's scale by its id, and what it rests on."""

    rating = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    reason = serializers.CharField(max_length=5_000)
    version = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1)


@extend_schema_view(list=extend_schema(parameters=[DESK]))
class PanelViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, DeskView):
    """Panels of opinions formed apart, newest first."""

    serializer_class = PanelSerializer
    queryset = Panel.objects.none()

    def get_queryset(self) -> QuerySet[Panel]:
        rows = Panel.objects.visible_to(self.person()).filter(desk__in=self.desks())
        seen = Opinion.objects.visible_to(self.person()).select_related("reader", "rating").order_by("id")
        return (
            rows.select_related("desk", "review", "asked_by", "rating", "scale")
            .prefetch_related(
                "opinions", "scale__ratings", Prefetch("opinions", seen, to_attr="read_by_person")
            )
            .order_by("-id")
        )

    @extend_schema(request=NewOpinionSerializer, responses={200: OpinionSerializer})
    @action(detail=True, methods=["post"])
    def opinion(self, request: Request, pk: str = "") -> Response:
        """Give one's opinion, or change it as long as nobody could read it."""
        panel = self.get_object()
        sent = NewOpinionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        said = sent.validated_data
        rating = Rating.objects.filter(scale=panel.scale, pk=said["rating"]).first()
        if rating is None:
            raise ValidationError({"rating": ["Choose one of the panel's ratings."]})
        with base.gesture("api"):
            given = give_opinion(
                actor=self.person(), panel=panel, rating=rating, reason=said["reason"],
                expected_version=said["version"],
            )  # fmt: skip
        return Response(OpinionSerializer(given).data)
