"""The app: what the tracker knows."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class InvestmentsConfig(AppConfig):
    """Registers what has to happen when the database is made or brought up to date."""

    name = "investments"
    verbose_name = _("AI infrastructure")

    def ready(self) -> None:
        from investments.ledger.rates import load_reference_rates

        post_migrate.connect(load_reference_rates, sender=self)
