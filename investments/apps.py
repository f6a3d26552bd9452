"""The app: what the tracker knows."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class InvestmentsConfig(AppConfig):
    """Registers what has to happen when the database is made or brought up to date."""

    default = True
    name = "investments"
    verbose_name = _("AI infrastructure")

    def ready(self) -> None:
        from investments.ledger.rates import load_reference_rates

        post_migrate.connect(load_reference_rates, sender=self)


class DeskConfig(admin_apps.AdminConfig):
    """Django's admin with a first page of our own."""

    default = False
    default_site = "investments.desk.TrackerSite"
