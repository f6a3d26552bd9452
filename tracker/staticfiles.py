"""How static files are named and compressed."""

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names and compressed copies; a file that was not collected goes by its plain name.

    So pages render before ``collectstatic`` has run, and source maps that vendored scripts name and do not ship
    are no reason to fail.
    """

    manifest_strict = False

    def hashed_name(self, name: str, *args: Any, **options: Any) -> str:
        try:
            return super().hashed_name(name, *args, **options)
        except ValueError:
            return name

    def create_compressor(self, **options: Any) -> Compressor:
        # gzip alone: brotli would hold up the first start for the best part of a minute, for a quarter less to send.
        return Compressor(use_brotli=False, **options)
