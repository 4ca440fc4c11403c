"""Look an installation over from inside: run commands, send requests to its pages, print what came of them.

Run by ``manage.py shell -c`` with ``COMMANDS`` (lists of words) and ``REQUESTS`` (a list of
``{"path", "session"?, "person"?, "key"?, "post"?}``) set before; one process, because each start costs a second.
"""

import io
import json
import logging
import sys

from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from claims.models import User

logging.disable(logging.ERROR)


def run(words):
    """Run one command and return what it printed, and the sentence it ended with."""
    out = io.StringIO()
    try:
        call_command(*words, stdout=out, stderr=io.StringIO())
    except CommandError as trouble:
        return {"out": out.getvalue(), "trouble": str(trouble)}
    return {"out": out.getvalue(), "trouble": ""}


def ask(wanted):
    """Send one request and return the whole answer."""
    client = Client(raise_request_exception=False)
    if "session" in wanted:
        client.cookies[settings.SESSION_COOKIE_NAME] = wanted["session"]
    if "person" in wanted:
        client.force_login(User.objects.get(email=wanted["person"]))
    headers = {"host": "127.0.0.1"}
    if "key" in wanted:
        headers["authorization"] = f"Bearer {wanted['key']}"
    if "post" in wanted:
        response = client.post(wanted["path"], wanted["post"], headers=headers)
    else:
        response = client.get(wanted["path"], headers=headers)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return {
        "path": wanted["path"],
        "status": response.status_code,
        "body": body.decode("utf-8", "backslashreplace"),
        "to": response.headers.get("Location", ""),
    }


commands = [run(words) for words in json.loads(COMMANDS)]  # noqa: F821  # set by who runs this
answers = [ask(wanted) for wanted in json.loads(REQUESTS)]  # noqa: F821  # likewise
json.dump({"commands": commands, "answers": answers}, sys.stdout)
