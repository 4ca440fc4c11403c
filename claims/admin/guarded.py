"""What every admin here shares: nothing is added, changed or deleted, and nothing of another desk is seen.

Lists are fast on big tables: newest first by id, counted up to a cap only, long columns left in the database,
searched by indexed columns or by the engine, never by looking through texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from claims.admin.scope import desks_of, person_of, works_anywhere
from claims.models import AuditEvent, User
from claims.models.event_words import door_in_words, event_in_words
from claims.models.fields import key_of, row_number
from claims.models.together import read

#: What the site registers, filled by ``shown``.
ADMINS: dict[type[Model], type[GuardedAdmin]] = {}
COUNTED = 1_000
_LONG = 100
#: What was read of the rows that a row leads to is kept there while its page is made.
_READ = "_others_of_admin"
_Admin = TypeVar("_Admin", bound="type[GuardedAdmin]")


def shown(model: type[Model]) -> Callable[[_Admin], _Admin]:
    """Put an admin class on the site. ``admin.register`` would ask for the site while it is being made."""

    def keep(admin_class: _Admin) -> _Admin:
        ADMINS[model] = admin_class
        return admin_class

    return keep


# Neither base is subscriptable at run time.
class CappedPaginator(Paginator):
    """Counts no further than the cap: a list is narrowed by filters and search, not by its hundredth page."""

    @cached_property
    def count(self) -> int:
        return self._counted[0]

    @property
    def capped(self) -> bool:
        return self._counted[1]

    @cached_property
    def _counted(self) -> tuple[int, bool]:
        rows = self.object_list
        assert isinstance(rows, QuerySet)
        found = rows.order_by().values("pk")[: COUNTED + 1].count()
        return min(found, COUNTED), found > COUNTED


#: More digits than the largest whole number of a column has: some databases refuse to be asked for one.
_TOO_LARGE = re.compile(r"\d{19}")


class GuardedList(ChangeList):
    """Sorts by what a column's head offers: a typed ``?o=`` is no way round ``sortable_by``."""

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        """Return what the address asks for; what no column can hold is asked for wrongly."""
        asked: dict[str, Any] = super().get_filters_params(params)
        if any(_TOO_LARGE.search(str(value)) for values in asked.values() for value in values):
            raise IncorrectLookupParameters
        return asked

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        """Return the rows of the list, without their long columns."""
        rows: QuerySet[Any] = super().get_queryset(request, exclude_parameters)
        owner = self.model_admin
        deferred = owner.deferred if isinstance(owner, GuardedAdmin) else ()
        return rows.defer(*deferred) if deferred else rows

    def get_ordering_field(self, field_name: Any) -> Any:
        offered = self.sortable_by is None or field_name in self.sortable_by
        return super().get_ordering_field(field_name) if offered else None


