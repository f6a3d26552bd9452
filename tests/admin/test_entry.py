"""The admin says in words what the database would refuse, and writes nothing then."""

from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client

from investments.admin.words import spanned
from investments.history import timeline, version_of
from investments.models import Announcement, Company, Deal, DealParty
from tests.builders import a_company, a_deal, a_project, a_source, an_announcement

pytestmark = pytest.mark.django_db


ADD = "/admin/investments/announcement/add/"
NO_SOURCE = "no_source--None-None"


def sent(deal: Deal | None, **changes: Any) -> dict[str, Any]:
    """Return the form of a new announcement as a browser sends it; that it has no source is confirmed."""
    return {
        "key": "k-1", "deal": str(deal.pk) if deal else "", "project": "", "when": "2025-03-03", "event": "announced",
        "amount": "$5bn", "addresses": "", "mw": "", "headline": "Five billion", "headline_fr": "", "note": "",
        "note_fr": "", "review": "published", "confirm": [NO_SOURCE], "party-TOTAL_FORMS": "0",
        "party-INITIAL_FORMS": "0", **changes,
    }  # fmt: skip


def test_a_currency_without_a_rate_on_the_day_is_refused(admin_client: Client) -> None:
    answer = admin_client.post(ADD, sent(a_deal(), amount="XOF 5bn"))
    assert answer.status_code == 200
    assert (
        "No exchange rate for XOF on 2025-03-03 or in the 7 days before. Add a manual exchange rate"
        in answer.content.decode()
    )
    assert not Announcement.objects.exists()


def test_an_announcement_moves_its_deal(admin_client: Client) -> None:
    deal = a_deal()
    assert admin_client.post(ADD, sent(deal, amount="5 milliards d’euros")).status_code == 302
    deal.refresh_from_db()
    assert deal.is_public
    assert deal.headline_usd and 5 * 10**9 < deal.headline_usd < 6 * 10**9


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"amount": "$6-5bn"}, "Amount: 6 - 5 runs downwards."),
        ({"amount": "$5 zillion"}, "Amount: “zillion” is not understood."),
        ({"amount": "1.2 GW"}, "Amount: “gw” is power, not money. Write it under “Capacity and notes”."),
        (
            {"event": "cancelled"},
            "The event is a cancellation, after which the total is zero: the amount will not count.",
        ),
        ({"amount": "¥5bn"}, "Amount: ¥: JPY, CNY: several currencies share this sign. Write the code."),
        ({"amount": "-5"}, "Amount: a range with one end."),
        ({"deal": ""}, "Deal: an announcement needs a deal or a data-center project."),
        ({"when": "2025-02-30"}, "Date: “2025-02-30”: there is no such day."),
        ({"when": "03/04/2025"}, "Date: “03/04/2025” can be read in two ways. Write YYYY-MM-DD."),
        ({"headline": ""}, "Headline: expected, but left empty."),
        ({"key": "k" * 201}, "Key: Ensure this value has at most 200 characters"),
        ({"mw": "much"}, "Capacity pledged, MW: “much”: expected a power such as 300, 300 MW or 1.2 GW."),
        ({"when": "3 March"}, "Date: “3 March”: expected YYYY-MM-DD, YYYY-MM, YYYY-Qn or YYYY."),
        ({"addresses": "example.org"}, "Sources: “example.org”: expected an address with http://, https:// or urn:."),
        ({"addresses": "https://example.org/" + "a" * 1000}, "aaa…”: expected at most 1000 characters."),
        ({"confirm": []}, "There is no source."),
        ({"deal": "new:Something"}, "Kind: expected one, because the deal is new."),
    ],
)
def test_a_mistake_is_said_and_nothing_written(admin_client: Client, changes: dict[str, Any], told: str) -> None:
    answer = admin_client.post(ADD, sent(a_deal()) | changes)
    assert told in unescape(answer.content.decode())
    assert not Announcement.objects.exists()


