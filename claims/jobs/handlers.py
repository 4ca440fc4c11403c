"""Which function does which kind of job, and the one way a job is run, whatever woke us up."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import close_old_connections

from claims.jobs.rows import LEASE, JobRefused, LostJob, MustWait, Running, claim, due, release_ended

log = logging.getLogger(__name__)

Handler = Callable[[Running], None]
_handlers: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the handler of one kind of job; a kind has exactly one."""

    def register(function: Handler) -> Handler:
        if kind in _handlers:
            raise ValueError(f"Two handlers for {kind}.")
        _handlers[kind] = function
        return function

    return register


def kinds() -> frozenset[str]:
    _load()
    return frozenset(_handlers)


def _load() -> None:
    # Handlers live with the actions whose writes they make; importing them registers them.
    from django.utils.module_loading import import_string

    import_string("claims.actions.handlers.load")()


@contextmanager
def _kept_alive(job: Running) -> Iterator[None]:
    """Extend the lease from a thread while the handler computes or waits for the network."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(LEASE.total_seconds() / 3):
            try:
                job.heartbeat()
            except LostJob:
                return
            except Exception:
                log.warning("Heartbeat of job %s failed; trying again.", job.row.pk)
            finally:
                close_old_connections()

    thread = threading.Thread(target=beat, name=f"heartbeat-{job.row.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()


def run(pk: int) -> bool:
    """Run one due job to its end; False where it was not ours to run. Never raises what a handler raised."""
    _load()
    # A broker may hand over again at once what a process left behind when it ended.
    job = claim(pk) or (claim(pk) if release_ended() else None)
    if job is None:
        return False
    handler = _handlers.get(job.row.kind)
    if handler is None:
        job.fail(f"This installation knows no job of the kind “{job.row.kind}”.", final=True)
        return True
    try:
        with _kept_alive(job):
            handler(job)
    except LostJob:
        log.warning("Job %s was taken over; this run leaves no trace.", pk)
    except JobRefused as refusal:
        job.fail(str(refusal), final=True)
    except MustWait as reason:
        log.warning("Job %s (%s) waits: %s", pk, job.row.kind, reason)
        job.wait(str(reason))
    except Exception as error:
        log.exception("Job %s (%s) failed", pk, job.row.kind)
        job.fail(f"{type(error).__name__}: {error}", final=False)
    return True


def drain(limit: int = 1000) -> int:
    """Run due rows in this process until none is left; what most tests use instead of a worker."""
    done = 0
    while done < limit:
        ids = due()
        if not ids:
            return done
        progressed = False
        for pk in ids:
            progressed |= run(pk)
            done += 1
        if not progressed:
            return done
    raise RuntimeError(f"More than {limit} jobs were due; one of them queues itself for ever.")
