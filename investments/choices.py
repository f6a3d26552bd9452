"""Every vocabulary of the tracker, and the sets of values that mean something together.

Stored values are those of the dataset package and the query language; labels are translated.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Precision(TextChoices):
    """How much of a date is known."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    QUARTER = "quarter", _("quarter")
    YEAR = "year", _("year")


class CompanyKind(TextChoices):
    HYPERSCALER = "hyperscaler", _("Hyperscaler")
    AI_LAB = "ai_lab", _("AI lab")
    CHIPMAKER = "chipmaker", _("Chipmaker")
    CLOUD_PROVIDER = "cloud_provider", _("Cloud provider")
    HARDWARE = "hardware", _("Hardware")
    DATA_CENTER_DEVELOPER = "data_center_developer", _("Data-center developer")
    INVESTOR = "investor", _("Investor")
    ENERGY = "energy", _("Energy")
    GOVERNMENT = "government", _("Government")
    SOFTWARE = "software", _("Software")
    OTHER = "other", pgettext_lazy("company kind", "Other")


class DealKind(TextChoices):
    EQUITY = "equity", _("Equity")
    CLOUD_CONTRACT = "cloud_contract", _("Cloud contract")
    CHIP_SUPPLY = "chip_supply", _("Chip supply")
    CAPEX_COMMITMENT = "capex_commitment", _("Capital expenditure")
    DEBT = "debt", _("Debt")
    LEASE = "lease", _("Lease")
    JOINT_VENTURE = "joint_venture", _("Joint venture")
    ACQUISITION = "acquisition", _("Acquisition")
    PUBLIC_PROGRAMME = "public_programme", _("Public programme")
    POWER_PURCHASE = "power_purchase", _("Power purchase")


class Layer(TextChoices):
    """Where in its circulation a dollar is told (DOMAIN.md, rule 11)."""

    BUILD = "build", _("Build")
    CONTRACT = "contract", _("Contract")
    FINANCING = "financing", _("Financing")


LAYER_KINDS: dict[Layer, tuple[DealKind, ...]] = {
    Layer.BUILD: (DealKind.CAPEX_COMMITMENT, DealKind.JOINT_VENTURE, DealKind.PUBLIC_PROGRAMME),
    Layer.CONTRACT: (DealKind.CLOUD_CONTRACT, DealKind.CHIP_SUPPLY, DealKind.LEASE, DealKind.POWER_PURCHASE),
    Layer.FINANCING: (DealKind.EQUITY, DealKind.DEBT, DealKind.ACQUISITION),
}


class DealStage(TextChoices):
    """How far a deal has come, as an editor enters it."""

    LETTER_OF_INTENT = "letter_of_intent", _("Letter of intent")
    ANNOUNCED = "announced", pgettext_lazy("stage", "Announced")
    SIGNED = "signed", pgettext_lazy("stage", "Signed")
    UNDER_WAY = "under_way", pgettext_lazy("stage", "Under way")
    COMPLETED = "completed", pgettext_lazy("stage", "Completed")


class DealStatus(TextChoices):
    """A deal's stage, unless its announcements say rumoured or cancelled. Derived by the ledger."""

    RUMOURED = "rumoured", pgettext_lazy("status", "Rumoured")
    LETTER_OF_INTENT = DealStage.LETTER_OF_INTENT.value, _("Letter of intent")
    ANNOUNCED = DealStage.ANNOUNCED.value, pgettext_lazy("stage", "Announced")
    SIGNED = DealStage.SIGNED.value, pgettext_lazy("stage", "Signed")
    UNDER_WAY = DealStage.UNDER_WAY.value, pgettext_lazy("stage", "Under way")
    COMPLETED = DealStage.COMPLETED.value, pgettext_lazy("stage", "Completed")
    CANCELLED = "cancelled", pgettext_lazy("status", "Cancelled")


SIGNED_OR_FURTHER = (DealStatus.SIGNED, DealStatus.UNDER_WAY, DealStatus.COMPLETED)


