"""Organisations that take part in deals and sites."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from investments.choices import CompanyKind
from investments.models.fields import country_field, country_known, folded, slug_field, tracked


class CompanyQuerySet(models.QuerySet["Company"]):
    """Companies as readers ask for them."""

    def public(self) -> "CompanyQuerySet":
        """Return the companies that a public deal or a public project names."""
        from_deals = self.model._meta.apps.get_model("investments", "DealParty").objects
        from_projects = self.model._meta.apps.get_model("investments", "ProjectParty").objects
        projects = self.model._meta.apps.get_model("investments", "DataCenterProject").objects.public()
        return self.filter(
            Exists(from_deals.filter(company=OuterRef("pk"), deal__is_public=True))
            | Exists(from_projects.filter(company=OuterRef("pk"), project__in=projects))
        )


@tracked(exclude=["sort_name", "search"])
class Company(models.Model):
    """An organisation that takes part: pays, is paid, builds, lends, operates."""

    slug = slug_field()
    name = models.CharField(_("name"), max_length=200)
    aliases = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("aliases"),
        default=list,
        blank=True,
        help_text=_("Other names it is found by, separated by commas."),
    )
    kind = models.CharField(_("kind"), max_length=21, choices=CompanyKind.choices, default=CompanyKind.OTHER)
    country = country_field()
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("parent"), related_name="subsidiaries"
    )
    ticker = models.CharField(_("ticker"), max_length=40, blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    wikidata = models.CharField(_("Wikidata id"), max_length=20, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    summary_fr = models.TextField(_("summary in French"), blank=True)
    sort_name = folded("name")
    search = models.GeneratedField(
        expression=Func(
            F("name"), F("aliases"), F("ticker"), F("summary"), F("summary_fr"), function="tracker_company_document"
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["sort_name", "pk"]
        indexes = [models.Index(fields=["sort_name", "id"]), GinIndex(fields=["search"], name="company_search")]
        constraints = [
            country_known("company_country_known"),
            models.CheckConstraint(
                condition=Q(kind__in=CompanyKind.values), name="company_kind_known",
                violation_error_message=_("Kind: not one of the kinds of company."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="company_not_its_own_parent",
                violation_error_message=_("Parent: a company cannot be its own parent."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
