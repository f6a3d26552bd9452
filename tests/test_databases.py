"""Every test finds its database as the last one found it."""

import pytest
from django.db import connection

from investments.models import Company, Deal, ExchangeRate
from tests.builders import a_company


@pytest.mark.django_db
def test_an_ordinary_test_sees_rates_and_no_facts() -> None:
    assert not Company.objects.exists()
    assert ExchangeRate.objects.count() > 100_000


@pytest.mark.parametrize("attempt", [1, 2])
def test_what_a_test_commits_is_gone_for_the_next(transactional_db: None, attempt: int) -> None:
    assert not Company.objects.exists()
    assert ExchangeRate.objects.count() > 100_000
    a_company()


@pytest.mark.parametrize("attempt", [1, 2])
def test_the_bundled_facts_come_back_after_a_change(bundled: None, attempt: int) -> None:
    assert Deal.objects.count() > 100
    Deal.objects.update(title="")
    assert connection.in_atomic_block


@pytest.mark.parametrize("attempt", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_the_bundled_facts_come_back_after_a_commit(bundled: None, attempt: int) -> None:
    assert not connection.in_atomic_block
    assert not Company.objects.filter(slug="made-by-a-test").exists()
    a_company("made-by-a-test")
