"""``make run`` as its user sees it: a real server in a fresh data folder."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path

import pytest

REPO = Path(__file__).parents[1]


@dataclass
class Site:
    """A server that was started as ``make run`` starts it, and what it has said."""

    port: int
    log: Path
    process: subprocess.Popen[bytes]

    def get(self, path: str, **headers: str) -> tuple[int, Message, str]:
        """Return status, headers and text."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode(errors="replace")

    def text(self, path: str) -> str:
        return self.get(path)[2]

    @property
    def said(self) -> str:
        return self.log.read_text()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if self.get("/readyz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"The server did not become ready:\n{self.said}")


@contextmanager
def served(data_dir: Path, port: int) -> Iterator[Site]:
    """Start the server; end it as Ctrl-C would."""
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    }
    log = data_dir.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, REPO / "manage.py", "serve"],
            env={**environment, "TRACKER_DATA_DIR": str(data_dir), "PORT": str(port), "WEB_WORKERS": "2"},
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
        )
    try:
        yield Site(port, log, process)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


@pytest.fixture
def port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """A data folder with a space in its name; its database server has stopped by itself before the folder goes."""
    folder = tmp_path / "data dir"
    yield folder
    pid_file = folder / "postgres" / "data" / "postmaster.pid"
    deadline = time.monotonic() + 30
    while pid_file.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not pid_file.exists(), "the database server outlived the site"
    shutil.rmtree(folder, ignore_errors=True)


def without_token(page: str) -> str:
    """Return a page without what its forms carry against forgery, which is new each time."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"[^"]*"', r"\1", page)


def test_first_and_second_run(data_dir: Path, port: int) -> None:
    with served(data_dir, port) as site:
        site.wait_until_ready()
        overview = site.text("/")
        assert "<h1" in overview
        assert f"http://127.0.0.1:{port}/" in site.said
        (password,) = re.findall(r"as admin with the password (\S+)", site.said)

        # Style sheets go by hashed names, compressed and kept by browsers for good.
        (sheet, *_) = re.findall(r'href="(/static/css/[\w.]+\.[0-9a-f]{12}\.css)"', overview)
        status, headers, _ = site.get(sheet, **{"Accept-Encoding": "gzip"})
        assert (status, headers["Content-Encoding"]) == (200, "gzip")
        assert "immutable" in headers["Cache-Control"]

        # Both workers answer sooner or later; the counts are of the whole site, whoever is asked.
        for _ in range(20):
            site.get("/healthz")
        for _ in range(4):
            assert 'status="200",view="tracker.health.healthz"} 20.0' in site.text("/metrics")
    assert "Traceback" not in site.said

    begun = time.monotonic()
    with served(data_dir, port) as site:
        site.wait_until_ready()
        took = time.monotonic() - begun
        assert "password" not in site.said
        assert "Loading" not in site.said
        assert without_token(site.text("/")) == without_token(overview)
    # On a quiet machine it is two; the promise is eight.
    assert took < 20
    assert password not in site.said


def test_a_taken_port_is_named_before_anything_is_made(data_dir: Path, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        done = subprocess.run(
            [sys.executable, REPO / "manage.py", "serve"],
            env={**os.environ, "TRACKER_DATA_DIR": str(data_dir), "PORT": str(port)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert f"PORT={port}" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (data_dir / "postgres").exists()


@pytest.mark.parametrize(
    ("program", "said"),
    [
        # Old, or there in name only.
        ("exit 1", "Python 3.11 to 3.14 is needed"),
        # New enough, but the distribution keeps the module in another package.
        ('case "$*" in *ensurepip*) exit 1;; esac', "apt-get install python3-venv"),
    ],
)
def test_make_says_what_python_it_needs(program: str, said: str, tmp_path: Path) -> None:
    clone = tmp_path / "a clone"
    clone.mkdir()
    shutil.copy(REPO / "Makefile", clone)
    python = clone / "python"
    python.write_text(f"#!/bin/sh\n{program}\n")
    python.chmod(0o755)
    done = subprocess.run(
        ["make", ".venv/bin/python", f"PYTHON={python}"], cwd=clone, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert said in done.stderr
    assert not (clone / ".venv").exists()
