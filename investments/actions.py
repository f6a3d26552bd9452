"""Writes over more than one row. Each is one transaction, says who did it, and returns what it made."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Model
from django.utils.text import slugify

from investments.addresses import clean_address, spellings
from investments.choices import Noun, ReviewState
from investments.history import events_of, kept_fields
from investments.models import (
    Announcement,
    AnnouncementSource,
    Company,
    DataCenterProject,
    Deal,
    DealParty,
    Forecast,
    FormerSlug,
    ProjectParty,
    Source,
)
from investments.models.fields import Reviewed

NOUNS: dict[type[Model], Noun] = {
    Company: Noun.COMPANY, Deal: Noun.DEAL, DataCenterProject: Noun.PROJECT, Forecast: Noun.FORECAST,
}  # fmt: skip


class Refused(Exception):
    """An action that the database or the facts do not allow; carries what the database said, or the rows missing."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(code, about)
        self.code = code
        self.about = about


@contextmanager
def done_by(by: Any, reason: str = "") -> Iterator[None]:
    """Keep who acts, and why, with every change made inside, all of which are made or none."""
    said = {"user": by.pk, **({"reason": reason} if reason else {})}
    try:
        with pghistory.context(**said), transaction.atomic():
            yield
    except DatabaseError as error:
        raise Refused("database", str(error).split("\n")[0]) from error


