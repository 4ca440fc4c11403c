"""What REST clients read of claims, fact checks and documents, and what they may send."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.models import Appearance, Archive, Capture, Claim, Desk, Document, FactCheck, Review, SearchRun


class AppearanceSerializer(serializers.ModelSerializer[Appearance]):
    class Meta:
        model = Appearance
        fields = [
            "id",
            "document",
            "capture",
            "start",
            "end",
            "quotation",
            "locator",
            "attribution",
            "appeared_on",
        ]


class ReviewSerializer(serializers.ModelSerializer[Review]):
    assignee = serializers.StringRelatedField[Any]()

    class Meta:
        model = Review
        fields = [
            "id",
            "number",
            "state",
            "closed_reason",
            "release_kind",
            "assignee",
            "state_at",
            "publish_at",
        ]


class ClaimSerializer(serializers.ModelSerializer[Claim]):
    """One claim as the desk works on it; ``review`` is its newest pass."""

    desk = serializers.SlugRelatedField[Desk](slug_field="slug", read_only=True)
    claimant = serializers.StringRelatedField[Any]()
    review = serializers.SerializerMethodField()
    appearances = serializers.SerializerMethodField()
    appearances_withheld = serializers.SerializerMethodField()
    tags = serializers.SerializerMethodField()
    # Null for whoever owes an opinion on it that is formed apart.
    articles_found = serializers.IntegerField(read_only=True, allow_null=True)
    origins_found = serializers.IntegerField(read_only=True, allow_null=True)
    primary_found = serializers.IntegerField(read_only=True, allow_null=True)
    in_time_found = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = Claim
        fields = [
            "id", "public_id", "desk", "wording", "checks", "claimant", "made_on", "about", "language",
            "topics", "tags", "score", "due_at", "articles_found", "origins_found", "primary_found", "in_time_found",
            "merged_into", "review", "appearances",
            "appearances_withheld", "created_at", "updated_at",
        ]  # fmt: skip

    def to_representation(self, claim: Claim) -> dict[str, Any]:
        if claim.kept_apart:  # type: ignore[attr-defined]  # annotated
            claim.without_counts()
        told: dict[str, Any] = super().to_representation(claim)
        return told

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_tags(self, claim: Claim) -> list[str]:
        """Tell the desk's own words on it; topics are what readers see."""
        return sorted(row.tag.name for row in claim.tagged.all())

    @extend_schema_field(ReviewSerializer(allow_null=True))
    def get_review(self, claim: Claim) -> Any:
        reviews = list(claim.reviews.all())
        return ReviewSerializer(max(reviews, key=lambda row: row.number)).data if reviews else None

    @extend_schema_field(AppearanceSerializer(many=True))
    def get_appearances(self, claim: Claim) -> Any:
        return AppearanceSerializer(claim.places_shown, many=True).data  # type: ignore[attr-defined]  # fetched with it

    @extend_schema_field(OpenApiTypes.INT)
    def get_appearances_withheld(self, claim: Claim) -> int:
        """Count the places in documents that are shown to others than who asks."""
        return claim.places_made - len(claim.places_shown)  # type: ignore[attr-defined]  # annotated


class FactCheckSerializer(serializers.ModelSerializer[FactCheck]):
    """One fact check, own or imported; ``payload`` is the complete public content of its latest release."""

    desk = serializers.SlugRelatedField[Desk](slug_field="slug", read_only=True)
    release = serializers.SerializerMethodField()
    payload = serializers.SerializerMethodField()

    class Meta:
        model = FactCheck
        fields = [
            "id", "public_id", "desk", "claim", "status", "imported", "publisher", "url", "claim_text",
            "claimant_name", "rating_label", "finding", "language", "first_published_at", "modified_at",
            "release", "payload",
        ]  # fmt: skip

    @extend_schema_field(OpenApiTypes.INT)
    def get_release(self, check: FactCheck) -> int | None:
        return check.latest.number if check.latest else None

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_payload(self, check: FactCheck) -> Any:
        return check.latest.payload if check.latest else None


class DocumentSerializer(serializers.ModelSerializer[Document]):
    """One document of the archive; its text is in the detail view only."""

    archive = serializers.SlugRelatedField[Archive](slug_field="slug", read_only=True)
    outlet = serializers.StringRelatedField[Any]()

    class Meta:
        model = Document
        fields = [
            "id", "archive", "kind", "url", "title", "outlet", "authors", "language", "published",
            "published_source", "captures_made", "created_at", "updated_at",
        ]  # fmt: skip


