"""How are static files named? By their content, so that browsers may keep them for ever."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Files named by their content; the parts of the script name each other so as well."""

    support_js_module_import_aggregation = True