@contextmanager
def on_trial() -> Iterator[None]:
    """Let what is done inside show its effect, and then undo it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class Entry:
    """One announcement as an editor enters it; deal, site and companies may be new, that is, without a number."""

    announcement: Announcement
    deal: Deal | None = None
    project: DataCenterProject | None = None
    parties: list[DealParty] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)


def enter(*, entry: Entry, by: Any, reason: str = "") -> Announcement:
    """Store an announcement with whatever of its deal, parties, site and sources is new."""
    with done_by(by, reason):
        made = entry.announcement
        if entry.project is not None:
            made.project = named(entry.project, entry.project.name)
        if entry.deal is not None:
            made.deal = named(entry.deal, entry.deal.title)
            _add_parties(made.deal, entry.parties)
        made.save()
        cite(made, entry.addresses)
        return made


def named(row: Any, name: str) -> Any:
    """Return a stored row: itself, or stored now under a slug made of its name."""
    if row.pk is None:
        row.slug = free_slug(type(row), name)
        row.save()
    return row


def free_slug(model: type[Model], name: str) -> str:
    """Return the slug of a name, numbered where it is taken."""
    stem = slugify(name)[:90].strip("-") or NOUNS[model].value
    taken = set(model._default_manager.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(
        slug
        for number in range(1, len(taken) + 2)
        if (slug := stem if number == 1 else f"{stem}-{number}") not in taken
    )


def _add_parties(deal: Deal, parties: Iterable[DealParty]) -> None:
    new: dict[str, Company] = {}
    for party in parties:
        company = party.company
        if company.pk is None:
            # Two roles of one new company are one company.
            company = new.setdefault(
                company.name.casefold(), named(new.get(company.name.casefold()) or company, company.name)
            )
        DealParty.objects.create(deal=deal, company=company, role=party.role, share=party.share)


def cite(announcement: Announcement, addresses: Iterable[str]) -> None:
    """Make the sources of an announcement those at the addresses, in that order; known ones are found."""
    wanted = list(dict.fromkeys(source_at(address) for address in addresses))
    kept = {citation.source_id: citation for citation in announcement.citations.all()}
    for source_id in kept.keys() - {source.pk for source in wanted}:
        kept[source_id].delete()
    for position, source in enumerate(wanted):
        citation = kept.get(source.pk)
        if citation is None:
            AnnouncementSource.objects.create(announcement=announcement, source=source, position=position)
        elif citation.position != position:
            citation.position = position
            citation.save()


def known_source(address: str) -> Source | None:
    """Return the source at an address, under whichever of its spellings it is known."""
    return Source.objects.filter(url__in=spellings(clean_address(address))).order_by("pk").first()


def source_at(address: str) -> Source:
    """Return the source at an address, stored now where it was unknown."""
    return known_source(address) or Source.objects.create(url=clean_address(address))


def set_review(*, rows: Iterable[Reviewed], state: ReviewState, by: Any, reason: str = "") -> int:
    """Publish facts, withdraw them or make them drafts again; return how many changed."""
    changed = 0
    with done_by(by, reason):
        for row in rows:
            if row.review != state:
                row.review = state
                row.save(update_fields=["review"])
                changed += 1
    return changed


def revert(*, model: type[Model], event: int, by: Any, reason: str = "") -> Any:
    """Make a row again what it was after one of its changes, or before it went; return the row."""
    was = events_of(model).objects.get(pgh_id=event)
    fields = kept_fields(model)
    for relation in (one for one in fields if one.is_relation):
        target = getattr(was, relation.attname)
        if target and not relation.related_model._default_manager.filter(pk=target).exists():
            raise Refused("gone", f"{relation.verbose_name} #{target}")
    with done_by(by, reason):
        row = model._default_manager.select_for_update(of=("self",)).filter(pk=was.id).first() or model(pk=was.id)
        for one in fields:
            setattr(row, one.attname, getattr(was, one.attname))
        try:
            row.full_clean()
        except ValidationError as error:
            raise Refused("invalid", " ".join(error.messages)) from error
        row.save()
        return row


def merge_companies(*, keep: Company, lose: Company, by: Any, reason: str = "") -> Company:
    """Let one company take over all that refers to another, its names and its address; the other one goes."""
    with done_by(by, reason):
        keep, lose = _locked(keep), _locked(lose)
        _move_parties(DealParty, "company", keep, lose, "deal")
        _move_parties(ProjectParty, "company", keep, lose, "project")
        for forecast in Forecast.objects.filter(forecaster=lose):
            forecast.forecaster = keep
            forecast.save()
        for subsidiary in Company.objects.filter(parent=lose).exclude(pk=keep.pk):
            subsidiary.parent = keep
            subsidiary.save()
        if keep.parent_id == lose.pk:
            keep.parent = lose.parent if lose.parent_id != keep.pk else None
        names = [lose.name, *lose.aliases]
        keep.aliases = list(dict.fromkeys([*keep.aliases, *(name for name in names if name != keep.name)]))
        _fill(keep, lose, ("country", "ticker", "website", "wikidata", "summary", "summary_fr"))
        keep.save()
        return _take_address(keep, lose)


def merge_deals(*, keep: Deal, lose: Deal, by: Any, reason: str = "") -> Deal:
    """Let one deal take over the announcements, parties, parts, sites and address of another; the other one goes."""
    with done_by(by, reason):
        keep, lose = _locked(keep), _locked(lose)
        if keep.part_of_id == lose.pk:
            keep.part_of = lose.part_of if lose.part_of_id != keep.pk else None
            keep.save()
        for part in Deal.objects.filter(part_of=lose).exclude(pk=keep.pk):
            part.part_of = keep
            part.save()
        for announcement in Announcement.objects.filter(deal=lose):
            announcement.deal = keep
            announcement.save()
        _move_parties(DealParty, "deal", keep, lose, "company")
        keep.projects.add(*lose.projects.all())
        lose.projects.clear()
        keep.refresh_from_db()
        _fill(keep, lose, ("title_fr", "note", "note_fr"))
        if keep.window_start is None and keep.window_end is None:
            for name in ("window_start", "window_start_precision", "window_end", "window_end_precision"):
                setattr(keep, name, getattr(lose, name))
        keep.save()
        return _take_address(keep, lose)


def _locked(row: Any) -> Any:
    return type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)


def _fill(keep: Any, lose: Any, names: Iterable[str]) -> None:
    for name in names:
        if not getattr(keep, name):
            setattr(keep, name, getattr(lose, name))


def _move_parties(model: Any, column: str, keep: Any, lose: Any, other: str) -> None:
    """Move the parties of one row to another; where both are party to the same thing, shares are added up."""
    mine = {(getattr(party, f"{other}_id"), party.role): party for party in model.objects.filter(**{column: keep})}
    for party in model.objects.filter(**{column: lose}):
        same = mine.get((getattr(party, f"{other}_id"), party.role))
        if same is None:
            setattr(party, column, keep)
            party.save()
            continue
        share = getattr(party, "share", None)
        party.delete()
        # Of one deal told twice the share is the same one; of one company told twice they are two shares.
        if share and (column == "company" or not same.share):
            same.share = share + (same.share or 0)
            same.save()


def _take_address(keep: Any, lose: Any) -> Any:
    """Let the old addresses of a row lead to another, and remove the row."""
    noun = NOUNS[type(keep)]
    FormerSlug.objects.filter(noun=noun, target=lose.pk).update(target=keep.pk)
    slug = lose.slug
    lose.delete()
    FormerSlug.objects.update_or_create(noun=noun, slug=slug, defaults={"target": keep.pk})
    return keep
