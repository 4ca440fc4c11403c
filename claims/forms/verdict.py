"""What is typed into the verdict editor, and how it becomes the data of an action.

Nothing is required here: what a verdict lacks is said by the review policy, all of it at once. A draft keeps
whatever was typed, valid or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from claims.actions.claims.changes import edit_wording
from claims.actions.review.drafts import ask_base_verdict, ask_draft_of
from claims.actions.review.verdict_text import BYLINE, HEADLINE, VerdictData
from claims.actions.review.verdicts import submit_verdict
from claims.forms.fields import LineField, Prose
from claims.models import Point, Rating, Release, Review, User, Verdict
from claims.models.kept import kept
from claims.models.together import Asking, at_once
from claims.vocabulary import Finding

REVISION_KINDS = [
    (Release.Kind.MINOR.value, _("Minor edit: a typo or a link, nothing a reader relied on")),
    (Release.Kind.CLARIFICATION.value, _("Clarification: the same finding, said more clearly")),
    (Release.Kind.CORRECTION.value, _("Correction: something published was wrong")),
    (Release.Kind.UPDATE.value, _("Update: something new became known")),
]
TEXTS = ("wording", "headline", "short_answer", "justification", "not_found", "byline", "public_note")
POINT_PARTS = ("point_question", "point_answer", "point_finding")


class RatingField(forms.ModelChoiceField):
    """A label of the desk's current scale; ``kept`` is one of an older scale that a change may keep."""

    def __init__(self, *, review: Review, kept: int | None) -> None:
        ratings = Rating.objects.filter(scale__desk_id=review.desk_id, scale__is_current=True)
        if kept is not None:
            ratings = ratings | Rating.objects.filter(pk=kept, scale__desk_id=review.desk_id)
        super().__init__(
            queryset=ratings.select_related("scale").order_by("-scale__version", "position", "pk"),
            required=False,
            label=_("Rating"),
            widget=forms.RadioSelect,
            empty_label=None,
        )

    @property
    def offered(self) -> QuerySet[Rating]:
        """Return what it offers, to be read with other rows of a page."""
        assert self.queryset is not None
        return self.queryset


@kept
def _points(verdicts: list[int]) -> QuerySet[Point]:
    return Point.objects.filter(verdict__in=verdicts).order_by("number", "pk")


