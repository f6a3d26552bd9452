"""What all tests share: quick databases, the bundled facts, no network, and a browser that tolerates no error."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import TransactionTestCase
from playwright.sync_api import Page, Playwright, Request, expect
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from tests import databases
from tests.chromium import HOW, find

# Playwright keeps an event loop in the thread of the test, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


# Two cores that run other tests beside need longer than Playwright's five seconds.
expect.set_options(timeout=20_000)


def pytest_configure(config: pytest.Config) -> None:
    """Tests take static files from their places, not from a collected copy, and reach this machine only."""
    settings.STATIC_ROOT = tempfile.mkdtemp(prefix="tracker-static-")
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    # All tests come from one address; those of limits set their own.
    settings.API_PER_MINUTE = settings.API_PER_MINUTE_BY_KEY = 0
    config.add_cleanup(lambda: shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True))
    sys.addaudithook(refuse_network)


def refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Raise RuntimeError when Python connects to another machine."""
    # Addresses of unix sockets are text.
    if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][0] not in LOOPBACK:
        raise RuntimeError(f"A test connects to {arguments[1]}: tests have no network.")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Give this process its database, in place of pytest-django's own, which migrations would make each time."""
    with django_db_blocker.unblock(), databases.copy(), pytest.MonkeyPatch.context() as patch:
        # After a test that commits, Django would empty every table, the exchange rates too.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test: databases.empty())
        yield


@pytest.fixture
def bundled(db: None) -> None:
    """The bundled dataset, for one test, which may change it."""
    databases.fill()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], playwright: Playwright) -> dict[str, Any]:
    """Start the browser that ``make test`` found, without errands of its own; no name leads to another host."""
    path = find(playwright.chromium.executable_path)
    assert path, HOW
    quiet = ["background-networking", "component-update", "sync", "gpu", "quic"]
    arguments = [
        "--no-first-run",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
        *(f"--disable-{name}" for name in quiet),
    ]
    return {**browser_type_launch_args, "executable_path": path, "args": arguments}


@pytest.fixture
def strict_page(page: Page, live_server: LiveServer) -> Iterator[Page]:
    """A page that fails the test on an error in the console, a broken policy, or a request to another host."""
    complaints: list[str] = []

    def watch(request: Request) -> None:
        if not request.url.startswith((live_server.url, "data:", "blob:")):
            complaints.append(f"request to another host: {request.url}")

    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", watch)
    yield page
    assert not complaints
