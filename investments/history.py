"""What was changed, by whom, when, from where and why: the history that the database keeps, made readable."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Count, Max, Model

from investments.models import (
    Announcement,
    AnnouncementSource,
    DataCenterProject,
    Deal,
    DealParty,
    DealProject,
    Forecast,
    ForecastDispute,
    Impact,
    Milestone,
    ProjectEnergy,
    ProjectParty,
)

# What belongs to a fact, and the column that names the fact: its history is part of the fact's own.
BELONGING: dict[type[Model], tuple[tuple[type[Model], str], ...]] = {
    Deal: ((DealParty, "deal_id"), (Announcement, "deal_id"), (DealProject, "deal_id")),
    Announcement: ((AnnouncementSource, "announcement_id"),),
    DataCenterProject: tuple((model, "project_id") for model in (ProjectParty, Milestone, Impact, ProjectEnergy)),
    Forecast: ((ForecastDispute, "from_forecast_id"),),
}
# Columns of an event that are not the fact's, and those that say nothing to a reader.
SILENT = ("id", "pgh_id", "pgh_created_at", "pgh_label", "pgh_obj", "pgh_context")
# Events of one kind that a timeline looks at.
LOOKED_AT = 400


@dataclass(frozen=True)
class Difference:
    """One field before and after, as text; empty where there was or is nothing."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One change of one row: ``kind`` is insert, update or delete; ``where`` an address, a command or empty."""

    model: type[Model]
    event: int
    row: int
    kind: str
    at: datetime
    who: str
    where: str
    reason: str
    what: str
    differences: tuple[Difference, ...]


def events_of(model: type[Model]) -> Any:
    """Return the model of a fact's history."""
    return apps.get_model("investments", f"{model.__name__}Event")


def kept_fields(model: type[Model]) -> list[Any]:
    """Return the fields whose values are kept with each change."""
    return [field for field in events_of(model)._meta.concrete_fields if field.name not in SILENT]


def _family(row: Model) -> list[tuple[type[Model], dict[str, Any]]]:
    """Return the kinds of history that belong to a fact, each with the condition on its events."""
    model = type(row)
    own = (model, {"id": row.pk})
    return [own, *((kind, {column: row.pk}) for kind, column in BELONGING.get(model, ()))]


def version_of(row: Model) -> str:
    """Return a text that is another one after each change of a fact or of what belongs to it."""
    parts = []
    for model, condition in _family(row):
        found = events_of(model).objects.filter(**condition).aggregate(last=Max("pgh_id"), number=Count("pgh_id"))
        parts.append(f"{found['last'] or 0}.{found['number']}")
    return "-".join(parts)


def changes_since(row: Model, version: str) -> list[Change]:
    """Return the changes of a fact and of what belongs to it after a version, newest first."""
    seen = marks(row, version)
    return [change for change in timeline(row) if change.event > seen.get(change.model, 0)]


def marks(row: Model, version: str) -> dict[type[Model], int]:
    """Return the last event of each kind that a version knows of."""
    last = [int(part.partition(".")[0]) for part in version.split("-") if part.partition(".")[0].isdigit()]
    return dict(zip([model for model, _condition in _family(row)], last, strict=False))


def values_at(model: type[Model], pk: int, mark: int) -> Model | None:
    """Return a row as it was at an event; None where its history does not reach back that far."""
    event = events_of(model).objects.filter(id=pk, pgh_id__lte=mark).order_by("-pgh_id").first()
    return (
        model(pk=pk, **{field.attname: getattr(event, field.attname) for field in kept_fields(model)})
        if event
        else None
    )


def timeline(row: Model, limit: int = LOOKED_AT) -> list[Change]:
    """Return the changes of a fact and of what belongs to it, newest first."""
    found: list[tuple[type[Model], Any, Any]] = []
    for model, condition in _family(row):
        found += _pairs(model, condition)
    found.sort(key=lambda entry: (entry[1].pgh_created_at, entry[1].pgh_id), reverse=True)
    return _changes(found[:limit])


def recent(models: Iterable[type[Model]], limit: int) -> list[Change]:
    """Return the latest changes of some kinds of fact, newest first."""
    found: list[tuple[type[Model], Any, Any]] = []
    for model in models:
        events = list(events_of(model).objects.select_related("pgh_context").order_by("-pgh_id")[:limit])
        before = _before(model, events)
        found += [(model, event, before.get(event.pgh_id)) for event in events]
    found.sort(key=lambda entry: (entry[1].pgh_created_at, entry[1].pgh_id), reverse=True)
    return _changes(found[:limit])


def _before(model: type[Model], events: list[Any]) -> dict[int, Any]:
    """Return for each event the one before it of the same row."""
    rows = {event.id for event in events}
    ordered = events_of(model).objects.filter(id__in=rows).order_by("-pgh_id")[: LOOKED_AT * 4]
    by_row: dict[int, list[Any]] = defaultdict(list)
    for event in reversed(ordered):
        by_row[event.id].append(event)
    return {later.pgh_id: earlier for chain in by_row.values() for earlier, later in pairwise(chain)}


def _pairs(model: type[Model], condition: dict[str, Any]) -> list[tuple[type[Model], Any, Any]]:
    events = events_of(model).objects.filter(**condition).select_related("pgh_context").order_by("-pgh_id")
    chosen = list(events[:LOOKED_AT])
    before = _before(model, chosen)
    return [(model, event, before.get(event.pgh_id)) for event in chosen]