def test_one_page_makes_deal_companies_site_and_source(admin_client: Client) -> None:
    known = a_company("oracle", name="Oracle")
    a_source(url="https://example.org/known")
    form = sent(None) | {
        "deal": "new:Big campus", "deal_kind": "joint_venture", "deal_stage": "signed", "deal_starts": "2026",
        "deal_ends": "2027-Q1", "project": "new:Campus one", "project_city": "Abilene", "project_country": "us",
        "project_mw": "1200", "amount": "up to $100 billion", "when": "2025-Q1",
        "addresses": "http://www.example.org/known/\nhttps://Example.com/a?id=4&utm_source=mail&fbclid=1", "confirm": [],
        "party-TOTAL_FORMS": "3", "party-0-company": "new:Acme Compute", "party-0-role": "investor",
        "party-0-kind": "cloud_provider", "party-0-country": "fr", "party-1-company": str(known.pk),
        "party-1-role": "supplier", "party-1-share": "0.4", "party-2-company": "new:acme compute", "party-2-role": "partner",
    }  # fmt: skip
    assert admin_client.post(ADD, form).status_code == 302
    made = Announcement.objects.get()
    deal, acme = Deal.objects.get(slug="big-campus"), Company.objects.get(slug="acme-compute")
    assert (made.deal, str(made.when), made.basis, made.amount_low, made.amount_high) == (
        deal, "2025-Q1", "up_to", None, 10**11,
    )  # fmt: skip
    assert (deal.headline_usd, deal.floor_usd, str(deal.window_ends)) == (10**11, 0, "2027-Q1")
    assert (acme.kind, acme.country) == ("cloud_provider", "FR")
    assert set(deal.parties.values_list("company__slug", "role")) == {
        ("acme-compute", "investor"), ("oracle", "supplier"), ("acme-compute", "partner"),
    }  # fmt: skip
    assert made.project and (made.project.slug, made.project.country, made.project.planned_mw) == (
        "campus-one",
        "US",
        1200,
    )
    assert [c.source.url for c in made.citations.all()] == ["https://example.org/known", "https://example.com/a?id=4"]


def test_a_new_deal_has_no_kind_of_itself(admin_client: Client) -> None:
    page = admin_client.get(ADD).content.decode()
    assert '<option value="" selected>–</option>' in page.split('id="id_deal_kind"')[1].split("</select>")[0]


def test_dates_powers_shares_and_countries_are_typed_as_sources_write_them(admin_client: Client) -> None:
    form = sent(None) | {
        "when": "March 2025", "mw": "1.2 GW", "deal": "new:Campus", "deal_kind": "debt", "project": "new:Site",
        "project_country": "Allemagne", "project_mw": "1,250", "party-TOTAL_FORMS": "2", "party-0-company": "new:Acme",
        "party-0-role": "lender", "party-0-share": "60 %", "party-0-country": "Germany", "party-1-company": "new:Bolt",
        "party-1-role": "lender", "party-1-share": "0,4", "party-1-country": "uk",
    }  # fmt: skip
    assert admin_client.post(ADD, form).status_code == 302
    made = Announcement.objects.get()
    assert made.deal and made.project
    assert (str(made.when), made.mw, made.project.planned_mw, made.project.country) == ("2025-03", 1200, 1250, "DE")
    parties = made.deal.parties.order_by("pk").values_list("company__country", "share")
    assert list(parties) == [("DE", Decimal("0.6")), ("GB", Decimal("0.4"))]


def test_an_amount_is_read_back_though_the_deal_is_not_known_yet(admin_client: Client) -> None:
    form = sent(None, amount="EUR 5bn", when="3 March 2025")
    page = unescape(admin_client.post("/admin/investments/announcement/weigh/", form).content.decode())
    assert "€5,000,000,000" in page and "<dd>2025-03-03</dd>" in page


def test_a_mistake_in_a_party_is_told_while_it_is_typed(admin_client: Client) -> None:
    form = sent(None) | {
        "deal": "new:Campus", "deal_kind": "debt",
        "party-TOTAL_FORMS": "1", "party-0-company": "new:Acme", "party-0-role": "lender", "party-0-share": "half",
    }  # fmt: skip
    page = unescape(admin_client.post("/admin/investments/announcement/weigh/", form).content.decode())
    assert "Share: “half”: expected a share such as 0.6 or 60%." in page and "what is marked" not in page


