"""The bundled facts lie in the repository as the tracker itself writes a package, its description beside them."""

from pathlib import Path

import pytest
from django.core.management import call_command

from investments.management.commands.serve import BUNDLED


@pytest.mark.django_db
@pytest.mark.usefixtures("bundled")
def test_the_bundle_is_what_the_tracker_exports(tmp_path: Path) -> None:
    call_command("export_dataset", str(tmp_path), verbosity=0)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    differ = [name for name, content in written.items() if (BUNDLED / name).read_bytes() != content]
    assert differ == [], (
        "after a change of the bundled facts: manage.py load_dataset, then export_dataset investments/data"
    )
