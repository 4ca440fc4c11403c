"""The log of what was asked for a claim, in words: every question whole, on its filters, and how it is asked again."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.actions.evidence.own_questions import AskedQuestion
from claims.actions.evidence.search import MANY
from claims.models import Claim, Job, Outlet, SearchHit, SearchRun, User
from claims.models.kept import AskedWords, Kept, kept
from claims.models.together import Asking, answered, at_once, these
from claims.templatetags.desk import figure
from claims.workbench.claim.evidence_board import highlighted

#: So many askings are looked through for the log on the claim's page.
LOOKED_THROUGH = 200
#: So many of the newest lines stand on the claim's page; its dossier has them all.
LOGGED = 30
#: So many jobs are looked through for the one that searches the claim.
JOBS = 20
_UNDER_WAY = (Job.Status.QUEUED, Job.Status.RUNNING)


@dataclass(frozen=True, slots=True)
class LoggedHit:
    """A passage that a question was answered with."""

    hit: SearchHit
    quotation: SafeString
    is_new: bool


@dataclass(frozen=True, slots=True)
class LoggedSearch:
    """One line of the log: what was asked, kept to what, and what is new since it was asked before."""

    run: SearchRun
    asked: AskedQuestion
    #: False where the question quotes a document that this person may not read.
    told: bool
    outlets: Sequence[str] = ()
    new: int | None = None
    gone: int = 0
    before: dt.datetime | None = None
    hits: Sequence[LoggedHit] = ()

    @property
    def outside(self) -> bool:
        return self.run.kind == SearchRun.Kind.OUTSIDE

    @property
    def address(self) -> str:
        """Return where a search outside was made; empty for one of the archive."""
        found = str(self.run.questions[0].get("url", "")) if self.outside and self.told else ""
        return found if found.startswith(("http://", "https://")) else ""

    @property
    def may_repeat(self) -> bool:
        return self.told and not self.outside

    @property
    def filters(self) -> list[str]:
        """Return what the question keeps to, in words."""
        if not self.told:
            return []
        asked, said = self.asked, []
        if self.outlets:
            said.append(_("only %(names)s") % {"names": ", ".join(self.outlets)})
        if asked.since and asked.until:
            said.append(_("published %(since)s to %(until)s") % {"since": asked.since, "until": asked.until})
        elif asked.since:
            said.append(_("published from %(since)s") % {"since": asked.since})
        elif asked.until:
            said.append(_("published to %(until)s") % {"until": asked.until})
        if asked.language:
            said.append(_("language %(code)s") % {"code": asked.language})
        return said

    @property
    def news(self) -> str:
        """Return what is new since the same question was asked before, in words."""
        if self.new is None:
            return ""
        said = ngettext("%(n)d passage is new", "%(n)d passages are new", self.new) % {"n": self.new}
        if self.gone:
            lost = ngettext("%(n)d is not found any more", "%(n)d are not found any more", self.gone)
            said += ", " + lost % {"n": self.gone}
        return said


def logged(
    claim: Claim, user: User, runs: Sequence[SearchRun], *, with_hits: bool = False
) -> list[LoggedSearch]:
    """Return searches of a claim as this person may see them; ``with_hits`` reads what each was answered with.

    Of questions that quote a hidden document this person sees that they were asked, and what was found.
    """
    return answered(_logged(claim, user, runs, _told(claim.pk, user), with_hits=with_hits))


@kept
def _told(claim: int, user: User) -> QuerySet[Any, int]:
    """Ask which searches of a claim quote nothing that is hidden from this person."""
    return SearchRun.objects.visible_to(user).filter(claim=claim).order_by().values_list("pk", flat=True)


def _logged(
    claim: Claim,
    user: User,
    runs: Sequence[SearchRun],
    visible: Kept[int],
    *,
    with_hits: bool = False,
) -> Asking[list[LoggedSearch]]:
    asked = {run.pk: AskedQuestion.from_json(_line(run).get("asked") or {}) for run in runs}
    wanted = {pk for one in asked.values() for pk in one.outlets}
    outlets = _outlets(wanted, user)
    answers = _hits(user, claim.pk, [run.pk for run in runs] if with_hits else [])
    yield [visible, outlets, answers]
    told, names = set(visible), dict(outlets)
    hits: dict[int, list[SearchHit]] = defaultdict(list)
    for one in answers:
        hits[one.run_id].append(one)
    rows = []
    for run in runs:
        since = _line(run).get("since") or {}
        shown = run.pk in told
        if not shown:
            run.questions = [
                {"text": _("(quotes a source shown to named people only)")} for _one in run.questions
            ]
        new = set(since.get("new", ()))
        rows.append(
            LoggedSearch(
                run=run,
                asked=asked[run.pk],
                told=shown,
                outlets=[names.get(pk, _("another outlet")) for pk in asked[run.pk].outlets],
                new=len(new) if since else None,
                gone=int(since.get("gone", 0)),
                before=dt.datetime.fromisoformat(since["at"]) if since.get("at") else None,
                hits=[
                    LoggedHit(
                        hit,
                        highlighted(hit.words, hit.matched, hit.document.language or claim.language),  # type: ignore[attr-defined]  # annotated
                        hit.rank in new,
                    )
                    for hit in hits.get(run.pk, ())
                ],
            )
        )
    return rows


def _line(run: SearchRun) -> dict[str, Any]:
    return dict(run.questions[0]) if run.questions else {}


@kept
def _outlets(wanted: Collection[int], user: User) -> QuerySet[Any, tuple[int, str]]:
    return Outlet.objects.visible_to(user).filter(pk__in=wanted).order_by().values_list("pk", "name")


@kept
def _hits(user: User, claim: int, runs: list[int]) -> QuerySet[SearchHit]:
    return (
        SearchHit.objects.visible_to(user)
        .filter(run__claim=claim, run__in=runs)
        .select_related("document__outlet")
        .annotate(words=Substr("capture__text", F("start") + 1, F("end") - F("start")))
        .order_by("run_id", "rank", "pk")
    )


@dataclass(frozen=True, slots=True)
class SearchPart:
    """What was asked so far, and whether a search is under way."""

    log: Sequence[LoggedSearch]
    running: Job | None
    failed: Job | None
    #: A file sent as evidence that is being read, or could not be.
    reading: Job | None = None

    @property
    def runs(self) -> list[SearchRun]:
        return [line.run for line in self.log]

    @property
    def busy(self) -> bool:
        return self.running is not None or (
            self.reading is not None and self.reading.status != Job.Status.FAILED
        )

    @property
    def sentence(self) -> str:
        """Return the log in one line: how much was asked, searched, in the claim's time, and found."""
        inside = [run for run in self.runs if run.kind != SearchRun.Kind.OUTSIDE]
        if not inside:
            return ""
        questions = sum(len(run.questions) for run in inside)
        newest = inside[0]
        parts = [
            ngettext(
                "%(n)d question to %(passages)s passages",
                "%(n)d questions to %(passages)s passages",
                questions,
            )
            % {"n": questions, "passages": figure(newest.searched)}
        ]
        if newest.in_window is not None:
            parts.append(_("%(n)s of them in the claim's time") % {"n": figure(newest.in_window)})
        hits = sum(run.hits_found for run in inside)
        parts.append(ngettext("%(n)d hit", "%(n)d hits", hits) % {"n": hits})
        return ", ".join(parts)

    @property
    def newest(self) -> SearchRun | None:
        return next((run for run in self.runs if run.kind != SearchRun.Kind.OUTSIDE), None)


