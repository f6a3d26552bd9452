"""The site on a server and another that really follows it: what is read there, late or not, and who stands in for whom."""

import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.embedded.conftest import REPO, wait_for
from tracker import backup
from tracker.embedded import ConnectionParams, EmbeddedServer, binary

# At least one address of each kind that is read without signing in.
PUBLIC = """/ /fr/ /announcements/ /deals/ /companies/ /projects/ /projects/?show=map /impacts/ /forecasts/ /search/?q=open
    /deals/?min=1&currency=EUR /announcements/?page=9 /companies/picks.json?q=a /search/suggest.json?q=a
    /charts/ /charts/spending/ /charts/flows/embed/ /about/ /glossary/ /corrections/ /sitemap.xml /no/such/page
    /api/v1/announcements/ /api/v1/deals/?q=data /api/v1/companies/ /api/v1/projects/ /api/v1/milestones/
    /api/v1/impacts/ /api/v1/forecasts/ /api/v1/sources/ /api/v1/spending/ /api/v1/deals/abernathy-notes/
    /charts/spending.json?min=1 /charts/followthrough.json /charts/flows.json /charts/capacity.json /charts/spending.csv
    /deals/export.csv /deals/export.json /projects/export.geojson /companies/export.xlsx /deals/feed.atom
    /deals/abernathy-notes/ /deals/abernathy-notes/steps.json /deals/aws-openai/steps.json /companies/openai/ /projects/stargate-abilene/
    /projects/stargate-abilene/growth.json /projects/stargate-abilene/place.json /forecasts/amd-1t-2030/
    /dataset.zip""".split()  # fmt: skip
SLUG = "abernathy-notes"
PAGE = f"/deals/{SLUG}/"


@dataclass
class Site:
    """A site that is served, the two servers under it, and what it has written to its log."""

    port: int
    main: EmbeddedServer
    follower: EmbeddedServer
    log: Path

    def get(self, address: str) -> tuple[int, str]:
        """Return the status and the text of an answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{address}", timeout=30) as answer:
                return answer.status, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode(errors="replace")

    def reads(self, name: str) -> int:
        """Return how many requests have read from a database."""
        found = re.search(rf'^tracker_reads_total{{database="{name}"}} (\d+)', self.get("/metrics")[1], re.MULTILINE)
        return int(found[1]) if found else 0

    def complaints(self) -> list[str]:
        return [line for line in self.log.read_text().splitlines() if "WARNING tracker.routers" in line]

    def rename(self, title: str) -> None:
        """Give the deal another title on the main server."""
        ask(self.main, "UPDATE investments_deal SET title = %s WHERE slug = %s", title, SLUG)


def ask(server: EmbeddedServer, sql: str, *params: Any) -> None:
    with psycopg.connect(**where(server), autocommit=True) as connection:
        connection.execute(sql, params)


def where(server: EmbeddedServer) -> dict[str, Any]:
    params: ConnectionParams = server.ensure_running()
    return {"host": params.host, "user": params.user, "dbname": params.dbname}


def url(server: EmbeddedServer) -> str:
    params = where(server)
    return f"postgresql://{params['user']}@/{params['dbname']}?host={params['host']}"


def control(server: EmbeddedServer, *words: str) -> None:
    """Start or stop a server and leave it its socket's place."""
    command = [str(binary("pg_ctl")), "-D", str(server.cluster.data), "-w", "-t", "20", *words]
    server.cluster.owner.run(command, 30)


def follow(main: EmbeddedServer, follower: EmbeddedServer) -> None:
    """Start a server that follows another, from a copy of it."""
    cluster, params = follower.cluster, where(main)
    cluster.prepare()
    command = ["-h", params["host"], "-U", params["user"], "-D", str(cluster.data), "-R", "-c", "fast"]
    cluster.owner.run([str(binary("pg_basebackup")), *command], 60)
    follower.ensure_running()


@pytest.fixture
def site(bundled: None, tmp_path: Path) -> Iterator[Site]:
    """The site with the bundled facts, served by gunicorn."""
    main, follower = EmbeddedServer(tmp_path / "main"), EmbeddedServer(tmp_path / "follower")
    dump, log = tmp_path / "dump", tmp_path / "log"
    backup.dump(dump)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    try:
        params = where(main)
        subprocess.run(
            [binary("pg_restore"), "--no-owner", "--clean", "--if-exists", "-h", params["host"], "-U", params["user"],
             "-d", params["dbname"], dump], check=True, timeout=60,
        )  # fmt: skip
        follow(main, follower)
        environment = {**os.environ, "DATABASE_URL": url(main), "DATABASE_REPLICA_URLS": url(follower), "DEBUG": "1",
                       "TRACKER_DATA_DIR": str(tmp_path / "app"), "PORT": str(port), "WEB_WORKERS": "1"}  # fmt: skip
        # The counts of another server, where a test has read how gunicorn is set up.
        environment.pop("PROMETHEUS_MULTIPROC_DIR", None)
        with log.open("wb") as output:
            served = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "python:tracker.gunicorn", "tracker.wsgi"], env=environment,
                cwd=REPO, stdout=output, stderr=output,
            )  # fmt: skip
        try:
            wait_for(lambda: "is served on" in log.read_text())
            yield Site(port, main, follower, log)
        finally:
            served.terminate()
            served.wait(30)
    finally:
        follower.stop()
        main.stop()


@pytest.mark.django_db(transaction=True)
def test_a_server_that_follows_is_read_from_and_either_stands_in_for_the_other(site: Site) -> None:
    # What is written appears once it has come over, and not before.
    ask(site.follower, "SELECT pg_wal_replay_pause()")
    site.rename("Came Over Later")
    assert "Came Over Later" not in site.get(PAGE)[1]
    ask(site.follower, "SELECT pg_wal_replay_resume()")
    wait_for(lambda: "Came Over Later" in site.get(PAGE)[1], 10)

    # Without the main server those who only read go on: everything public can be read where nothing can be written.
    control(site.main, "-m", "fast", "stop")
    answers = {address: site.get(address)[0] for address in PUBLIC}
    assert {address for address, status in answers.items() if status != 200} == {"/no/such/page"}
    control(site.main, "-l", str(site.main.cluster.log), "start")
    assert (site.reads("default"), site.complaints()) == (0, [])
    assert site.reads("replica1") > len(PUBLIC) // 2

    # Without the follower the main server is asked.
    control(site.follower, "-m", "fast", "stop")
    site.rename("Read From Main")
    assert all("Read From Main" in site.get(PAGE)[1] for _time in range(3))
    assert (site.reads("default"), len(site.complaints())) == (3, 1)

    # A restart of the main server ends the connections that wait for readers, and no reader notices.
    control(site.main, "-m", "fast", "-l", str(site.main.cluster.log), "restart")
    assert site.get(PAGE)[0] == 200
