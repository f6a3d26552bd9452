"""Django's admin for editors: one module per noun."""

from investments.admin import (
    announcements,
    companies,
    corrections,
    deals,
    forecasts,
    importing,
    keys,
    projects,
    rates,
    saved,
)

__all__ = [
    "announcements",
    "companies",
    "corrections",
    "deals",
    "forecasts",
    "importing",
    "keys",
    "projects",
    "rates",
    "saved",
]
