"""``manage.py dataset_report``: what the database knows, counted by noun, event, kind, year and country."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import ExtractYear

from investments.models import (
    Announcement,
    Company,
    DataCenterProject,
    Deal,
    Forecast,
    Impact,
    Milestone,
    ProjectEnergy,
    Source,
)


class Command(BaseCommand):
    help = "Count the published facts by noun, event, kind of deal, year and country."

    def handle(self, **options: Any) -> None:
        public = Deal.objects.public()
        self._table("facts", [
            ("companies", Company.objects.public().count()),
            ("deals", public.count()),
            ("announcements", Announcement.objects.published().count()),
            ("data-center projects", DataCenterProject.objects.public().count()),
            ("milestones", Milestone.objects.published().count()),
            ("impacts", Impact.objects.published().count()),
            ("energy sources", ProjectEnergy.objects.published().count()),
            ("forecasts", Forecast.objects.published().count()),
            ("sources", Source.objects.count()),
        ])  # fmt: skip
        self._count("announcements by event", Announcement.objects.published(), F("event"))
        self._count("announcements by year", Announcement.objects.published(), ExtractYear("date"))
        self._count("deals by kind", public, F("kind"))
        self._count("deals by status", public, F("status"))
        self._table("deals of 5 bn USD or more", [
            ("inside another", public.filter(headline_usd__gte=5 * 10**9).exclude(part_of=None).count()),
            ("stand alone", public.filter(headline_usd__gte=5 * 10**9, part_of=None).count()),
            ("without a note that says why", public.filter(headline_usd__gte=5 * 10**9, note="").count()),
        ])  # fmt: skip
        self._count("companies by country", Company.objects.public(), F("country"))
        self._count("sites by country", DataCenterProject.objects.public(), F("country"))
        self._count("sites by status", DataCenterProject.objects.public(), F("status"))
        self._count("impacts by metric", Impact.objects.published(), F("metric"))
        self._table("missing", [
            ("deals without an amount", public.filter(headline_usd=None).count()),
            ("deals without a spending window", public.filter(Q(window_start=None) | Q(window_end=None)).count()),
            ("deals that report nothing delivered", public.filter(delivered_high_usd=None).count()),
            ("sites without a planned capacity", DataCenterProject.objects.public().filter(planned_mw=None).count()),
        ])  # fmt: skip

    def _count(self, title: str, rows: QuerySet, value: Any) -> None:
        """Print how many rows have each value, most first."""
        counts = rows.order_by().values(value=value).annotate(number=Count("pk")).order_by("-number", "value")
        self._table(title, [(str(row["value"] or "(none)"), row["number"]) for row in counts])

    def _table(self, title: str, rows: list[tuple[str, int]]) -> None:
        self.stdout.write(f"\n{title}")
        for name, number in rows:
            self.stdout.write(f"  {name:36} {number:6}")
