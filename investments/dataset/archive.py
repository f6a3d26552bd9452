"""The published package as one zip file, made piece by piece as it is sent: neither a file nor the whole is ever held."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zipfile import ZIP64_LIMIT, ZIP_DEFLATED, ZipFile, ZipInfo

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Max

from investments.dataset.export import description_text, one_snapshot, texts
from investments.dataset.format import FILES, File
from investments.models import DataChange

# Pieces are sent on once they are this large, in bytes.
PIECE = 1 << 16
LICENCE = """The facts of this package may be used under the Creative Commons Attribution 4.0 International licence (CC BY 4.0):
https://creativecommons.org/licenses/by/4.0/legalcode

You may copy, change and share them, also for money, if you name the source, link to the licence and say what you
changed. A line that does so:

    {name}, announced investment in AI infrastructure, {day}, {homepage}, CC BY 4.0.

The documents that the facts cite (sources.csv) belong to their publishers and are not part of the package.
"""
# Citation File Format, https://citation-file-format.github.io/
CITATION = """cff-version: 1.2.0
type: dataset
message: If you use these facts, please cite them as below.
title: Announced investment in AI infrastructure
authors:
  - name: "{name} contributors"
version: "{day}"
date-released: "{day}"
license: CC-BY-4.0
url: "{homepage}"
repository-artifact: "{address}"
"""


def pieces(*, name: str, homepage: str, address: str, db: str = DEFAULT_DB_ALIAS) -> Iterator[bytes]:
    """Yield the zip file of all public facts as they are at one moment.

    ``name`` and ``homepage`` are those of the site, ``address`` is where the package is downloaded. They are read from
    ``db``. The same facts give the same bytes.
    """
    sink: Any = _Sink()
    with one_snapshot(db), ZipFile(sink, "w", ZIP_DEFLATED) as archive:
        changed = DataChange.objects.using(db).aggregate(at=Max("at"))["at"] or datetime(1980, 1, 1, tzinfo=UTC)
        told = {"name": name, "homepage": homepage, "address": address, "day": changed.date().isoformat()}
        about = description_text(
            homepage=homepage, created=changed.isoformat(timespec="seconds"),
            contributors=[{"title": f"{name} contributors", "path": homepage, "role": "author"}],
        )  # fmt: skip
        for path, text in (
            ("datapackage.json", about),
            ("LICENSE.txt", LICENCE.format(**told)),
            ("CITATION.cff", CITATION.format(**told)),
        ):
            archive.writestr(_entry(path, changed), text)
        for file in FILES:
            with archive.open(_entry(file.path, changed), "w", force_zip64=_large(file, db)) as entry:
                for _rows, text in texts(file, public=True, db=db):
                    entry.write(text.encode())
                    yield from sink.taken(PIECE)
    yield from sink.taken()


def _entry(path: str, changed: datetime) -> ZipInfo:
    """Return the head of a file in the archive, dated by the last change of a fact."""
    entry = ZipInfo(path, changed.astimezone(UTC).timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _large(file: File, db: str) -> bool:
    """Say whether a file could pass the limit of the plain format; the larger one is not read by every program."""
    with connections[db].cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size(%s)", [file.table])
        size: int = cursor.fetchone()[0]
    # References are written out as words: no file is four times as large as its table.
    return size > ZIP64_LIMIT // 4


class _Sink:
    """What the zip file is written to: it cannot be sought in, and holds what was not sent on yet."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._size = 0

    def write(self, data: Any) -> int:
        self._held.append(bytes(data))
        self._size += len(data)
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is held is taken."""

    def taken(self, least: int = 0) -> Iterator[bytes]:
        """Yield what is held where it is at least so many bytes, and hold it no longer."""
        if self._held and self._size >= least:
            whole = b"".join(self._held)
            self._held, self._size = [], 0
            yield whole
