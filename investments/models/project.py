"""Data-center sites, what happens at them, and what they cost the place."""

from datetime import date as day_of
from decimal import Decimal
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _

from investments.choices import (
    METRIC_UNITS,
    EnergyKind,
    ImpactBasis,
    ImpactMetric,
    LocationPrecision,
    MilestoneKind,
    ProjectRole,
    ProjectStatus,
)
from investments.models.announcement import Announcement
from investments.models.deal import Deal
from investments.models.fields import (
    POWER,
    ReviewedQuerySet,
    Sited,
    country_field,
    country_known,
    folded,
    not_negative,
    ordered,
    period,
    precision_field,
    slug_field,
    tracked,
)
from investments.values import Period


def degrees(most: int) -> list[Any]:
    """Return the validators of an angle from ``-most`` to ``most`` degrees."""
    return [MinValueValidator(Decimal(-most)), MaxValueValidator(Decimal(most))]


class ProjectQuerySet(models.QuerySet["DataCenterProject"]):
    """Sites as readers ask for them."""

    def public(self) -> "ProjectQuerySet":
        """Return the sites with a published announcement, milestone or impact, or named by a public deal."""
        of_site = {"project": OuterRef("pk")}
        return self.filter(
            Exists(Announcement.objects.published().filter(**of_site))
            | Exists(Milestone.objects.published().filter(**of_site))
            | Exists(Impact.objects.published().filter(**of_site))
            | Exists(Deal.projects.through.objects.filter(datacenterproject=OuterRef("pk"), deal__is_public=True))
        )

    def standing_on(self, day: day_of) -> "ProjectQuerySet":
        """Return the sites with what holds on a day by their dated milestones (docs/sites.md).

        ``standing`` is the status, ``told`` what the milestones alone say of it (None where they say nothing),
        ``in_service_mw`` the megawatts in service.
        """
        status: Any = {"function": "tracker_site_status", "output_field": models.CharField()}
        on = Value(day, models.DateField())
        return self.annotate(
            standing=Func(F("pk"), on, F("planned_mw"), F("status"), **status),
            told=Func(F("pk"), on, F("planned_mw"), Value(None, models.CharField()), **status),
            in_service_mw=Func(F("pk"), on, function="tracker_site_mw", output_field=models.DecimalField(**POWER)),
        )

    def near(self, site: "DataCenterProject", kilometres: int) -> "ProjectQuerySet":
        """Return the other sites within so many kilometres (great circle), the nearest first, with ``km``.

        A place known no better than by its country is near nothing.
        """
        if site.latitude is None or site.location_precision == LocationPrecision.COUNTRY:
            return self.none()
        # A degree of latitude is 111 km long or a little less; what is further off in latitude need not be measured.
        reach = Decimal(kilometres) / 110
        return (
            self.exclude(pk=site.pk)
            .exclude(location_precision=LocationPrecision.COUNTRY)
            .filter(latitude__range=(site.latitude - reach, site.latitude + reach))
            .annotate(
                km=Func(
                    F("latitude"), F("longitude"), Value(site.latitude), Value(site.longitude), function="tracker_km",
                    output_field=models.FloatField(),
                )
            )
            .filter(km__lte=kilometres)
            .order_by("km", "pk")
        )  # fmt: skip