class PartyRole(TextChoices):
    INVESTOR = "investor", pgettext_lazy("role", "Investor")
    CUSTOMER = "customer", _("Customer")
    LENDER = "lender", _("Lender")
    ACQUIRER = "acquirer", _("Acquirer")
    SPONSOR = "sponsor", _("Sponsor")
    DEVELOPER = "developer", _("Developer")
    RECIPIENT = "recipient", _("Recipient")
    SUPPLIER = "supplier", _("Supplier")
    BORROWER = "borrower", _("Borrower")
    TARGET = "target", _("Target")
    PARTNER = "partner", _("Partner")
    GUARANTOR = "guarantor", _("Guarantor")


PAYER_ROLES = (
    PartyRole.INVESTOR,
    PartyRole.CUSTOMER,
    PartyRole.LENDER,
    PartyRole.ACQUIRER,
    PartyRole.SPONSOR,
    PartyRole.DEVELOPER,
)
OTHER_ROLES = (PartyRole.PARTNER, PartyRole.GUARANTOR)
PAYEE_ROLES = (PartyRole.RECIPIENT, PartyRole.SUPPLIER, PartyRole.BORROWER, PartyRole.TARGET)


class AnnouncementEvent(TextChoices):
    ANNOUNCED = "announced", pgettext_lazy("event", "Announced")
    INCREASED = "increased", pgettext_lazy("event", "Increased")
    REDUCED = "reduced", pgettext_lazy("event", "Reduced")
    CONFIRMED = "confirmed", pgettext_lazy("event", "Confirmed")
    COMPLETED = "completed", pgettext_lazy("event", "Completed")
    CANCELLED = "cancelled", pgettext_lazy("event", "Cancelled")
    REPORTED = "reported", pgettext_lazy("event", "Reported")
    DELAYED = "delayed", pgettext_lazy("event", "Delayed")
    DISPUTED = "disputed", pgettext_lazy("event", "Disputed")
    DELIVERED = "delivered", pgettext_lazy("event", "Delivered")


# Events that move a deal's total (DOMAIN.md, rule 2); cancelled moves it to zero.
MOVING_EVENTS = (
    AnnouncementEvent.ANNOUNCED,
    AnnouncementEvent.INCREASED,
    AnnouncementEvent.REDUCED,
    AnnouncementEvent.CONFIRMED,
    AnnouncementEvent.COMPLETED,
    AnnouncementEvent.CANCELLED,
)


class Basis(TextChoices):
    EXACT = "exact", _("exact")
    ABOUT = "about", _("about")
    UP_TO = "up_to", _("up to")
    AT_LEAST = "at_least", _("at least")


class Per(TextChoices):
    TOTAL = "total", _("in total")
    YEAR = "year", _("a year")


