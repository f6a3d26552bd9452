"""The sites that a query selects, as GeoJSON (RFC 7946): one feature each, streamed."""

import json
from collections.abc import Iterator
from typing import Any

from investments.exports.rows import chunks, json_value, query_of
from investments.resources.base import Resource, StrictFilterSet

# Properties hold every column but these, which are the geometry.
PLACE = ("longitude", "latitude")
# RFC 7946: a place is no more exact than its digits; a feature without a place has no geometry.
FEATURE = """json_build_object('type', 'Feature', 'id', x."c_slug",
    'geometry', CASE WHEN x."c_longitude" IS NOT NULL AND x."c_latitude" IS NOT NULL THEN json_build_object(
        'type', 'Point', 'coordinates', json_build_array(x."c_longitude", x."c_latitude")) END,
    'properties', json_build_object({}))::text"""


def pieces(resource: Resource, filters: StrictFilterSet, envelope: dict[str, Any]) -> Iterator[bytes]:
    """Yield the rows as a FeatureCollection in their order; ``envelope`` stands beside as foreign members."""
    inner, params, db = query_of(resource, filters)
    named = (column for column in resource.written if column.name not in PLACE)
    pairs = ", ".join(f"'{column.name}', {json_value(column)}" for column in named)
    head = json.dumps({"type": "FeatureCollection", **envelope}, ensure_ascii=False)
    yield head[:-1].encode() + b', "features": ['
    between = "\n"
    for chunk in chunks(db, f"SELECT {FEATURE.format(pairs)} FROM ({inner}) x", params):
        yield (between + ",\n".join(text for (text,) in chunk)).encode()
        between = ",\n"
    yield b"\n]}\n"
