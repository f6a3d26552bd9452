"""Publishing, reverting, merging: what moves, what is kept, and a ledger that stays what the facts say."""

from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from investments import actions
from investments.choices import ReviewState
from investments.history import public_log, timeline
from investments.models import Announcement, Company, Deal, DealParty, FormerSlug
from tests.builders import a_company, a_deal, a_project, an_announcement

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Any:
    return get_user_model().objects.create_user("editor")


def ledger_is_right() -> bool:
    said = StringIO()
    call_command("rebuild_ledger", check=True, stdout=said)
    return "0 differences" in said.getvalue()


def test_a_change_says_who_why_and_what(editor: Any) -> None:
    one = an_announcement(a_deal(), "2025-01-01", "5e9")
    with actions.done_by(editor, "The filing says so"):
        one.amount_high = one.amount_low = Decimal("6e9")
        one.save()
    latest = timeline(one)[0]
    assert (latest.kind, latest.who, latest.reason) == ("update", "editor", "The filing says so")
    assert [(difference.field, difference.before, difference.after) for difference in latest.differences] == [
        ("amount_low", "5,000,000,000", "6,000,000,000"),
        ("amount_high", "5,000,000,000", "6,000,000,000"),
    ]


def test_a_row_changed_by_plain_sql_is_in_the_timeline_too() -> None:
    one = an_announcement(a_deal(), "2025-01-01", "5e9")
    Announcement.objects.filter(pk=one.pk).update(event="confirmed")
    assert [(d.before, d.after) for d in timeline(one)[0].differences] == [("Announced", "Confirmed")]


def test_a_reverted_amount_counts_again(editor: Any) -> None:
    deal = a_deal()
    one = an_announcement(deal, "2025-01-01", "5e9")
    first = timeline(one)[0].event
    one.amount_high = one.amount_low = Decimal("6e9")
    one.save()
    actions.revert(model=Announcement, event=first, by=editor, reason="A slip")
    deal.refresh_from_db()
    assert deal.headline_usd == Decimal("5e9")
    assert timeline(one)[0].reason == "A slip"
    assert ledger_is_right()


def test_a_deleted_announcement_can_be_brought_back(editor: Any) -> None:
    deal = a_deal()
    one = an_announcement(deal, "2025-01-01", "5e9")
    pk = one.pk
    one.delete()
    gone = timeline(deal)[0]
    assert gone.kind == "delete"
    actions.revert(model=Announcement, event=gone.event, by=editor)
    deal.refresh_from_db()
    assert (Announcement.objects.get().pk, deal.headline_usd) == (pk, Decimal("5e9"))
    assert ledger_is_right()


def test_what_refers_to_a_deal_that_is_gone_is_not_brought_back(editor: Any) -> None:
    deal = a_deal()
    one = an_announcement(deal, "2025-01-01", "5e9")
    event = timeline(one)[0].event
    deal.delete()
    with pytest.raises(actions.Refused) as refused:
        actions.revert(model=Announcement, event=event, by=editor)
    assert refused.value.code == "gone"


def test_merged_companies_are_one(editor: Any) -> None:
    keep, lose, other = a_company("openai", name="OpenAI"), a_company("open-ai", name="Open AI Inc"), a_company()
    both = a_deal(payers=[(keep, "0.3"), (lose, "0.2")], payees=[other])
    alone = a_deal(payers=[lose])
    an_announcement(both, "2025-01-01", "5e9")
    an_announcement(alone, "2025-01-01", "5e9")
    child = a_company(parent=lose)
    actions.merge_companies(keep=keep, lose=lose, by=editor, reason="One company")
    child.refresh_from_db()
    keep.refresh_from_db()
    assert child.parent == keep and keep.aliases == ["Open AI Inc"]
    assert not Company.objects.filter(slug="open-ai").exists()
    assert DealParty.objects.get(deal=both, company=keep).share == Decimal("0.5")
    assert DealParty.objects.get(deal=alone).company == keep
    assert FormerSlug.objects.get(slug="open-ai").target == keep.pk
    assert timeline(keep)[0].reason == "One company"
    assert ledger_is_right()


def test_merged_deals_are_one_and_count_once(editor: Any) -> None:
    company = a_company()
    keep, lose = a_deal("keep", payers=[company]), a_deal("lose", payers=[company])
    site, part = a_project(), a_deal(part_of=lose)
    lose.projects.add(site)
    an_announcement(keep, "2025-01-01", "5e9")
    an_announcement(lose, "2025-02-01", "8e9", event="increased")
    an_announcement(part, "2025-02-01", "1e9")
    actions.merge_deals(keep=keep, lose=lose, by=editor)
    keep.refresh_from_db()
    part.refresh_from_db()
    assert (keep.headline_usd, keep.steps, part.part_of) == (Decimal("8e9"), 2, keep)
    assert list(keep.projects.all()) == [site] and keep.parties.count() == 1
    assert not Deal.objects.filter(slug="lose").exists()
    assert ledger_is_right()


def test_deals_that_would_contain_each_other_are_not_merged(editor: Any) -> None:
    lose = a_deal("lose")
    middle = a_deal("middle", part_of=lose)
    keep = a_deal("keep", part_of=middle)
    with pytest.raises(actions.Refused):
        actions.merge_deals(keep=keep, lose=lose, by=editor)
    assert Deal.objects.filter(slug="lose").exists()


def test_a_renamed_deal_keeps_its_old_address_until_another_takes_it() -> None:
    deal = a_deal("old")
    Deal.objects.filter(pk=deal.pk).update(slug="new")
    assert FormerSlug.objects.get(noun="deal", slug="old").target == deal.pk
    other = a_deal("third")
    Deal.objects.filter(pk=other.pk).update(slug="old")
    assert not FormerSlug.objects.filter(slug="old").exists()
    other.delete()
    assert not FormerSlug.objects.filter(slug="third").exists()


def test_the_public_log_tells_figures_and_nothing_of_drafts(editor: Any) -> None:
    deal = a_deal(stage="announced")
    one = an_announcement(deal, "2025-01-01", "5e9", review="draft")
    assert public_log(deal) == []
    one.amount_high = one.amount_low = Decimal("6e9")
    one.save()
    actions.set_review(rows=[one], state=ReviewState.PUBLISHED, by=editor)
    with actions.done_by(editor, "A correction"):
        one.amount_high = one.amount_low = Decimal("7e9")
        one.save()
    deal.refresh_from_db()
    deal.stage = "signed"
    with actions.done_by(editor):
        deal.save()
    log = public_log(deal)
    assert {(change.kind, change.reason) for change in log} == {
        ("added", ""),
        ("changed", "A correction"),
        ("deal", ""),
    }
    changed = next(change for change in log if change.kind == "changed")
    assert [(d.before, d.after) for d in changed.differences] == [("6,000,000,000", "7,000,000,000")] * 2
