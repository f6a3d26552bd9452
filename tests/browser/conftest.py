"""A site with the bundled facts, for a browser."""

import pytest
from pytest_django.live_server_helper import LiveServer

from tests import databases


@pytest.fixture
def served(live_server: LiveServer) -> str:
    """The address of a site with the bundled facts."""
    databases.fill()
    return live_server.url
