"""What all tests share: the bundled facts, and a browser that tolerates no error."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from investments.dataset.load import load
from investments.management.commands.serve import BUNDLED
from tests.chromium import HOW, find

# Playwright keeps an event loop in the thread of the test, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_configure(config: pytest.Config) -> None:
    """Tests take static files from their places, not from a collected copy."""
    settings.STATIC_ROOT = tempfile.mkdtemp(prefix="tracker-static-")
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    config.add_cleanup(lambda: shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True))


@pytest.fixture
def bundled(db: None) -> None:
    """The bundled dataset, loaded for one test."""
    load(BUNDLED)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the browser that ``make test`` found, without its own errands to other hosts."""
    path = find()
    assert path, HOW
    quiet = ["background-networking", "component-update", "sync", "gpu", "quic"]
    arguments = ["--no-first-run", *(f"--disable-{name}" for name in quiet)]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": path, "args": arguments}


@pytest.fixture
def strict_page(page: Page, live_server: LiveServer) -> Iterator[Page]:
    """A page that fails the test on an error in the console, a broken policy, or a request to another host."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((live_server.url, "data:", "blob:"))
            else complaints.append(f"foreign request: {request.url}")
        ),
    )
    yield page
    assert not complaints
