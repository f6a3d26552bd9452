"""Pages by position instead of by number: as fast at a million rows as at the first.

A cursor names the row after which (or before which) a page begins by what it is ordered by and its key, so rows that
come or go meanwhile are neither repeated nor missed.
"""

import base64
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext as _


class BadCursor(ValueError):
    """A text that is no cursor of this list in this order."""

    def __init__(self) -> None:
        super().__init__(_("This is no cursor that a page of this list gave out."))


@dataclass(frozen=True)
class Cursor:
    """A position in an order: the ordering value and the key of a row; ``back`` for the page before it."""

    order: str
    value: Any
    pk: int
    back: bool = False

    def __str__(self) -> str:
        value = self.value if self.value is None else str(self.value)
        text = json.dumps([self.order, value, self.pk, self.back], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str, order: str, rows: QuerySet) -> "Cursor":
        """Read a cursor of ``order`` over ``rows``; raise BadCursor when it is none."""
        try:
            padded = text + "=" * (-len(text) % 4)
            kept, value, pk, back = json.loads(base64.b64decode(padded.encode("ascii"), b"-_", validate=True))
            if kept != order or type(pk) is not int or type(back) is not bool or not 0 <= pk < 2**63:
                raise BadCursor
            return cls(order, _value(order.removeprefix("-"), value, rows), pk, back)
        except (ValueError, TypeError, InvalidOperation, RecursionError) as error:
            raise BadCursor from error


def _value(name: str, text: Any, rows: QuerySet) -> Any:
    """Return an ordering value from its text, in the type that the database orders by."""
    if text is None:
        return None
    if not isinstance(text, str) or "\x00" in text:
        raise BadCursor
    expression = rows.query.annotations.get(name)
    kind = (expression.output_field if expression is not None else _field(rows.model, name)).get_internal_type()
    match kind:
        case "DateField":
            return date.fromisoformat(text)
        case "DecimalField":
            number = Decimal(text)
            if not number.is_finite() or abs(number.adjusted()) > 40:
                raise BadCursor
            return number
        case "PositiveIntegerField" | "IntegerField" | "BigAutoField" | "BigIntegerField":
            return int(text[:20])
        case _:
            return text


def _field(model: type[Model], path: str) -> Any:
    """Return the field at the end of a path such as ``deal__kind``."""
    first, _dunder, rest = path.partition("__")
    try:
        found: Any = model._meta.get_field(first)
    except FieldDoesNotExist as error:
        raise BadCursor from error
    return _field(found.related_model, rest) if rest else found


def take(
    rows: QuerySet, name: str, *, descending: bool, cursor: Cursor | None, size: int, always: bool = False
) -> QuerySet:
    """Return up to ``size`` + 1 rows beyond the cursor, unknown values last; reversed for a cursor that goes back.

    ``always`` says that every row has a value in the field ``name``.
    """
    back = bool(cursor and cursor.back)
    down = descending != back
    field, key = F(name), F("pk")
    if cursor:
        rows = rows.filter(_beyond(name, cursor, down=down, back=back, always=always))
    # Unknown values stand last in reading order, whichever way it is read.
    nulls: dict[str, Any] = {"nulls_first": True} if back else {"nulls_last": True}
    order = (field.desc(**nulls), key.desc()) if down else (field.asc(**nulls), key.asc())
    return rows.order_by(*order)[: size + 1]


def _beyond(name: str, cursor: Cursor, *, down: bool, back: bool, always: bool) -> Q:
    """Return the condition that a row lies beyond the cursor in the direction of reading."""
    past = "lt" if down else "gt"
    ties = Q(**{f"pk__{past}": cursor.pk})
    if cursor.value is None:
        unknown = Q(**{f"{name}__isnull": True}) & ties
        return unknown | Q(**{f"{name}__isnull": False}) if back else unknown
    # The first condition is what an index can follow, the second takes off what ties with the cursor.
    beyond = Q(**{f"{name}__{past}e": cursor.value}) & (~Q(**{name: cursor.value}) | ties)
    return beyond if back or always else beyond | Q(**{f"{name}__isnull": True})
