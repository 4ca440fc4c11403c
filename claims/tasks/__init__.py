"""The Celery tasks, one module for each part of the work; importing this room makes all of them known."""

from claims.tasks import bulk, documents, feeds, indexing, mail, maintenance, publishing, search

__all__ = ["bulk", "documents", "feeds", "indexing", "mail", "maintenance", "publishing", "search"]