def test_lists_tell_amounts_and_dates_as_people_read_them(admin_client: Client) -> None:
    deal = a_deal()
    an_announcement(deal, "2025-04-01", "1e11", basis="up_to", date_precision="quarter")
    for address in ("/admin/investments/announcement/", f"/admin/investments/deal/{deal.pk}/change/"):
        page = admin_client.get(address).content.decode().replace("\u00a0", " ")
        assert "up to $100 bn" in page and "2025-Q2" in page
    deals = admin_client.get("/admin/investments/deal/").content.decode().replace("\u00a0", " ")
    assert 'class="field-headline_told">$100 bn<' in deals and 'class="field-floor_told">$0<' in deals


@pytest.mark.parametrize(
    ("low", "high", "unit", "told"),
    [
        ("3e12", "5e12", "USD", "$3–5 tn"), (None, "7e11", "USD/year", "$700 bn, a year"), ("10.0000", "10.0000", "ha", "10 ha"),
        ("1.5", "2500", "m3/year", "1.5 – 2,500 m3/year"), (None, None, "MW", "–"),
    ],
)  # fmt: skip
def test_figures_in_lists_are_told_with_their_unit(low: Any, high: Any, unit: str, told: str) -> None:
    assert spanned(low and Decimal(low), high and Decimal(high), unit).replace("\u00a0", " ") == told


def test_what_is_typed_is_read_back_before_it_is_saved(admin_client: Client) -> None:
    deal = a_deal(title="Campus")
    an_announcement(deal, "2025-01-01", "3e9")
    answer = admin_client.post("/admin/investments/announcement/weigh/", sent(deal, amount="EUR 5bn", confirm=[]))
    page = unescape(answer.content.decode())
    # 1.0465 dollars a euro on 3 March 2025, by the European Central Bank.
    for told in ("€5,000,000,000", "EUR", "$5,232,500,000", "$3\u00a0bn → <strong>", "There is no source."):
        assert told in page
    assert Announcement.objects.count() == 1


def test_a_doubt_is_confirmed_by_its_own_tick_alone(admin_client: Client) -> None:
    deal = a_deal()
    first = an_announcement(deal, "2025-03-01", "5e9")
    form = sent(deal, event="confirmed")
    assert "This deal has a statement of nearly this amount" in unescape(admin_client.post(ADD, form).content.decode())
    ticks = [NO_SOURCE, f"duplicate_in_deal-{first.pk}-None-None"]
    assert admin_client.post(ADD, form | {"confirm": ticks}).status_code == 302


def test_what_an_entry_is_compared_with_is_one_click_away(admin_client: Client) -> None:
    first = an_announcement(deal := a_deal(), "2025-03-01", "5e9")
    page = admin_client.post(ADD, sent(deal, event="confirmed")).content.decode()
    assert f'<a href="/admin/investments/announcement/{first.pk}/change/" target="_blank">' in page


def test_the_pages_of_a_deal_and_a_site_lead_to_an_announcement_about_them(admin_client: Client) -> None:
    for name, row in (("deal", a_deal()), ("project", a_project())):
        page = admin_client.get(f"/admin/investments/{row._meta.model_name}/{row.pk}/change/").content.decode()
        assert f'href="{ADD}?{name}={row.pk}"' in page
        assert f'<option value="{row.pk}" selected>' in admin_client.get(f"{ADD}?{name}={row.pk}").content.decode()


def test_parties_of_deals_and_of_sites_are_told_apart(admin_client: Client) -> None:
    for address in ("/admin/", "/admin/investments/upload/add/"):
        page = admin_client.get(address).content.decode().lower()
        assert "parties of deals" in page and "parties of sites" in page


def test_a_change_of_an_amount_needs_a_reason_and_keeps_what_was_not_typed_anew(admin_client: Client) -> None:
    one = an_announcement(a_deal(), "2025-03-01", "5e9", basis="up_to", amount_low="1234567890.12")
    address = f"/admin/investments/announcement/{one.pk}/change/"
    page = admin_client.get(address).content.decode()
    assert "up to 1,234,567,890.12 to 5 bn USD" in page
    form = sent(
        one.deal, amount="up to 1,234,567,890.12 to 5 bn USD", when="2025-03-01", headline="Other words", key=one.key
    )
    assert admin_client.post(address, form).status_code == 302
    assert (
        "expected a few words, because this changed: Amount"
        in admin_client.post(address, form | {"amount": "$6bn"}).content.decode()
    )
    assert admin_client.post(address, form | {"amount": "$6bn", "reason": "The filing"}).status_code == 302
    one.refresh_from_db()
    assert (one.headline, one.amount_high) == ("Other words", 6 * 10**9)
    assert timeline(one)[0].reason == "The filing"


