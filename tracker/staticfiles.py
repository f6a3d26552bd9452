"""How static files are named and compressed."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names and compressed copies; a file missing from the manifest gets its plain name.

    Source maps named in vendored scripts are not shipped with them, and that is no reason to fail.
    """

    manifest_strict = False
