"""Where the data folder lies: copied, named by a relative path, under a name that a shell would stumble over."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.embedded.programs import BEGIN, COUNT, WRITE
from tracker.embedded import EmbeddedServer

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Path]:
    """Where a test puts a copy of its data folder."""
    folder = tmp_path / "copy"
    yield folder
    EmbeddedServer(folder).stop()
    shutil.rmtree(folder, ignore_errors=True)


def copied(start: Start, data_dir: Path, copy: Path) -> EmbeddedServer:
    """Return a running server with one row, whose folder is copied while it runs."""
    start(WRITE, data_dir, 1).communicate(timeout=60)
    server = EmbeddedServer(data_dir)
    server.ensure_running()
    subprocess.run(["cp", "-a", data_dir, copy], check=True)
    return server


def rows(server: EmbeddedServer) -> int:
    """Count over a new connection to where the server was reached before."""
    params = server.ensure_running()
    with psycopg.connect(host=params.host, port=params.port, user=params.user, dbname=params.dbname) as connection:
        found = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert found
    return int(found[0])


def test_a_copy_of_a_running_servers_folder_runs_beside_it(data_dir: Path, copy: Path, start: Start) -> None:
    server = copied(start, data_dir, copy)
    second = EmbeddedServer(copy)
    assert second.ensure_running().host != server.ensure_running().host
    assert second.cluster.postmaster() != server.cluster.postmaster()
    with psycopg.connect(
        host=second.ensure_running().host, user="postgres", dbname="tracker", autocommit=True
    ) as connection:
        connection.execute("INSERT INTO kept VALUES (2)")
    assert (rows(server), rows(second)) == (1, 2)
    second.stop()
    assert rows(server) == 1
    server.release()


def test_stopping_a_copy_that_never_ran_leaves_the_original_alone(data_dir: Path, copy: Path, start: Start) -> None:
    server = copied(start, data_dir, copy)
    EmbeddedServer(copy).stop()
    assert rows(server) == 1
    server.release()


def test_a_socket_that_a_server_listens_on_is_never_removed(data_dir: Path, copy: Path, start: Start) -> None:
    server = copied(start, data_dir, copy)
    EmbeddedServer(copy).cluster.sockets.clear(Path(server.ensure_running().host))
    assert rows(server) == 1
    server.release()


def test_a_relative_folder_is_resolved_once(tmp_path: Path, start: Start) -> None:
    (tmp_path / "elsewhere").mkdir()
    code = (
        BEGIN
        + """
connect().execute("CREATE TABLE kept (n int)")
first = server.cluster.postmaster()
os.chdir("elsewhere")
connect().execute("INSERT INTO kept VALUES (1)")
print(server.cluster.postmaster() == first, server_for(Path("../var")) is server, server_for(Path("var")) is server)
"""
    )
    said = start(code, "var", cwd=tmp_path).communicate(timeout=60)[0]
    try:
        assert said.split() == ["True", "True", "False"]
        assert not list((tmp_path / "elsewhere").iterdir())
        assert start(COUNT, tmp_path / "var").communicate(timeout=60)[0].strip() == "1"
    finally:
        EmbeddedServer(tmp_path / "var").stop()


@pytest.mark.parametrize("name", ['double"quote', "cash $HOME", "back`tick", "back\\slash", "a;b&c"])
def test_a_data_folder_may_have_a_name_that_means_something_to_a_shell(tmp_path: Path, name: str, start: Start) -> None:
    folder = tmp_path / name
    try:
        assert start(WRITE, folder, 1).communicate(timeout=60)[0].startswith("1 ")
    finally:
        EmbeddedServer(folder).stop()