def test_a_deal_cannot_be_put_inside_what_it_contains(admin_client: Client) -> None:
    outer = a_deal("outer")
    middle = a_deal("middle", part_of=outer)
    inner = a_deal("inner", part_of=middle)
    form = {
        "title": "Outer", "slug": "outer", "kind": "debt", "stage": "signed", "part_of": str(inner.pk),
        "window_start_precision": "day", "window_end_precision": "day",
        "parties-TOTAL_FORMS": "0", "parties-INITIAL_FORMS": "0",
        "announcements-TOTAL_FORMS": "0", "announcements-INITIAL_FORMS": "0",
    }  # fmt: skip
    answer = admin_client.post(f"/admin/investments/deal/{outer.pk}/change/", form)
    assert "“Inner” lies inside this deal: this deal cannot lie inside it." in answer.content.decode()


def test_shares_over_one_are_refused(admin_client: Client) -> None:
    deal = a_deal("deal")
    form = {
        "title": "Deal", "slug": "deal", "kind": "debt", "stage": "signed", "window_start_precision": "day",
        "window_end_precision": "day", "parties-TOTAL_FORMS": "2", "parties-INITIAL_FORMS": "0",
        "announcements-TOTAL_FORMS": "0", "announcements-INITIAL_FORMS": "0",
    }  # fmt: skip
    for number, share in enumerate(("0.7", "0.6")):
        form |= {
            f"parties-{number}-company": str(a_company().pk), f"parties-{number}-role": "lender",
            f"parties-{number}-share": share, f"parties-{number}-deal": str(deal.pk),
        }  # fmt: skip
    answer = admin_client.post(f"/admin/investments/deal/{deal.pk}/change/", form)
    assert "the shares of the payers add up to 1.3, more than 1." in answer.content.decode()
    assert not DealParty.objects.exists()


def test_a_share_that_another_editor_changed_meanwhile_is_not_changed_back(admin_client: Client) -> None:
    deal = a_deal("deal", payers=[(a_company(), "0.3")])
    party = deal.parties.get()
    form = {
        "title": "Deal", "slug": "deal", "kind": deal.kind, "stage": deal.stage, "window_start_precision": "day",
        "window_end_precision": "day", "version": version_of(deal), "parties-TOTAL_FORMS": "1",
        "parties-INITIAL_FORMS": "1", "parties-0-id": str(party.pk), "parties-0-deal": str(deal.pk),
        "parties-0-company": str(party.company_id), "parties-0-role": "lender", "parties-0-share": "0.30000000",
        "announcements-TOTAL_FORMS": "0", "announcements-INITIAL_FORMS": "0",
    }  # fmt: skip
    DealParty.objects.update(share="0.5")
    address = f"/admin/investments/deal/{deal.pk}/change/"
    page = admin_client.post(address, form).content.decode()
    assert "Others have changed this meanwhile." in page and 'value="0.5"' in page
    again = form | {"version": version_of(deal), "parties-0-share": "0.50000000"}
    assert admin_client.post(address, again).status_code == 302
    party.refresh_from_db()
    assert (party.role, party.share) == ("lender", Decimal("0.5"))


MODELS = (
    "announcement", "company", "datacenterproject", "deal", "dealparty", "exchangerate", "forecast", "impact", "ledgerentry",
    "milestone", "projectenergy", "projectparty", "source",
)  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.usefixtures("bundled")
def test_every_model_has_its_list_and_search(admin_client: Client, model: str) -> None:
    assert admin_client.get(f"/admin/investments/{model}/").status_code == 200
    assert admin_client.get(f"/admin/investments/{model}/?q=o").status_code == 200


def test_anonymous_readers_get_the_sign_in_page(client: Client) -> None:
    for model in MODELS:
        assert client.get(f"/admin/investments/{model}/").status_code == 302
