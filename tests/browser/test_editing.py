"""Editors in a real browser: from nothing to a published figure, two at once on one deal, and a policy that holds."""

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from investments.models import Announcement, Deal
from tests.builders import a_deal, an_announcement

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSPHRASE = "a long passphrase"


def a_member(group: str, name: str = "") -> str:
    user = get_user_model().objects.create_user(name or group.lower(), password=PASSPHRASE, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user.get_username()


def total(page: Page, address: str) -> Decimal:
    return Decimal(json.loads(page.request.get(address).text())["total"])


class Hand:
    """Drives a page and counts what a person would do: each click, each field typed, each choice."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.did = 0

    def goto(self, address: str) -> None:
        self.did += 1
        self.page.goto(address)

    def fill(self, label: str, text: str) -> None:
        self.did += 1
        self.page.get_by_label(label, exact=True).fill(text)

    def choose(self, label: str, value: str) -> None:
        self.did += 1
        self.page.get_by_label(label, exact=True).select_option(value)

    def press(self, name: str) -> None:
        self.did += 1
        self.page.get_by_role("button", name=name, exact=True).click()

    def tick(self, text: str) -> None:
        self.did += 1
        self.page.get_by_label(text).check()

    def pick(self, select: str, text: str, option: str) -> None:
        """Open an autocomplete, type, and take an option: three things to do."""
        self.did += 3
        self.page.locator(f"#{select} + .select2 .select2-selection").click()
        self.page.locator(".select2-search__field").fill(text)
        self.page.get_by_role("option", name=option, exact=True).click()

    def sign_in(self, name: str) -> None:
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password").fill(PASSPHRASE)
        self.page.get_by_role("button", name="Log in").click()


def test_from_nothing_to_a_published_figure_in_at_most_25_interactions(strict_page: Page, served: str) -> None:
    page, hand = strict_page, Hand(strict_page)
    editor, publisher = a_member("Editor"), a_member("Publisher")
    chart = f"{served}/charts/spending.json?kind=joint_venture"
    before = total(page, chart)

    page.goto(f"{served}/admin/")
    hand.sign_in(editor)
    hand.goto(f"{served}/admin/investments/announcement/add/")
    hand.fill("Headline:", "Acme Compute builds a campus for 7 billion dollars")
    hand.fill("Date:", "2026-03")
    hand.fill("Amount:", "$7B")
    hand.pick("id_deal", "Acme campus", "New: Acme campus")
    hand.choose("Kind:", "joint_venture")
    hand.pick("id_party-0-company", "Acme Compute", "New: Acme Compute")
    hand.fill("Sources:", "https://example.org/acme?utm_source=mail")
    expect(page.get_by_text("$7,000,000,000").first).to_be_visible()
    expect(page.get_by_text("https://example.org/acme", exact=True)).to_be_visible()
    hand.press("Save")
    expect(page.get_by_text("was added successfully")).to_be_visible()
    assert total(page, chart) == before
    assert page.request.get(f"{served}/deals/acme-campus/").status == 404

    page.context.clear_cookies()
    page.goto(f"{served}/admin/")
    hand.sign_in(publisher)
    hand.did += 4
    page.get_by_role("link", name="Announcements: 1").click()
    page.locator("input[name=_selected_action]").check()
    page.get_by_label("Action:").select_option("publish")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_text("1 row is now: Published.")).to_be_visible()

    assert total(page, chart) - before == Decimal("7000000000.00")
    assert page.request.get(f"{served}/companies/acme-compute/").status == 200
    assert hand.did <= 25


@pytest.fixture
def two(browser: Browser, live_server: LiveServer) -> Iterator[tuple[Page, Page]]:
    """Two editors, each in a browser of their own."""
    contexts = [browser.new_context(), browser.new_context()]
    pages = []
    for name, context in zip(("first", "second"), contexts, strict=True):
        page = context.new_page()
        a_member("Publisher", name)
        page.goto(f"{live_server.url}/admin/")
        Hand(page).sign_in(name)
        pages.append(page)
    yield pages[0], pages[1]
    for context in contexts:
        context.close()


def test_the_second_to_save_a_deal_sees_what_changed_and_loses_nothing(
    two: tuple[Page, Page], live_server: LiveServer
) -> None:
    first, second = two
    deal = a_deal("campus", title="Campus", note="As first told")
    address = f"{live_server.url}/admin/investments/deal/{deal.pk}/change/"
    for page in two:
        page.goto(address)
    first.get_by_label("Note:", exact=True).fill("What the first one found")
    first.get_by_label("Title:", exact=True).fill("Campus of the first")
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.get_by_text("was changed successfully")).to_be_visible()

    second.get_by_label("Title:", exact=True).fill("Campus of the second")
    second.get_by_label("Title in French:", exact=True).fill("Le campus")
    second.get_by_role("button", name="Save", exact=True).click()
    told = second.locator(".theirs")
    expect(told).to_contain_text("first")
    expect(told).to_contain_text("Campus of the first")
    # Typed here and there: what was typed here stays. Changed there alone: the new value.
    expect(second.get_by_label("Title:", exact=True)).to_have_value("Campus of the second")
    expect(second.get_by_label("Title in French:", exact=True)).to_have_value("Le campus")
    expect(second.get_by_label("Note:", exact=True)).to_have_value("What the first one found")
    deal.refresh_from_db()
    assert (deal.title, deal.title_fr) == ("Campus of the first", "")

    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.get_by_text("was changed successfully")).to_be_visible()
    deal.refresh_from_db()
    assert (deal.title, deal.title_fr, deal.note) == ("Campus of the second", "Le campus", "What the first one found")


def test_the_second_to_save_an_announcement_sees_the_other_amount(
    two: tuple[Page, Page], live_server: LiveServer
) -> None:
    first, second = two
    one = an_announcement(a_deal(), "2025-01-01", "5e9", note="n")
    address = f"{live_server.url}/admin/investments/announcement/{one.pk}/change/"
    for page in two:
        page.goto(address)
    for page, amount in ((first, "$6bn"), (second, "$7bn")):
        page.get_by_label("Amount:", exact=True).fill(amount)
        page.get_by_label("Reason of the change:", exact=True).fill(f"It is {amount}")
        if page is first:
            page.get_by_label("There is no source.").check()
        else:
            # Said while it is typed, before it is saved.
            expect(page.locator("#weighed")).to_contain_text("Others have changed this meanwhile.")
        page.get_by_role("button", name="Save", exact=True).click()
    expect(second.locator(".theirs")).to_contain_text("6,000,000,000")
    expect(second.get_by_label("Amount:", exact=True)).to_have_value("$7bn")
    assert Announcement.objects.get().amount_high == Decimal("6e9")


def test_every_page_of_the_admin_holds_the_policy(strict_page: Page, served: str) -> None:
    page = strict_page
    get_user_model().objects.create_superuser("admin", password=PASSPHRASE)
    page.goto(f"{served}/admin/")
    Hand(page).sign_in("admin")
    deal = Deal.objects.get(slug="stargate")
    one = Announcement.objects.filter(deal=deal).first()
    assert one
    other = Deal.objects.exclude(pk=deal.pk).first()
    assert other
    for path in (
        "", "investments/announcement/", "investments/announcement/add/", f"investments/announcement/{one.pk}/change/",
        f"investments/announcement/{one.pk}/preview/", f"investments/deal/{deal.pk}/change/", f"investments/deal/{deal.pk}/history/",
        f"investments/deal/merge/{deal.pk}/{other.pk}/", "investments/upload/add/", "investments/company/add/",
    ):  # fmt: skip
        answer = page.goto(f"{served}/admin/{path}")
        assert answer and answer.status == 200, path
        expect(page.locator("h1").first).to_be_visible()
