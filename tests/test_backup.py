"""The whole database out and in again."""

import sys
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection

from investments.models import Announcement, Deal, ExchangeRate

pytestmark = pytest.mark.django_db(transaction=True)


def backup(file: Path) -> None:
    call_command("backup", file, stdout=StringIO())


def restore(file: Path) -> str:
    said = StringIO()
    call_command("restore", file, stdout=said)
    return said.getvalue()


def test_a_backup_brings_everything_back_and_proves_the_ledger(bundled: None, tmp_path: Path) -> None:
    get_user_model().objects.create_user("editor")
    facts, rates = Announcement.objects.count(), ExchangeRate.objects.count()
    file = tmp_path / "a backup"
    backup(file)
    assert file.stat().st_mode & 0o077 == 0

    Announcement.objects.all().delete()
    get_user_model().objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE made_later (id integer)")

    assert "0 differences" in restore(file)
    assert (Announcement.objects.count(), ExchangeRate.objects.count()) == (facts, rates)
    assert get_user_model().objects.filter(username="editor").exists()
    assert "made_later" not in connection.introspection.table_names()

    # What was restored can be backed up and restored in turn.
    backup(file)
    assert "0 differences" in restore(file)
    get_user_model().objects.create_user("another")


def test_a_damaged_backup_changes_nothing(bundled: None, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    backup(file)
    file.write_bytes(file.read_bytes()[:-100_000])
    deals = Deal.objects.count()
    with pytest.raises(CommandError, match="The database is as it was"):
        restore(file)
    assert Deal.objects.count() == deals


def test_a_backup_that_fails_leaves_the_last_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "backup"
    file.write_text("the last one")
    # A program that understands none of this.
    monkeypatch.setattr("tracker.backup.binary", lambda name: sys.executable)
    monkeypatch.setattr("tracker.backup.shutil.which", lambda name: sys.executable)
    with pytest.raises(CommandError, match="pg_dump failed"):
        backup(file)
    assert file.read_text() == "the last one"
    assert [path.name for path in tmp_path.iterdir()] == ["backup"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere: no such file"):
        restore(tmp_path / "nowhere")
