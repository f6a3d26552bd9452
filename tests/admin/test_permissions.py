"""Who may do what: each group on each kind of fact, drafts and public ones apart; strangers sign in first."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import get_resolver, reverse

from investments.models import (
    Announcement,
    Company,
    Correction,
    DataCenterProject,
    Deal,
    DealParty,
    ExchangeRate,
    Forecast,
    Impact,
    LedgerEntry,
    Milestone,
    ProjectEnergy,
    ProjectParty,
    SavedView,
    Source,
    Upload,
)
from tests.builders import a_company, a_deal, a_project, a_source, an_announcement

pytestmark = pytest.mark.django_db

GROUPS = ("Analyst", "Editor", "Publisher", "Admin")
# model -> what each group may do in general: a(dd), c(hange), d(elete), v(iew)
MATRIX: dict[type[Any], tuple[str, str, str, str]] = {
    Announcement: ("", "acv", "acv", "acdv"),
    Company: ("", "acv", "acv", "acdv"),
    Correction: ("", "cv", "cv", "cdv"),
    DataCenterProject: ("", "acv", "acv", "acdv"),
    Deal: ("", "acv", "acv", "acdv"),
    DealParty: ("", "cv", "acv", "acdv"),
    ExchangeRate: ("", "v", "acv", "acdv"),
    Forecast: ("", "acv", "acv", "acdv"),
    Impact: ("", "acv", "acv", "acdv"),
    LedgerEntry: ("", "v", "v", "v"),
    Milestone: ("", "acv", "acv", "acdv"),
    ProjectEnergy: ("", "acv", "acv", "acdv"),
    ProjectParty: ("", "cv", "acv", "acdv"),
    SavedView: ("acdv", "acdv", "acdv", "acdv"),
    Source: ("", "acv", "acv", "acdv"),
    Upload: ("", "", "av", "adv"),
}


def signed_in(client: Client, group: str) -> Any:
    user = get_user_model().objects.create_user(group.lower(), is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("model", MATRIX, ids=lambda model: model.__name__)
def test_a_group_sees_the_lists_and_forms_that_it_may(client: Client, model: type[Any], group: str) -> None:
    signed_in(client, group)
    allowed = MATRIX[model][GROUPS.index(group)]
    base = f"admin:investments_{model._meta.model_name}"
    assert client.get(reverse(f"{base}_changelist")).status_code == (200 if set("cv") & set(allowed) else 403)
    assert client.get(reverse(f"{base}_add")).status_code == (200 if "a" in allowed else 403)


def facts(review: str) -> dict[type[Any], Any]:
    """Return one fact of each kind, all of them public or none."""
    company, deal, site = a_company(), a_deal(), a_project()
    announcement = an_announcement(deal, "2025-01-01", "5e9", review=review, project=site)
    party = DealParty.objects.create(deal=deal, company=company, role="investor")
    on_site = ProjectParty.objects.create(project=site, company=company, role="owner")
    of_site = {"project": site, "review": review}
    deal.refresh_from_db()
    return {
        Announcement: announcement, Company: company, Deal: deal, DataCenterProject: site, DealParty: party,
        ProjectParty: on_site, Source: a_source(announcement),
        Milestone: Milestone.objects.create(date="2025-01-01", kind="permit", **of_site),
        Impact: Impact.objects.create(metric="land_ha", unit="ha", value_high=1, as_of="2025-01-01", basis="press", **of_site),
        ProjectEnergy: ProjectEnergy.objects.create(source_kind="grid", as_of="2025-01-01", **of_site),
        Forecast: Forecast.objects.create(
            slug="f", forecaster_name="A bank", published_on="2025-01-01", subject="s", unit="USD", headline="h", review=review
        ),
    }  # fmt: skip


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("review", ["draft", "published", "withdrawn"])
def test_editors_change_drafts_alone_and_publishers_all(client: Client, group: str, review: str) -> None:
    signed_in(client, group)
    for model, row in facts(review).items():
        base, allowed = f"admin:investments_{model._meta.model_name}", MATRIX[model][GROUPS.index(group)]
        # Of what was withdrawn nothing is public but its kind of fact has been.
        unseen = review == "draft" or (
            review == "withdrawn" and model in {Company, Deal, DataCenterProject, DealParty, ProjectParty}
        )
        may_change = "c" in allowed and (group != "Editor" or unseen)
        assert client.post(reverse(f"{base}_change", args=[row.pk]), {}).status_code == (200 if may_change else 403), (
            model
        )
        answer = client.get(reverse(f"{base}_delete", args=[row.pk]))
        assert answer.status_code == (200 if "d" in allowed else 403), model


@pytest.mark.parametrize("group", GROUPS)
def test_only_publishers_publish_withdraw_merge_and_revert_what_is_public(client: Client, group: str) -> None:
    signed_in(client, group)
    made = facts("draft")
    for model in (Announcement, Milestone, Impact, ProjectEnergy, Forecast):
        address = reverse(f"admin:investments_{model._meta.model_name}_changelist")
        client.post(address, {"action": "publish", "_selected_action": [made[model].pk]})
        made[model].refresh_from_db()
        assert made[model].review == ("published" if group in {"Publisher", "Admin"} else "draft")
    merging = reverse("admin:investments_company_merge", args=[made[Company].pk, a_company().pk])
    assert client.get(merging).status_code == (200 if group in {"Publisher", "Admin"} else 403)


@pytest.mark.parametrize("model", [Announcement, Deal, DataCenterProject], ids=lambda model: model.__name__)
def test_an_admin_deletes_a_fact_with_the_entries_that_were_made_of_it(client: Client, model: type[Any]) -> None:
    signed_in(client, "Admin")
    site, deal = a_project(), a_deal()
    one = an_announcement(deal, "2025-01-01", "5e9", project=site)
    row = {Announcement: one, Deal: deal, DataCenterProject: site}[model]
    base = f"admin:investments_{model._meta.model_name}"
    assert client.post(reverse(f"{base}_delete", args=[row.pk]), {"post": "yes"}).status_code == 302
    assert not model._default_manager.exists() and not LedgerEntry.objects.exists()


def test_an_admin_deletes_selected_facts_together(client: Client) -> None:
    signed_in(client, "Admin")
    chosen = [an_announcement(a_deal(), "2025-01-01", "5e9").pk for _ in range(2)]
    form = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    assert client.post(reverse("admin:investments_announcement_changelist"), form).status_code == 302
    assert not Announcement.objects.exists()


def test_an_editor_cannot_say_that_a_draft_is_published(client: Client) -> None:
    signed_in(client, "Editor")
    one = an_announcement(a_deal(), "2025-01-01", "5e9", review="draft")
    form = {
        "when": "2025-01-01", "event": "announced", "amount": "5 bn USD", "deal": str(one.deal_id), "headline": "h",
        "key": one.key, "review": "published", "confirm": ["no_source--None-None"], "party-TOTAL_FORMS": "0",
        "party-INITIAL_FORMS": "0",
    }  # fmt: skip
    answer = client.post(reverse("admin:investments_announcement_change", args=[one.pk]), form)
    assert "Select a valid choice" in answer.content.decode()
    one.refresh_from_db()
    assert one.review == "draft"


def addresses(patterns: Any, before: str = "") -> list[str]:
    """Return every address under a list of patterns, numbers and names filled in."""
    found = []
    for pattern in patterns:
        route = before + str(pattern.pattern).replace("^", "").replace("$", "")
        if hasattr(pattern, "url_patterns"):
            found += addresses(pattern.url_patterns, route)
        else:
            found.append(route)
    return found


def test_strangers_get_the_sign_in_page_everywhere(client: Client) -> None:
    routes = [one for one in addresses(get_resolver().url_patterns) if one.removeprefix("en/").startswith("admin/")]
    assert len(routes) > 60
    for route in routes:
        path = "/" + route.removeprefix("en/")
        for name in ("<path:object_id>", "<int:pk>", "<int:event>", "<int:keep>", "<int:lose>", "<id>", "<path:content_type_id>",
                     "<int:content_type_id>", "<slug:app_label>", "(?P<app_label>auth|investments)", "(?P<url>.*)"):  # fmt: skip
            path = path.replace(name, "1")
        if path in {"/admin/login/", "/admin/logout/", "/admin/jsi18n/"} or "(?P<" in path or "1$" in path:
            continue
        answer = client.get(path)
        assert answer.status_code == 302 and "/admin/login/" in answer["Location"], path
