"""Variables of the environment: bad values stop the start with a message that names the variable."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).parents[1]
LONG_KEY = "kJ4mT9-xQ2vB7nL5sD8fG1hP6wR3yZ0cA_eU-iO4kJ4mT9xQ2vB7"


def manage(*arguments: str, data_dir: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with nothing of the tracker's in the environment but what is given."""
    base = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, REPO / "manage.py", *arguments],
        env={**base, "TRACKER_DATA_DIR": str(data_dir), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ALLOWED_HOSTS", "https://example.org"),
        ("ALLOWED_HOSTS", "example.org:443"),
        ("CSRF_TRUSTED_ORIGINS", "example.org"),
        ("DATABASE_URL", "mysql://localhost/tracker"),
        ("DATABASE_REPLICA_URLS", "postgresql://localhost/tracker"),
        ("DEBUG", "yes"),
        ("PORT", "0"),
        ("PORT", "eighty"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("TRACKER_DATA_DIR", "/dev/null/data"),
        ("TRACKER_HTTPS", "true"),
        ("TRACKER_REQUIRE_LOGIN", "2"),
        ("WEB_WORKERS", "-1"),
    ],
)
def test_a_bad_value_is_refused_by_name(variable: str, value: str, tmp_path: Path) -> None:
    done = manage("check", data_dir=tmp_path, **{variable: value})
    assert done.returncode == 1
    assert variable in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_production_settings_pass_the_deployment_check(tmp_path: Path) -> None:
    production = {"SECRET_KEY": LONG_KEY, "TRACKER_HTTPS": "1", "ALLOWED_HOSTS": "example.org"}
    done = manage("check", "--deploy", "--fail-level", "WARNING", data_dir=tmp_path, **production)
    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues (0 silenced)" in done.stdout


def test_a_secret_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    ask = ("shell", "--no-imports", "-v0", "-c", "from django.conf import settings; print(settings.SECRET_KEY)")
    first, second = manage(*ask, data_dir=tmp_path), manage(*ask, data_dir=tmp_path)
    assert len(first.stdout.strip()) >= 50, first.stderr
    assert first.stdout == second.stdout
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_replicas_bring_a_router_and_without_them_there_is_none(tmp_path: Path) -> None:
    ask = "from django.conf import settings as s; print(list(s.DATABASES), s.DATABASE_ROUTERS, s.MIDDLEWARE[1])"
    words = ("shell", "--no-imports", "-v0", "-c", ask)
    main = "postgresql://tracker@main.internal/tracker"
    followers = "postgresql://reader@one.internal/tracker  postgresql://reader@two.internal/tracker"
    alone = manage(*words, data_dir=tmp_path, DATABASE_URL=main)
    assert alone.stdout.strip() == "['default'] [] django.middleware.security.SecurityMiddleware", alone.stderr
    with_them = manage(*words, data_dir=tmp_path, DATABASE_URL=main, DATABASE_REPLICA_URLS=followers)
    assert with_them.stdout.strip() == (
        "['default', 'replica1', 'replica2'] ['tracker.routers.ReplicaRouter'] tracker.routers.ReplicaMiddleware"
    )


def test_a_command_asks_no_replica(tmp_path: Path) -> None:
    away = "postgresql://nobody@127.0.0.1:9/tracker"
    done = manage(
        "makemigrations", "--check", "--dry-run",
        data_dir=tmp_path, DATABASE_URL=away, DATABASE_REPLICA_URLS=away.replace(":9", ":10"),
    )  # fmt: skip
    assert done.returncode == 0
    assert "127.0.0.1" in done.stderr and "port 10" not in done.stderr