class GuardedAdmin(admin.ModelAdmin):
    """A read-only view of one model for the people of its desk."""

    #: Lookup from a row to its desk; None where the class scopes its rows itself.
    desk_path: str | None = "desk"
    #: Lookups by which the search box finds rows, besides their number; those of ``…_key`` columns get the
    #: folded words.
    finds: tuple[str, ...] = ()
    #: Long columns that lists leave in the database.
    deferred: tuple[str, ...] = ()
    #: Whether rows are kept from people of whom a blind opinion is awaited, administrators included.
    keeps_blind: bool = False
    #: Columns never shown.
    secret: tuple[str, ...] = ()
    #: (words, model, lookup): links to the rows that hang on this one.
    related: tuple[tuple[Any, str, str], ...] = ()

    actions: Any = None
    ordering = ("-id",)
    sortable_by = ()
    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = CappedPaginator
    view_on_site = False
    admin_site: Any
    change_list_template = "admin/guarded_list.html"
    change_form_template = "admin/guarded_form.html"

    # Who may do what

    def has_module_permission(self, request: HttpRequest) -> bool:
        return works_anywhere(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return works_anywhere(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # Which rows

    def scoped(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """Return the rows of this person's desks, as far as the documents they hang on are shown to them."""
        user = person_of(request)
        if user.is_superuser:
            # What is kept from whoever gives a blind opinion is kept from everybody who does.
            blind: Any = rows
            return blind.visible_to(user) if self.keeps_blind else rows
        if self.desk_path is not None:
            rows = rows.filter(_at_desks(self.model, self.desk_path, desks_of(request)))
        return rows.visible_to(user) if hasattr(rows, "visible_to") else rows

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = self.scoped(self.model._default_manager.all(), request)
        # A row names what it belongs to, on its own page as in the list.
        named = self.list_select_related
        return rows.select_related(*named) if isinstance(named, tuple) and named else rows

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the row, or 404: whether it is another desk's or nobody's is not told apart."""
        row = super().get_object(request, object_id, from_field)
        if row is None:
            raise Http404(_t("There is nothing here that you may see."))
        return row

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return GuardedList

    # Searching

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        # Only whether there are any matters to Django here: ``find`` does the searching.
        return ("pk", *self.finds)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        words = " ".join(search_term.split())
        return (self.find(request, queryset, words), False) if words else (queryset, False)

    def find(self, request: HttpRequest, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        """Return the rows these words name, by number or indexed column."""
        wanted = Q(pk__in=[])
        if (number := row_number(words)) is not None:
            wanted |= Q(pk=number)
        for lookup in self.finds:
            column = lookup.split("__")[-2] if "__" in lookup else lookup
            wanted |= Q(**{lookup: key_of(words) if column.endswith("_key") else words})
        return rows.filter(wanted)

    # What one row shows

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        columns: list[Any] = []
        for column in self.opts.get_fields():
            if column.name in self.secret or (column.auto_created and not column.concrete):
                continue
            if isinstance(column, models.JSONField | models.TextField):
                columns.append(_long(column))
            elif isinstance(column, models.ForeignKey | models.ManyToManyField):
                columns.append(_linked(self, request, column))
            else:
                columns.append(column.name)
        return [*columns, self.hanging_on] if self.related else columns

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return self.get_readonly_fields(request, obj)

    @admin.display(description=_("See also"))
    def hanging_on(self, row: Any) -> SafeString:
        """Link to the lists of what hangs on this row."""
        links = []
        for words, model, lookup in self.related:
            address = reverse(f"admin:claims_{model}_changelist")
            links.append((f"{address}?{lookup}={row.pk}", words))
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

    def events_about(self, request: HttpRequest, row: Any) -> QuerySet[AuditEvent]:
        """Return what the log says about a row, as far as this person may know."""
        about = AuditEvent.objects.about(self.opts.model_name or "", row.pk)
        return about & AuditEvent.objects.visible_to(person_of(request))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what the audit log says about this row; the admin's own log knows nothing here."""
        row = self.get_object(request, object_id)
        if not self.has_view_permission(request, row):
            raise Http404
        events = self.events_about(request, row)
        context = {
            **self.admin_site.each_context(request),
            "title": _t("History of %(row)s") % {"row": row},
            "opts": self.opts,
            "object": row,
            "events": told(list(events.order_by("-id")[:200])),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/history.html", context)


def _at_desks(model: type[models.Model], path: str, desks: tuple[int, ...]) -> Q:
    """Return the condition that rows are of these desks; over another table it is asked of each row alone.

    Few rows hang on many: joined, a database begins at all of the desk's reviews or verdicts.
    """
    first, _dot, rest = path.partition("__")
    if not rest:
        return Q(**{f"{path}__in": desks})
    between = model._meta.get_field(first).related_model
    assert isinstance(between, type)
    return Q(Exists(between._default_manager.filter(pk=OuterRef(first), **{f"{rest}__in": desks}).order_by()))


def _linked(
    owner: GuardedAdmin, request: HttpRequest, column: models.Field[Any, Any]
) -> Callable[[Any], SafeString | str]:
    """Return how a column that leads to other rows is shown: those that this person sees, with a link."""

    @admin.display(description=column.verbose_name)
    def linked(row: Any) -> SafeString | str:
        model = column.related_model
        assert isinstance(model, type)
        ids, found = _others(owner, request, row)[column.name]
        if not ids:
            return "–"
        page = owner.admin_site._registry.get(model)
        parts: list[SafeString | str] = []
        for pk in ids:
            if pk not in found:
                parts.append(_t("(not shown to you)"))
            elif page is None:
                parts.append(str(found[pk]))
            else:
                address = reverse(f"admin:claims_{model._meta.model_name}_change", args=[pk])
                parts.append(format_html('<a href="{}" dir="auto">{}</a>', address, found[pk]))
        return format_html_join(", ", "{}", ((part,) for part in parts))

    return linked


def _others(
    owner: GuardedAdmin, request: HttpRequest, row: Any
) -> dict[str, tuple[list[Any], dict[Any, Any]]]:
    """Return the ids in every column of a row that leads to others, and those that are shown; read at once."""
    kept: dict[str, tuple[list[Any], dict[Any, Any]]] | None = getattr(row, _READ, None)
    if kept is not None:
        return kept
    columns = [
        one for one in owner.opts.get_fields() if isinstance(one, models.ForeignKey | models.ManyToManyField)
    ]
    many = {
        one.name: getattr(row, one.name).order_by().values_list("pk", flat=True)
        for one in columns
        if isinstance(one, models.ManyToManyField)
    }
    read(*many.values())
    ids = {
        one.name: list(many[one.name])
        if one.name in many
        else [value for value in (getattr(row, one.attname),) if value is not None]
        for one in columns
    }
    found = {}
    for one in columns:
        page = owner.admin_site._registry.get(one.related_model)
        rows = page.get_queryset(request) if page is not None else one.related_model._default_manager.all()
        found[one.name] = rows.filter(pk__in=ids[one.name]).order_by()
    read(*found.values())
    kept = {name: (ids[name], {one.pk: one for one in rows}) for name, rows in found.items()}
    setattr(row, _READ, kept)
    return kept


def told(events: list[AuditEvent]) -> list[dict[str, Any]]:
    """Return events with the names of who did them, for a list."""
    rows = User.objects.filter(pk__in={event.actor_id for event in events}).order_by()
    people = dict(rows.values_list("pk", "display_name"))
    return [
        {
            "event": event,
            "what": event_in_words(event.verb),
            "door": door_in_words(event.via),
            "who": people.get(event.actor_id) if event.actor_id else _t("the workbench"),
        }
        for event in events
    ]


def _long(column: models.Field[Any, Any]) -> Callable[[Any], SafeString | str]:
    """Return how a text or a JSON column is shown: whole, with its line ends, in its own direction."""

    @admin.display(description=column.verbose_name)
    def whole(row: Any) -> SafeString | str:
        value = getattr(row, column.attname)
        if value in (None, "", [], {}):
            return "–"
        return preformatted(value)

    return whole


def preformatted(value: Any) -> SafeString:
    """Return a text as it is, and any other value as readable JSON."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2, default=str)
    return format_html('<pre class="whole" dir="auto" tabindex="0">{}</pre>', text)


def brief(name: str, words: Any, *, length: int = _LONG) -> Callable[[Any], str]:
    """Return a list column with the beginning of a long text."""

    @admin.display(description=words)
    def column(row: Any) -> str:
        text = " ".join(str(getattr(row, name)).split())
        return text if len(text) <= length else f"{text[: length - 1]}…"

    return column
