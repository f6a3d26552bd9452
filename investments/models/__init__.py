"""The facts that people enter, and the rows that the ledger derives from them (docs/architecture.md)."""

from investments.models.announcement import Announcement, AnnouncementSource
from investments.models.company import Company
from investments.models.correction import Correction
from investments.models.deal import Deal, DealContainment, DealDocument, DealParty
from investments.models.entry import ExchangeRate, LedgerEntry, SpendingRollup
from investments.models.forecast import Forecast
from investments.models.former import FormerSlug, Upload
from investments.models.key import ApiKey
from investments.models.links import DealProject, ForecastDispute
from investments.models.project import DataCenterProject, Impact, Milestone, ProjectEnergy, ProjectParty
from investments.models.saved import SavedView
from investments.models.source import Source
from investments.models.version import DataChange

__all__ = [
    "Announcement",
    "AnnouncementSource",
    "ApiKey",
    "Company",
    "Correction",
    "DataCenterProject",
    "DataChange",
    "Deal",
    "DealContainment",
    "DealDocument",
    "DealParty",
    "DealProject",
    "ExchangeRate",
    "Forecast",
    "ForecastDispute",
    "FormerSlug",
    "Impact",
    "LedgerEntry",
    "Milestone",
    "ProjectEnergy",
    "ProjectParty",
    "SavedView",
    "Source",
    "SpendingRollup",
    "Upload",
]