class CaptureSerializer(serializers.ModelSerializer[Capture]):
    class Meta:
        model = Capture
        fields = [
            "id", "number", "final_url", "media_type", "title", "language", "text", "text_hash", "characters",
            "published", "published_source", "notes", "created_at",
        ]  # fmt: skip


class DocumentDetailSerializer(DocumentSerializer):
    """One document with its newest capture."""

    capture = serializers.SerializerMethodField()

    class Meta(DocumentSerializer.Meta):
        fields = [*DocumentSerializer.Meta.fields, "capture"]

    @extend_schema_field(CaptureSerializer(allow_null=True))
    def get_capture(self, document: Document) -> Any:
        newest = document.captures.order_by("-number").first()
        return CaptureSerializer(newest).data if newest else None


class NewDocumentSerializer(serializers.Serializer[Any]):
    """A text, an address to fetch, or a file (as multipart form data): one of the three.

    The title, outlet, authors and day of publication go with a text.
    """

    text = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False, default="")
    url = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")
    title = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")
    outlet = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
    authors = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")
    published = serializers.CharField(required=False, allow_blank=True, max_length=40, default="")
    file = serializers.FileField(required=False, allow_null=True, allow_empty_file=True, default=None)
    desk = serializers.SlugField(required=False, default="")

    def validate(self, attrs: Any) -> Any:
        if not attrs["text"].strip() and not attrs["url"].strip() and attrs["file"] is None:
            raise serializers.ValidationError("Send a text, an address to fetch, or a file.")
        if attrs["file"] is not None and attrs["file"].size > settings.BLOB_LIMIT:
            size = settings.BLOB_LIMIT // 1024**2
            raise serializers.ValidationError({"file": [f"The file is larger than {size} MB."]})
        return attrs


class StoredSerializer(serializers.Serializer[Any]):
    """What became of a document: stored or known already, or the job that fetches it."""

    outcome = serializers.CharField()
    sentence = serializers.CharField()
    document = serializers.IntegerField(allow_null=True)
    job = serializers.IntegerField(allow_null=True)


class PublicationSerializer(serializers.Serializer[Any]):
    """When a document was published; with ``preview`` nothing is written."""

    published = serializers.CharField(required=True, allow_blank=True, max_length=40)
    preview = serializers.BooleanField(required=False, default=False)


class DateChangeSerializer(serializers.Serializer[Any]):
    """One date that becomes different with the publication date of its article."""

    appearance = serializers.IntegerField()
    expr = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class ClaimDateSerializer(serializers.Serializer[Any]):
    """One date of a claim; ``kept`` says why it stays, and is empty where it follows."""

    claim = serializers.IntegerField()
    name = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)
    kept = serializers.CharField(allow_blank=True)


class RedatedSerializer(serializers.Serializer[Any]):
    """What a publication date changed, or would change where ``written`` is false."""

    document = serializers.IntegerField()
    published = serializers.CharField(allow_blank=True)
    written = serializers.BooleanField()
    changes = DateChangeSerializer(many=True)
    claims = ClaimDateSerializer(many=True)


class QuestionSerializer(serializers.Serializer[Any]):
    """A question for the archive: the claim's own words where none are given, kept to what the filters say."""

    words = serializers.CharField(
        required=False, allow_blank=True, max_length=1000, default="",
        help_text="Words, exact “phrases” in quotation marks, and -words to leave out.",
    )  # fmt: skip
    outlets = serializers.ListField(
        child=serializers.CharField(max_length=253), required=False, default=list, max_length=50,
        help_text="Names, sites or ids of outlets.",
    )  # fmt: skip
    since = serializers.CharField(required=False, allow_blank=True, max_length=40, default="")
    until = serializers.CharField(required=False, allow_blank=True, max_length=40, default="")
    language = serializers.CharField(required=False, allow_blank=True, max_length=10, default="")
    again = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=2**63 - 1,
        help_text="The id of an earlier search of this claim, asked again as it was; the rest is not read then.",
    )  # fmt: skip


class SearchUnderWaySerializer(serializers.Serializer[Any]):
    job = serializers.IntegerField()
    sentence = serializers.CharField()


class SearchRunSerializer(serializers.ModelSerializer[SearchRun]):
    """One line of the search log; ``questions`` hold everything that is needed to ask again."""

    asked_by = serializers.StringRelatedField[Any]()
    #: As plain words: a third set of values of one name would get a made-up one in the schema.
    kind = serializers.CharField(read_only=True)

    class Meta:
        model = SearchRun
        fields = [
            "id", "kind", "asked_by", "questions", "engine", "index_stamp", "searched", "in_window",
            "window_earliest", "window_latest", "hits_found", "outcome", "note", "created_at",
        ]  # fmt: skip
