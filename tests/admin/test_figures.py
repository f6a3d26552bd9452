"""Powers, shares and countries are read as sources write them, or refused."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from investments.admin.figures import CountryField, power_field, share_field
from investments.iso import COUNTRY_CODES


@pytest.mark.parametrize(
    ("text", "megawatts"),
    [
        ("300", "300"), ("300 MW", "300"), ("1.2 GW", "1200"), ("1,2 GW", "1200"), ("1,250", "1250"), ("1 250 MW", "1250"),
        ("1,234,567", "1234567"), ("1,234.5 MW", "1234.5"), ("500 kW", "0.5"), ("0", "0"),
    ],
)  # fmt: skip
def test_a_power_is_read(text: str, megawatts: str) -> None:
    assert power_field(max_digits=12, decimal_places=3).clean(text) == Decimal(megawatts)


@pytest.mark.parametrize("text", ["-5", "1,250 GW", "5 TW", "much", "5 MW of gas", "1e3", "1.2.3", "٣"])
def test_what_is_no_power_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match=r"expected a power such as 300, 300 MW or 1\.2 GW"):
        power_field(max_digits=12, decimal_places=3).clean(text)


@pytest.mark.parametrize(
    ("text", "share"), [("0.6", "0.6"), ("60%", "0.6"), ("33,3 %", "0.333"), ("0,333", "0.333"), ("1", "1")]
)
def test_a_share_is_read(text: str, share: str) -> None:
    assert share_field(max_value=1).clean(text) == Decimal(share)


def test_sixty_alone_is_no_share() -> None:
    with pytest.raises(ValidationError, match="less than or equal to 1"):
        share_field(max_value=1).clean("60")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE", "DE"), ("de", "DE"), ("Germany", "DE"), ("allemagne", "DE"), ("Etats-Unis", "US"), ("USA", "US"), ("UK", "GB"),
        ("United Arab Emirates", "AE"), ("South Korea", "KR"), ("", ""), ("Hong Kong", "HK"), ("Côte d’Ivoire", "CI"),
    ],
)  # fmt: skip
def test_a_country_is_read(text: str, code: str) -> None:
    assert CountryField(required=False).clean(text) == code


@pytest.mark.parametrize("text", ["ZZ", "Ger", "Atlantis"])
def test_what_is_no_country_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="expected a country, by its name or its code of two letters"):
        CountryField().clean(text)


def test_every_code_is_a_country() -> None:
    assert all(CountryField().clean(code) == code for code in COUNTRY_CODES)