def _changes(found: list[tuple[type[Model], Any, Any]]) -> list[Change]:
    names = _names(found)
    users = {
        meta["user"]
        for _m, event, _b in found
        if event.pgh_context and (meta := event.pgh_context.metadata).get("user")
    }
    people = {user.pk: user.get_username() for user in get_user_model().objects.filter(pk__in=users)}
    return [_change(model, event, before, names, people) for model, event, before in found]


def _change(model: type[Model], event: Any, before: Any, names: dict, people: dict[int, str]) -> Change:
    meta = event.pgh_context.metadata if event.pgh_context else {}
    kind = event.pgh_label
    differences = []
    for field in kept_fields(model):
        after_text = "" if kind == "delete" else written(field, event, names)
        earlier = event if kind == "delete" else None if kind == "insert" else before
        before_text = written(field, earlier, names) if earlier is not None else ""
        # The first change of a row whose beginning was not kept has nothing to be compared with.
        if before_text != after_text and (kind != "update" or before is not None):
            differences.append(Difference(field.name, str(field.verbose_name), before_text, after_text))
    return Change(
        model=model, event=event.pgh_id, row=event.id, kind=kind, at=event.pgh_created_at,
        who=people.get(meta.get("user") or 0, ""), where=meta.get("url") or meta.get("source") or "",
        reason=meta.get("reason") or "", what=_what(model, event, names), differences=tuple(differences),
    )  # fmt: skip


def _what(model: type[Model], event: Any, names: dict) -> str:
    """Return the words by which a row is known."""
    for name in ("title", "name", "headline", "url", "key"):
        if value := getattr(event, name, ""):
            return str(value)
    parts = [written(field, event, names) for field in kept_fields(model) if field.is_relation or field.choices]
    return ", ".join(part for part in parts if part)


def _names(found: list[tuple[type[Model], Any, Any]]) -> dict[tuple[type[Model], int], str]:
    """Return the names of everything that the events refer to, by one query for each kind."""
    wanted: dict[type[Model], set[int]] = defaultdict(set)
    for model, event, before in found:
        for field in kept_fields(model):
            if field.is_relation:
                wanted[field.related_model] |= {
                    getattr(one, field.attname) for one in (event, before) if one and getattr(one, field.attname)
                }
    return {
        (model, pk): str(row)
        for model, ids in wanted.items()
        for pk, row in model._default_manager.in_bulk(ids).items()
    }


def written(field: Any, event: Any, names: dict[tuple[type[Model], int], str]) -> str:
    """Return a kept value as text."""
    value = getattr(event, field.attname)
    if value in (None, "", []):
        return ""
    if field.is_relation:
        return names.get((field.related_model, value), f"#{value}")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    return ", ".join(value) if isinstance(value, list) else str(value)


@dataclass(frozen=True)
class FigureChange:
    """One change of what the public reads of a deal: ``kind`` is added, changed, taken_back or deal."""

    kind: str
    at: datetime
    what: Any
    reason: str
    differences: tuple[Difference, ...]

    @property
    def moves_figure(self) -> bool:
        """Whether the deal's figure may be another one since."""
        return self.kind != "deal"


FIGURE_FIELDS = ("date", "event", "amount_low", "amount_high", "currency", "basis", "per")
DEAL_FIELDS = ("title", "kind", "stage", "window_start", "window_end")


def public_log(deal: Deal, limit: int = 20) -> list[FigureChange]:
    """Return what changed on a deal's public page, newest first; nothing of drafts, and nobody's name."""
    log: list[FigureChange] = []
    events = events_of(Announcement).objects.filter(deal_id=deal.pk).select_related("pgh_context").order_by("pgh_id")
    before: dict[int, Any] = {}
    for event in events[: LOOKED_AT * 4]:
        earlier = before.get(event.id)
        was = earlier is not None and earlier.review == "published" and earlier.pgh_label != "delete"
        now = event.review == "published" and event.pgh_label != "delete"
        before[event.id] = event
        differences = _differing(Announcement, earlier, event, FIGURE_FIELDS) if was and now else ()
        if was != now or differences:
            kind = "changed" if was and now else "added" if now else "taken_back"
            log.append(FigureChange(kind, event.pgh_created_at, event, _reason(event), differences))
    start = log[0].at if log else None
    chain = list(
        events_of(Deal).objects.filter(id=deal.pk).select_related("pgh_context").order_by("pgh_id")[:LOOKED_AT]
    )
    for earlier, later in pairwise(chain):
        differences = _differing(Deal, earlier, later, DEAL_FIELDS)
        if differences and start and later.pgh_created_at >= start:
            log.append(FigureChange("deal", later.pgh_created_at, later, _reason(later), differences))
    return sorted(log, key=lambda change: change.at, reverse=True)[:limit]


def _reason(event: Any) -> str:
    return (event.pgh_context.metadata.get("reason") or "") if event.pgh_context else ""


def _differing(model: type[Model], before: Any, after: Any, names: tuple[str, ...]) -> tuple[Difference, ...]:
    fields = [field for field in kept_fields(model) if field.name in names]
    pairs = [(field, written(field, before, {}), written(field, after, {})) for field in fields]
    return tuple(Difference(field.name, str(field.verbose_name), old, new) for field, old, new in pairs if old != new)