@tracked(exclude=["sort_name", "search"])
class DataCenterProject(models.Model):
    """A site, built or planned. ``planned_mw`` is the capacity when finished, in megawatts."""

    slug = slug_field()
    name = models.CharField(_("name"), max_length=200)
    city = models.CharField(_("city"), max_length=120, blank=True)
    region = models.CharField(_("region"), max_length=120, blank=True)
    country = country_field()
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, blank=True, validators=degrees(90)
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True, validators=degrees(180)
    )
    location_precision = models.CharField(
        _("precision of the location"), max_length=7, choices=LocationPrecision.choices,
        default=LocationPrecision.CITY, blank=True,
    )  # fmt: skip
    status = models.CharField(
        _("status"), max_length=18, choices=ProjectStatus.choices, default=ProjectStatus.ANNOUNCED
    )
    planned_mw = models.DecimalField(_("planned, MW"), **POWER, null=True, blank=True)
    companies = models.ManyToManyField("investments.Company", through="ProjectParty", related_name="projects")
    note = models.TextField(_("note"), blank=True)
    note_fr = models.TextField(_("note in French"), blank=True)
    sort_name = folded("name")
    search = models.GeneratedField(
        expression=Func(
            F("name"), F("city"), F("region"), F("note"), F("note_fr"), function="tracker_project_document"
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("data-center project")
        verbose_name_plural = _("data-center projects")
        ordering = ["sort_name", "pk"]
        indexes = [models.Index(fields=["sort_name", "id"]), GinIndex(fields=["search"], name="project_search")]
        constraints = [
            country_known("project_country_known"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False)
                & Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180)
                & ~Q(latitude=0, longitude=0),
                name="project_coordinates_on_earth",
                violation_error_message=_(
                    "Latitude and longitude: expected -90 to 90 and -180 to 180, both or neither, and not 0, 0."
                ),
            ),
            not_negative(["planned_mw"], "project_power_not_negative", _("Planned, MW: expected zero or more.")),
            models.CheckConstraint(
                condition=Q(status__in=ProjectStatus.values), name="project_status_known",
                violation_error_message=_("Status: not one of the statuses of a site."),
            ),
            models.CheckConstraint(
                condition=Q(location_precision__in=["", *LocationPrecision.values]),
                name="project_location_precision_known",
                violation_error_message=_("Precision of the location: not one of the values allowed."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


@tracked()
class ProjectParty(models.Model):
    """A company in a role at a site."""

    project = models.ForeignKey(
        DataCenterProject, models.CASCADE, verbose_name=_("data-center project"), related_name="parties"
    )
    company = models.ForeignKey(
        "investments.Company", models.PROTECT, verbose_name=_("company"), related_name="project_parties"
    )
    role = models.CharField(_("role"), max_length=15, choices=ProjectRole.choices)

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["project", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "company", "role"], name="project_party_unique"),
            models.CheckConstraint(
                condition=Q(role__in=ProjectRole.values), name="project_party_role_known",
                violation_error_message=_("Role: not one of the roles at a site."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.company}, {self.get_role_display()}"


@tracked()
class Milestone(Sited):
    """A dated event at a site; ``mw`` is the capacity in service after it, in megawatts."""

    project = models.ForeignKey(
        DataCenterProject, models.CASCADE, verbose_name=_("data-center project"), related_name="milestones"
    )
    date = models.DateField(_("date"))
    date_precision = precision_field(_("date"))
    kind = models.CharField(_("kind"), max_length=18, choices=MilestoneKind.choices)
    mw = models.DecimalField(_("in service after it, MW"), **POWER, null=True, blank=True)

    objects = ReviewedQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["project", "date", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "date", "date_precision", "kind"], name="milestone_unique"),
            not_negative(["mw"], "milestone_power_not_negative", _("In service, MW: expected zero or more.")),
            models.CheckConstraint(
                condition=Q(kind__in=MilestoneKind.values), name="milestone_kind_known",
                violation_error_message=_("Kind: not one of the kinds of milestone."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.when}: {self.get_kind_display()}"

    @property
    def when(self) -> Period:
        """The day, month, quarter or year of the event."""
        return Period.containing(self.date, self.date_precision)


@tracked()
class Impact(Sited):
    """An environmental or social figure of a site, in the unit that its metric is kept in."""

    project = models.ForeignKey(
        DataCenterProject, models.CASCADE, verbose_name=_("data-center project"), related_name="impacts"
    )
    metric = models.CharField(_("metric"), max_length=24, choices=ImpactMetric.choices)
    value_low = models.DecimalField(_("value, low"), max_digits=20, decimal_places=4, null=True, blank=True)
    value_high = models.DecimalField(_("value, high"), max_digits=20, decimal_places=4, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=20, help_text=_("The unit that the metric is kept in."))
    as_of = models.DateField(_("as of"))
    as_of_precision = precision_field(_("as of"))
    basis = models.CharField(_("basis"), max_length=9, choices=ImpactBasis.choices)

    objects = ReviewedQuerySet.as_manager()

    class Meta:
        verbose_name = _("impact")
        verbose_name_plural = _("impacts")
        ordering = ["project", "metric", "as_of", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "metric", "as_of", "as_of_precision", "source"], name="impact_unique",
                nulls_distinct=False,
            ),
            ordered("value_low", "value_high", "impact_values_ordered", _("Value, low: expected at most the high one.")),
            not_negative(["value_low", "value_high"], "impact_values_not_negative", _("Values: expected zero or more.")),
            models.CheckConstraint(
                condition=Q(value_low__isnull=False) | Q(value_high__isnull=False), name="impact_has_value",
                violation_error_message=_("Value: expected a low or a high value."),
            ),
            models.CheckConstraint(
                condition=Q(basis__in=ImpactBasis.values), name="impact_basis_known",
                violation_error_message=_("Basis: not one of the values allowed."),
            ),
            models.CheckConstraint(
                condition=models.Q.create(
                    [Q(metric=metric.value, unit=unit) for metric, unit in METRIC_UNITS.items()], connector=Q.OR
                ),
                name="impact_metric_in_its_unit",
                violation_error_message=_("Unit: not the unit in which this metric is kept."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_metric_display()}, {self.project}"

    @property
    def when(self) -> Period | None:
        """The day, month, quarter or year that the figure stands for."""
        return period(self.as_of, self.as_of_precision)


@tracked()
class ProjectEnergy(Sited):
    """Where a site's electricity comes from, as of a date; ``mw`` is the capacity of that source."""

    project = models.ForeignKey(
        DataCenterProject, models.CASCADE, verbose_name=_("data-center project"), related_name="energy"
    )
    source_kind = models.CharField(_("energy source"), max_length=11, choices=EnergyKind.choices)
    mw = models.DecimalField(_("capacity, MW"), **POWER, null=True, blank=True)
    as_of = models.DateField(_("as of"))
    as_of_precision = precision_field(_("as of"))

    objects = ReviewedQuerySet.as_manager()

    class Meta:
        verbose_name = _("energy source")
        verbose_name_plural = _("energy sources")
        ordering = ["project", "as_of", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "source_kind", "as_of", "as_of_precision"], name="project_energy_unique"
            ),
            not_negative(["mw"], "project_energy_power_not_negative", _("Capacity, MW: expected zero or more.")),
            models.CheckConstraint(
                condition=Q(source_kind__in=EnergyKind.values), name="project_energy_kind_known",
                violation_error_message=_("Energy source: not one of the values allowed."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_source_kind_display()}, {self.project}"

    @property
    def when(self) -> Period | None:
        """The day, month, quarter or year for which the source is told."""
        return period(self.as_of, self.as_of_precision)