class VerdictForm(forms.Form):
    """One verdict version as it is written; ``points`` come as three parallel lists."""

    wording = Prose(rows=2, label=_("The claim as it is checked"))
    headline = LineField(
        max_length=HEADLINE, label=_("Headline"), help_text=_("What the check found, in one line.")
    )
    short_answer = Prose(
        rows=3, label=_("Short answer"), help_text=_("Two or three sentences that stand alone.")
    )
    justification = Prose(
        rows=12,
        label=_("Justification"),
        help_text=_("Markdown. Cite evidence with [e:12]; typing [ offers what is cited."),
    )
    not_found = Prose(
        rows=2,
        label=_("What is not known, or was searched and not found"),
        help_text=_("The public reads this sentence; figures of the search stay here."),
    )
    byline = LineField(max_length=BYLINE, label=_("Byline"))
    release_kind = forms.ChoiceField(
        choices=REVISION_KINDS, required=False, label=_("What kind of change is this?")
    )
    public_note = Prose(rows=2, label=_("Note to the readers: what changed and why"))

    def __init__(
        self,
        *args: Any,
        review: Review,
        user: User | None = None,
        kept_rating: int | None = None,
        ratings: RatingField | None = None,
        confirmable: bool = False,
        **kwargs: Any,
    ) -> None:
        """Make the form; ``confirmable`` adds the box that confirms a wording nobody has confirmed yet.

        ``ratings`` is the field of ratings where what it offers was read already.
        """
        super().__init__(*args, **kwargs)
        self.review = review
        self.user = user
        self.fields["rating"] = ratings or RatingField(review=review, kept=kept_rating)
        if confirmable and review.claim.wording_confirmed_at is None:
            self.fields["confirm_wording"] = forms.BooleanField(
                required=False, label=_("The wording is right: one sentence that stands alone")
            )
        if review.release_kind == Release.Kind.FIRST:
            del self.fields["release_kind"], self.fields["public_note"]
        self.order_fields(
            ["wording", "headline", "rating", "short_answer", "justification", "not_found", "byline"]
        )

    @classmethod
    def ask_for_review(cls, review: Review, user: User, **kwargs: Any) -> Asking[VerdictForm]:
        """Ask for the form with the person's draft in it, else the version it goes on from, else the claim.

        The ratings it offers are asked for with it, beside other parts of a page.
        """
        source, draft = yield from at_once(ask_base_verdict(review), ask_draft_of(review, user))
        points = _points([source.pk] if source is not None and draft is None else [])
        ratings = RatingField(review=review, kept=source.rating_id if source else None)
        yield [points, ratings.offered]
        if draft is not None:
            data = VerdictData.from_dict(draft.data)
        elif source is not None:
            data = VerdictData.from_verdict(source, points)
        else:
            data = VerdictData(wording=review.claim.wording, byline=user.byline)
        initial = typed_initial(data)
        if review.release_kind != Release.Kind.FIRST:
            # A fresh pass begins with what the correction was opened as, not with the last release's kind.
            initial["release_kind"] = (draft.data.get("release_kind") if draft else "") or review.release_kind
            initial["public_note"] = (draft.data.get("public_note") if draft else "") or review.public_note
        form = cls(
            review=review,
            user=user,
            ratings=ratings,
            initial=initial,
            **kwargs,
        )
        form.draft_version = draft.version if draft else 0
        form.draft_at = draft.updated_at if draft else None
        return form

    draft_version: int = 0
    draft_at: Any = None

    @property
    def points(self) -> list[dict[str, str]]:
        """Return the points as they stand in the form, for rendering."""
        rows = typed_points(self.data) if self.is_bound else self.initial.get("points", ())
        return [{"question": q, "answer": a, "finding": f} for q, a, f in rows]

    @property
    def findings(self) -> list[tuple[str, Any]]:
        return list(Finding.choices)

    def submit(self, *, actor: User) -> Verdict:
        """Hand the verdict in, with the confirmation of its wording where that box was ticked."""
        with transaction.atomic():
            if self.cleaned_data.get("confirm_wording"):
                wording = self.cleaned_data["wording"] or self.review.claim.wording
                edit_wording(actor=actor, claim=self.review.claim, wording=wording)
            return submit_verdict(actor=actor, review=self.review, data=self.verdict_data())

    def verdict_data(self) -> VerdictData:
        """Return what was typed as the action takes it; call after ``is_valid()``."""
        clean = self.cleaned_data
        rating = clean.get("rating")
        return VerdictData(
            **self._texts(),
            rating_id=rating.pk if rating else None,
            points=typed_points(self.data),
            release_kind=clean.get("release_kind") or self.review.release_kind,
        )

    def _texts(self) -> dict[str, Any]:
        return {name: str(self.cleaned_data.get(name) or "") for name in TEXTS}


def typed_initial(data: VerdictData) -> dict[str, Any]:
    """Return the initial values of the form for stored data."""
    return {
        **{name: getattr(data, name) for name in TEXTS},
        "rating": data.rating_id,
        "points": data.points,
        "release_kind": data.release_kind,
    }


def typed_points(data: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Return the points of a submitted form, rows without any words left out."""
    columns = [_list(data, name) for name in POINT_PARTS]
    length = max((len(column) for column in columns), default=0)
    padded = [column + [""] * (length - len(column)) for column in columns]
    rows = zip(*padded, strict=True)
    return tuple((q, a, f) for q, a, f in rows if q.strip() or a.strip())


def typed_draft(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a submitted form says as a draft, valid or not: no typed word is lost to a refusal."""
    rating = str(data.get("rating") or "")
    return {
        **{name: str(data.get(name) or "") for name in TEXTS if name in data},
        "rating_id": int(rating) if rating.isdecimal() and len(rating) < 19 else None,
        "points": [list(point) for point in typed_points(data)],
        "release_kind": str(data.get("release_kind") or "first"),
    }


def _list(data: Mapping[str, Any], name: str) -> list[str]:
    if isinstance(data, QueryDict):
        return [str(value) for value in data.getlist(name)]
    found = data.get(name) or []
    return [found] if isinstance(found, str) else [str(value) for value in found]
