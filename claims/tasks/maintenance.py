"""The work of upkeep: the tick that finds what is due, and the purge of what has grown old."""

from __future__ import annotations

from celery import shared_task

from claims.actions.desk import purge as purging
from claims.actions.desk.mail import due_digests
from claims.actions.documents import origins
from claims.actions.evidence import meaning as meaning_of_passages
from claims.actions.evidence import new_sources, reading_ahead, recounting, vectors
from claims.actions.feeds.managing import due_feeds
from claims.actions.indexing import repairing
from claims.actions.publishing.schedule import due_by_time
from claims.actions.review.panels import end_by_time
from claims.actions.triage import resemblance
from claims.jobs import rows, wakeup
from claims.jobs.kinds import TICK
from claims.jobs.rows import Running
from claims.tasks.base import fresh_connection, job_task


@shared_task(name=TICK, ignore_result=True, soft_time_limit=50, time_limit=60)
def tick() -> None:
    """Free what ended or hung, queue what has become due by time, hand over every due row once."""
    fresh_connection()
    rows.release_ended()
    rows.release_lost()
    due_by_time()
    due_feeds()
    due_digests()
    end_by_time()
    purging.purge_by_time()
    origins.regroup_by_time()
    repairing.compare_by_time()
    vectors.embed_by_time()
    resemblance.resemble_by_time()
    reading_ahead.read_ahead_by_time()
    meaning_of_passages.meaning_by_time()
    new_sources.match_by_time()
    wakeup.hand_over_all()


@job_task("purge", soft_time_limit=290, time_limit=300, max_retries=2)
def purge(job: Running) -> None:
    """Delete what is older than the installation keeps it."""
    purging.purge(job)


@job_task("recount", soft_time_limit=3500, time_limit=3600, max_retries=4)
def recount(job: Running) -> None:
    """Read whom evidence from before an update relies on, and count it again."""
    recounting.recount(job)


@job_task("regroup", soft_time_limit=290, time_limit=300, max_retries=2)
def regroup(job: Running) -> None:
    """Compare documents whose origins were found by an older release."""
    origins.regroup(job)


@job_task("compare", soft_time_limit=3500, time_limit=3600, max_retries=2)
def compare(job: Running) -> None:
    """Compare the index with the rows, and have put right what differs."""
    repairing.compare_and_repair(job)


@job_task("embed", soft_time_limit=1700, time_limit=1800, max_retries=4)
def embed(job: Running) -> None:
    """Make the vectors of earlier checks that are missing."""
    vectors.run_embed(job)


@job_task("resemble", soft_time_limit=290, time_limit=300, max_retries=4)
def resemble(job: Running) -> None:
    """Read what claims and suggestions say, and note which are alike."""
    resemblance.run_resemble(job)


@job_task("read_ahead", soft_time_limit=290, time_limit=300, max_retries=4)
def read_ahead(job: Running) -> None:
    """Read passages of archives by meaning before anybody asks for them."""
    reading_ahead.run_read_ahead(job)


@job_task("meaning", soft_time_limit=290, time_limit=300, max_retries=4)
def meaning(job: Running) -> None:
    """Read what passages of archives mean, for desks that find them so."""
    meaning_of_passages.run_meaning(job)
