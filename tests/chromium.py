"""The browser that tests drive: the one on PATH, else Playwright's own, else the distribution's.

``python -m tests.chromium`` brings one where there is none.
"""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
HOW = (
    "The tests need Chromium or Chrome on PATH, and none could be brought. Install one (on Debian: "
    "apt-get install chromium), or let Playwright bring its own: .venv/bin/python -m playwright install chromium"
)


def find(own: str) -> str | None:
    """Return the path of a browser that starts; None when there is none. ``own`` is where Playwright keeps its own."""
    return next((path for name in (*NAMES, own) if (path := shutil.which(name)) and starts(path)), None)


def starts(path: str) -> bool:
    """Whether the program runs at all: some are there in name only, or lack libraries."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def bring(own: str) -> str | None:
    """Try to install a browser; return its path, None when no way was open."""
    print("Bringing a browser for the tests ...", flush=True)
    quickly = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "10000"}
    attempt(sys.executable, "-m", "playwright", "install", "--no-shell", "chromium", **quickly)
    if (path := find(own)) or not shutil.which("apt-get"):
        return path
    root = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    attempt(*root, "apt-get", "update", "--quiet")
    attempt(
        *root, "apt-get", "install", "--yes", "--no-install-recommends", "chromium", DEBIAN_FRONTEND="noninteractive"
    )
    return find(own)


def attempt(*command: str, **environment: str) -> None:
    """Run a command that may fail, in silence."""
    if shutil.which(command[0]):
        subprocess.run(
            command, env=os.environ | environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )


if __name__ == "__main__":
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if not (find(own) or bring(own)):
        sys.exit(HOW)
