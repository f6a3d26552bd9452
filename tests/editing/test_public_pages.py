"""What readers see of editing: old addresses lead on, drafts stay out, and a deal says when its figure changed."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from investments import actions
from investments.models import Company, Deal
from tests.builders import a_company, a_deal, an_announcement

pytestmark = pytest.mark.django_db


def test_a_renamed_deal_and_company_redirect_in_both_languages(client: Client) -> None:
    company = a_company("old-co")
    deal = a_deal("old", payers=[company])
    an_announcement(deal, "2025-01-01", "5e9")
    Deal.objects.filter(pk=deal.pk).update(slug="new")
    Company.objects.filter(pk=company.pk).update(slug="new-co")
    answer = client.get("/deals/old/")
    assert (answer.status_code, answer["Location"]) == (301, "/deals/new/")
    assert client.get("/fr/companies/old-co/")["Location"] == "/fr/companies/new-co/"


def test_a_merged_company_redirects(client: Client) -> None:
    keep, lose = a_company("keep"), a_company("lose")
    an_announcement(a_deal(payers=[keep]), "2025-01-01", "5e9")
    actions.merge_companies(keep=keep, lose=lose, by=get_user_model().objects.create_user("editor"))
    assert client.get("/companies/lose/")["Location"] == "/companies/keep/"


def test_a_renamed_draft_does_not_tell_its_name(client: Client) -> None:
    deal = a_deal("old")
    an_announcement(deal, "2025-01-01", "5e9", review="draft")
    Deal.objects.filter(pk=deal.pk).update(slug="new")
    assert client.get("/deals/old/").status_code == 404


def test_a_deal_says_when_its_figure_changed_and_why_but_not_who(client: Client) -> None:
    editor = get_user_model().objects.create_user("an-editor")
    deal = a_deal("deal")
    one = an_announcement(deal, "2025-01-01", "5e9")
    with actions.done_by(editor, "The filing says six"):
        one.amount_high = one.amount_low = 6 * 10**9
        one.save()
    page = client.get("/deals/deal/").content.decode()
    for told in (
        "Figure last changed:",
        "5,000,000,000 → 6,000,000,000",
        "The filing says six",
        "Corrected: Statement",
    ):
        assert told in page
    assert "an-editor" not in page
