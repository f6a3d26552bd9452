"""What the cells of a list say, and where a phone says it."""

import pytest
from django.test import Client

from tests.builders import a_deal, an_announcement

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("prefix", "layer"), [("", "Build"), ("/fr", "Construction")])
def test_the_layer_of_a_deal_is_named(client: Client, prefix: str, layer: str) -> None:
    an_announcement(a_deal("d"), "2025-01-21", "5e9")
    for name in ("deals", "announcements"):
        client.cookies[f"columns_{name}"] = "layer"
        page = client.get(f"{prefix}/{name}/").content.decode()
        assert f">{layer}</td>" in page