class ReviewState(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ProjectStatus(TextChoices):
    RUMOURED = "rumoured", pgettext_lazy("status", "Rumoured")
    ANNOUNCED = "announced", pgettext_lazy("stage", "Announced")
    PERMITTED = "permitted", _("Permitted")
    UNDER_CONSTRUCTION = "under_construction", _("Under construction")
    PARTLY_OPERATIONAL = "partly_operational", _("Partly operational")
    OPERATIONAL = "operational", _("Operational")
    PAUSED = "paused", pgettext_lazy("status", "Paused")
    CANCELLED = "cancelled", pgettext_lazy("status", "Cancelled")


class LocationPrecision(TextChoices):
    SITE = "site", pgettext_lazy("location", "site")
    CITY = "city", pgettext_lazy("location", "city")
    REGION = "region", pgettext_lazy("location", "region")
    COUNTRY = "country", pgettext_lazy("location", "country")


class ProjectRole(TextChoices):
    OWNER = "owner", _("Owner")
    OPERATOR = "operator", _("Operator")
    TENANT = "tenant", _("Tenant")
    DEVELOPER = "developer", _("Developer")
    FINANCIER = "financier", _("Financier")
    ENERGY_SUPPLIER = "energy_supplier", _("Energy supplier")
    BUILDER = "builder", _("Builder")


class MilestoneKind(TextChoices):
    ANNOUNCED = "announced", pgettext_lazy("milestone", "Announced")
    PERMIT = "permit", pgettext_lazy("milestone", "Permit")
    CONSTRUCTION_START = "construction_start", _("Construction starts")
    FIRST_POWER = "first_power", _("First power")
    OPERATIONAL = "operational", _("In service")
    EXPANDED = "expanded", _("Expanded")
    DELAYED = "delayed", pgettext_lazy("milestone", "Delayed")
    PAUSED = "paused", pgettext_lazy("milestone", "Paused")
    RESUMED = "resumed", pgettext_lazy("milestone", "Resumed")
    CANCELLED = "cancelled", pgettext_lazy("milestone", "Cancelled")
    OPPOSITION = "opposition", _("Opposition")
    LAWSUIT = "lawsuit", _("Lawsuit")
    RULING = "ruling", _("Ruling")
    CLOSED = "closed", pgettext_lazy("milestone", "Closed")


class ImpactMetric(TextChoices):
    POWER = "power_mw", _("Power")
    ELECTRICITY = "electricity_mwh_per_year", _("Electricity use")
    WATER = "water_m3_per_year", _("Water use")
    LAND = "land_ha", _("Land")
    NOX = "nox_t_per_year", _("Nitrogen oxides")
    CO2 = "co2_t_per_year", _("Carbon dioxide")
    TURBINES = "gas_turbines", _("Gas turbines")
    JOBS_CONSTRUCTION = "jobs_construction", _("Construction jobs")
    JOBS_PERMANENT = "jobs_permanent", _("Permanent jobs")
    HOMES = "homes_equivalent", _("Homes equivalent")
    TAX_INCENTIVE = "tax_incentive_usd", _("Tax incentives")


METRIC_UNITS: dict[ImpactMetric, str] = {
    ImpactMetric.POWER: "MW",
    ImpactMetric.ELECTRICITY: "MWh/year",
    ImpactMetric.WATER: "m3/year",
    ImpactMetric.LAND: "ha",
    ImpactMetric.NOX: "t/year",
    ImpactMetric.CO2: "t/year",
    ImpactMetric.TURBINES: "turbines",
    ImpactMetric.JOBS_CONSTRUCTION: "jobs",
    ImpactMetric.JOBS_PERMANENT: "jobs",
    ImpactMetric.HOMES: "homes",
    ImpactMetric.TAX_INCENTIVE: "USD",
}


class ImpactBasis(TextChoices):
    PERMIT = "permit", pgettext_lazy("basis", "permit")
    COMPANY = "company", pgettext_lazy("basis", "company")
    REGULATOR = "regulator", pgettext_lazy("basis", "regulator")
    PRESS = "press", pgettext_lazy("basis", "press")
    ESTIMATE = "estimate", pgettext_lazy("basis", "estimate")


class EnergyKind(TextChoices):
    GRID = "grid", _("Grid")
    GAS_ON_SITE = "gas_on_site", _("Gas on site")
    NUCLEAR_PPA = "nuclear_ppa", _("Nuclear, by contract")
    SOLAR = "solar", _("Solar")
    WIND = "wind", _("Wind")
    BATTERY = "battery", _("Battery")
    HYDRO = "hydro", _("Hydro")
    GEOTHERMAL = "geothermal", _("Geothermal")
    UNKNOWN = "unknown", pgettext_lazy("energy", "Unknown")


class RateOrigin(TextChoices):
    ECB = "ecb", _("European Central Bank")
    PEG = "peg", _("peg")
    MANUAL = "manual", _("entered by hand")


class Noun(TextChoices):
    """What has a page, and so an address that may change."""

    COMPANY = "company", _("company")
    DEAL = "deal", _("deal")
    PROJECT = "project", _("data-center project")
    FORECAST = "forecast", _("forecast")


class ImportState(TextChoices):
    """How far the import of a table has come."""

    MAPPING = "mapping", pgettext_lazy("import", "Columns to be confirmed")
    CHECKING = "checking", pgettext_lazy("import", "Being tried out")
    CHECKED = "checked", pgettext_lazy("import", "Tried out, nothing written")
    REFUSED = "refused", pgettext_lazy("import", "Refused, nothing written")
    LOADING = "loading", pgettext_lazy("import", "Being loaded")
    LOADED = "loaded", pgettext_lazy("import", "Loaded")


class CorrectionState(TextChoices):
    """Whether an editor has dealt with what a reader reports."""

    DRAFT = "draft", _("Draft")
    HANDLED = "handled", pgettext_lazy("correction", "Handled")


# Units of a market-wide estimate: money by its currency code, the rest as written here.
FORECAST_UNITS = (
    "USD", "USD/year", "EUR", "EUR/year", "MW", "GW", "TWh", "TWh/year", "m3/year", "t/year", "percent"
)  # fmt: skip
