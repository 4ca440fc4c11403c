"""The project: settings, URLs, the WSGI and Celery applications."""
