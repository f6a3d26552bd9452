"""Dates as people type them; what can be read in two ways is refused."""

import pytest

from investments.typed_dates import DateError, read_typed_date


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2025-01-21", "2025-01-21"), (" 2025-q2 ", "2025-Q2"), ("Q2 2025", "2025-Q2"), ("2025 Q2", "2025-Q2"),
        ("T2 2025", "2025-Q2"), ("2Q2025", "2025-Q2"), ("2e trimestre 2025", "2025-Q2"), ("1er trimestre 2025", "2025-Q1"),
        ("3 March 2025", "2025-03-03"), ("3rd March 2025", "2025-03-03"), ("March 3, 2025", "2025-03-03"),
        ("Mar. 3 2025", "2025-03-03"), ("1er août 2025", "2025-08-01"), ("déc. 2025", "2025-12"), ("May 2025", "2025-05"),
        ("2025/3/3", "2025-03-03"), ("2025.03", "2025-03"), ("20250303", "2025-03-03"), ("13/04/2025", "2025-04-13"),
        ("04.13.2025", "2025-04-13"), ("05/05/2025", "2025-05-05"), ("2025", "2025"),
    ],
)  # fmt: skip
def test_a_date_is_read(text: str, read: str) -> None:
    assert str(read_typed_date(text)) == read


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "unknown"), ("soon", "unknown"), ("12 2025", "unknown"), ("March", "unknown"), ("2025-Q5", "unknown"),
        ("03/04/2025", "two_readings"), ("3-4-2025", "two_readings"), ("2025-02-30", "no_such_day"),
        ("31 Feb 2025", "no_such_day"), ("2025-13", "no_such_day"), ("0/0/2025", "no_such_day"), ("99/99/2025", "no_such_day"),
        ("0000-01-01", "no_such_day"), ("5١/03/2025", "unknown"),
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str, code: str) -> None:
    with pytest.raises(DateError, match=code):
        read_typed_date(text)