def _newest_of_each(runs: Iterable[SearchRun]) -> list[SearchRun]:
    """Return of each question its newest asking, newest first: asked again, it takes the place of its line.

    What was asked before stays in the rows, and on the page of all searches.
    """
    kept: dict[tuple[str, str, str], SearchRun] = {}
    for run in runs:
        line = _line(run)
        text = " ".join(f"{line.get('text', '')} {line.get('where', '')}".casefold().split())
        kept.setdefault((run.kind, str(line.get("key", "")), text), run)
    return list(kept.values())


def search_part(claim: Claim, user: User) -> SearchPart:
    """Gather the newest searches of a claim and the job that is under way."""
    return answered(ask_search_part(claim, user))


@kept
def _searches(claim: int) -> QuerySet[SearchRun]:
    return SearchRun.objects.filter(claim=claim).select_related("asked_by").order_by("-id")[:LOOKED_THROUGH]


@kept
def _search_jobs(subject: str, desk: int) -> QuerySet[Job]:
    """Ask for the searches of one claim, and for those of many that are under way."""
    alone, together = Q(kind="search", subject=subject), Q(kind=MANY, status__in=_UNDER_WAY)
    return Job.objects.filter(alone | together, desk=desk).order_by("-id")[:JOBS]


@kept
def _files(subject: str, desk: int) -> QuerySet[Job]:
    return Job.objects.filter(kind="read", subject=subject, desk=desk).order_by("-id")[:1]


@kept
def _failed_ones(jobs: list[int], user: User) -> QuerySet[Job]:
    return Job.objects.shown_to(user).filter(pk__in=jobs).order_by()


def ask_search_part(claim: Claim, user: User) -> Asking[SearchPart]:
    """Ask for what ``search_part`` returns, beside other parts of a page."""
    subject = AskedWords(f"claim {claim.pk}")
    every, asked = _searches(claim.pk), _search_jobs(subject, claim.desk_id)
    files, visible = _files(subject, claim.desk_id), _told(claim.pk, user)
    yield [every, asked, files, visible]
    # Of the batches that wait or run only those that hold the claim.
    jobs = [job for job in asked if job.kind != MANY or claim.pk in job.arguments.get("claims", ())]
    running = next((job for job in jobs if job.status in _UNDER_WAY), None)
    failed = jobs[0] if jobs and jobs[0].status == Job.Status.FAILED else None
    shown = _failed_ones([failed.pk] if failed is not None else [], user)
    log, _shown = yield from at_once(
        _logged(claim, user, _newest_of_each(every)[:LOGGED], visible), these(shown)
    )
    if failed is not None and not len(shown):
        failed.error = ""
    reading = next(iter(files), None)
    return SearchPart(
        log,
        running,
        failed,
        reading if reading and reading.status != Job.Status.DONE else None,
    )
