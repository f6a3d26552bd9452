"""The browser that tests drive: the one on PATH, else Playwright's, else the distribution's. ``python -m tests.chromium`` brings it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]
HOW = (
    "No browser for the tests: install Chromium (on Debian: apt-get install chromium), "
    "or let Playwright bring its own (.venv/bin/python -m playwright install chromium)."
)


def find() -> str | None:
    """Return the path of a Chromium that can be started; None when there is none."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install() -> str | None:
    """Try to bring a Chromium; return its path, None when no way was open."""
    subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium"], check=False, capture_output=True, timeout=600
    )
    if (path := find()) or not shutil.which("apt-get"):
        return path
    sudo = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if sudo and not shutil.which("sudo"):
        return None
    quiet = {"check": False, "stdout": subprocess.DEVNULL}
    subprocess.run([*sudo, "apt-get", "update", "--quiet"], **quiet)  # type: ignore[call-overload]
    subprocess.run([*sudo, *INSTALL], **quiet, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})  # type: ignore[call-overload]
    return find()


if __name__ == "__main__":
    if not find():
        print("Bringing a browser for the tests ...", flush=True)
        if not install():
            sys.exit(HOW)
