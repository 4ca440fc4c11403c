"""By what is a list in the admin narrowed? Filters that offer only what the person may see anyway."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from claims.admin.scope import desks_of, person_of
from claims.models import Claim, Desk, Review
from claims.models.fields import key_of
from claims.vocabulary import Finding

OFFERED = 100
#: Of so many of the newest rows values are offered.
LATELY = 500
#: So many stand as links; of more a name is typed.
LISTED = 20


class ScopedRelatedFilter(admin.RelatedFieldListFilter):
    """Rows of another model, of this person's desks only. The stock filter names those of every desk.

    Few are listed. Of many a name is typed: the browser completes it from the first hundred, and any other is looked
    up as the search box of that model would, by number or by how it begins. No script is needed.
    """

    def __init__(
        self, field: Any, request: HttpRequest, params: Any, model: Any, model_admin: Any, field_path: str
    ) -> None:
        self.named = f"{field_path}__named"
        self._request = request
        super().__init__(field, request, params, model, model_admin, field_path)
        self._related = model_admin.admin_site.get_model_admin(field.related_model)
        typed: Any = self.used_parameters.pop(self.named, None) or [""]
        self.typed = " ".join(str(typed[-1]).split())
        if len(self.lookup_choices) > LISTED:
            self.template = "admin/filter_by_name.html"

    def expected_parameters(self) -> list[str | None]:
        return [*super().expected_parameters(), self.named]

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        related = model_admin.admin_site.get_model_admin(field.related_model)
        rows = related.get_queryset(request).order_by(*field.related_model._meta.ordering)[:OFFERED]
        return [(row.pk, str(row)) for row in rows]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        rows = super().queryset(request, queryset)
        if not self.typed or rows is None:
            return rows
        wanted = {pk for pk, name in self.lookup_choices if key_of(str(name)) == key_of(self.typed)}
        if not wanted:
            seen = self._related.get_queryset(request).order_by()
            wanted = set(self._related.find(request, seen, self.typed).values_list("pk", flat=True)[:OFFERED])
        return rows.filter(**{f"{self.field_path}__in": wanted})

    def choices(self, changelist: Any) -> Any:
        """Return what is listed; of many only what is chosen now and the way back, and what the field needs."""
        if len(self.lookup_choices) <= LISTED:
            return super().choices(changelist)
        names = [name for _pk, name in self.lookup_choices]
        chosen = self.typed or next(
            (name for pk, name in self.lookup_choices if [str(pk)] == (self.lookup_val or [])), ""
        )
        left = changelist.get_filters_params()
        ours = {*self.expected_parameters()}
        return [
            {
                "names": names,
                "typed": chosen,
                "parameter": self.named,
                "kept": [
                    (name, value) for name, values in left.items() if name not in ours for value in values
                ],
                "query_string": changelist.get_query_string(remove=list(filter(None, ours))),
            }
        ]


class _EveryOneNamed:
    """The empty value has a name too, so that its link has one."""

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):  # type: ignore[misc]  # of the filter it is mixed into
            yield {**choice, "display": choice["display"] or _("(none)")}


class LatelyNamedFilter(_EveryOneNamed, admin.AllValuesFieldListFilter):
    """The values of the newest rows, for tables too long to be gone through for all there ever were.

    Others can be asked for in the address.
    """

    def __init__(
        self, field: Any, request: HttpRequest, params: Any, model: Any, model_admin: Any, field_path: str
    ) -> None:
        super().__init__(field, request, params, model, model_admin, field_path)
        newest = model_admin.get_queryset(request).order_by("-pk").values_list(field_path, flat=True)[:LATELY]
        chosen: Any = self.lookup_val or []
        self.lookup_choices: Any = sorted({*newest, *chosen})


class NamedChoicesFilter(_EveryOneNamed, admin.ChoicesFieldListFilter):
    """Every value the column may have."""


class DeskFilter(admin.SimpleListFilter):
    """The desk, for people who work at several."""

    title = _("desk")
    parameter_name = "desk"
    path = "desk"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        desks = Desk.objects.filter(pk__in=desks_of(request)).order_by("name", "pk")[:OFFERED]
        offered = [(str(desk.pk), desk.name) for desk in desks]
        return offered if len(offered) > 1 else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        value = self.value()
        if not value or not value.isdecimal():
            return None
        return queryset.filter(**{self.path: int(value)})


class StateFilter(admin.SimpleListFilter):
    """The state of a claim's newest review."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Review.State.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim] | None:
        value = self.value()
        if value not in Review.State.values:
            return None
        newer = Review.objects.filter(claim=OuterRef("claim"), number__gt=OuterRef("number"))
        newest = Review.objects.filter(~Exists(newer), state=value, desk__in=desks_of(request))
        return queryset.filter(pk__in=newest.values("claim"))


class AssignedFilter(admin.SimpleListFilter):
    """Who works on a claim."""

    title = _("assigned")
    parameter_name = "assigned"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("me", _("to me")), ("somebody", _("to somebody")), ("nobody", _("to nobody"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim] | None:
        open_ones = Review.objects.open().filter(desk__in=desks_of(request))
        match self.value():
            case "me":
                open_ones = open_ones.filter(assignee=person_of(request))
            case "somebody":
                open_ones = open_ones.exclude(assignee=None)
            case "nobody":
                open_ones = open_ones.filter(assignee=None)
            case _other:
                return None
        return queryset.filter(pk__in=open_ones.values("claim"))


class FindingFilter(admin.SimpleListFilter):
    """What the published fact check of a claim found."""

    title = _("published finding")
    parameter_name = "finding"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Finding.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim] | None:
        value = self.value()
        return queryset.filter(factcheck__finding=value) if value in Finding.values else None


def desk_filter(lookup: str) -> type[DeskFilter]:
    """Return a desk filter for rows that reach their desk through another one."""
    return type("DeskFilter", (DeskFilter,), {"path": lookup})


__all__ = [
    "AssignedFilter",
    "DeskFilter",
    "FindingFilter",
    "ScopedRelatedFilter",
    "StateFilter",
    "desk_filter",
]
