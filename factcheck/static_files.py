"""How are static files named? By their content, so that browsers may keep them for ever."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]  # ships no types

_IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Files named by their content; the parts of our own script name each other so as well.

    Of other people's scripts not every import leads to a file, which Django's own switch for this does not forgive.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("claims/*.js", _IMPORTS))
