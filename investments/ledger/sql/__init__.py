"""The SQL of the ledger: functions and triggers, one file per subject, installed by migrations."""

from pathlib import Path

FOLDER = Path(__file__).parent
# In the order in which they must be installed. text.sql comes before the tables, which use it.
AFTER_TABLES = ("derive", "containment", "triggers")


def text(name: str) -> str:
    """Return the SQL of the file ``name``; it can be run any number of times."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
