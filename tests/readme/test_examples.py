"""The README's examples, taken from it and run against a server: all of them give the sums of the site itself."""

import csv
import json
import re
import shlex
import shutil
import subprocess
import zipfile
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import duckdb_extension_httpfs  # type: ignore[import-untyped]
import pytest
from django.test import Client

from tests import databases

README = Path(__file__).parents[2] / "README.md"
HERE = "http://127.0.0.1:8000"
pytestmark = pytest.mark.django_db(transaction=True)


def example(language: str, address: str = HERE) -> str:
    """Return the README's only example in a language, its addresses led to a server."""
    (text,) = re.findall(rf"^```{language}\n(.*?)^```$", README.read_text(), re.DOTALL | re.MULTILINE)
    assert HERE in text
    return str(text).replace(HERE, address)


@pytest.fixture
def site(live_server: Any) -> str:
    """The address of a site with the bundled facts."""
    databases.fill()
    return str(live_server.url)


@pytest.fixture
def sums(site: str) -> dict[str, Decimal]:
    """What the page that the README names says, by layer."""
    (path,) = re.findall(rf"<{HERE}(/\S+)>", README.read_text().split("## From a notebook")[1])
    html = Client().get(path).content.decode()
    found = {
        layer: Decimal(amount) for layer, amount in re.findall(r'data-layer="(\w+)" data-headline="([-\d.]+)"', html)
    }
    assert len(found) == 3
    assert all(found.values())
    return found


def test_pandas(site: str, sums: dict[str, Decimal]) -> None:
    names: dict[str, Any] = {}
    exec(example("python", site), names)
    assert {layer: Decimal(f"{amount:.2f}") for layer, amount in names["by_layer"].items()} == sums


def test_duckdb(site: str, sums: dict[str, Decimal]) -> None:
    (extension,) = (files(duckdb_extension_httpfs) / "extensions" / f"v{duckdb.__version__}").iterdir()
    with duckdb.connect() as database:
        database.execute(f"LOAD '{extension}'")
        rows = database.execute(example("sql", site)).fetchall()
    assert {layer: Decimal(f"{amount:.2f}") for layer, amount in rows} == sums


def test_curl(site: str, sums: dict[str, Decimal], tmp_path: Path) -> None:
    def run(line: str) -> str:
        command = shlex.split(line)
        assert command[0] == "curl"
        return subprocess.run(
            ["curl", "--noproxy", "*", "--fail", *command[1:]], cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout

    spending, page, package = example("sh", site).splitlines()
    assert {layer: Decimal(amount) for layer, amount in json.loads(run(spending))["by_layer"].items()} == sums
    row = json.loads(run(page))["results"][0]
    assert row.keys() == {"slug", "layer", "headline_usd", "counted"}
    run(package)
    assert zipfile.ZipFile(tmp_path / "dataset.zip").testzip() is None


def test_a_spreadsheet(site: str, sums: dict[str, Decimal]) -> None:
    (address,) = re.fullmatch(r'=IMPORTDATA\("(.+)"\)\n', example("text", "")).groups()  # type: ignore[union-attr]
    assert added(address) == sums


def test_r(site: str, sums: dict[str, Decimal], tmp_path: Path) -> None:
    # The address and the columns that it reads are there; where R is installed it runs too.
    (address,) = re.findall(r'read\.csv\("(.+)"\)', example("r", ""))
    assert added(address) == sums
    assert "aggregate(headline_usd ~ layer, deals[deals$counted == " in example("r")
    if program := shutil.which("Rscript"):
        script = tmp_path / "example.r"
        script.write_text(f'{example("r", site)}write.csv(by_layer, "out.csv", row.names = FALSE)\n')
        subprocess.run([program, script], cwd=tmp_path, check=True)
        with (tmp_path / "out.csv").open() as handle:
            rows = list(csv.DictReader(handle))
        assert {row["layer"]: round(Decimal(row["headline_usd"]), 2) for row in rows} == sums


def added(address: str) -> dict[str, Decimal]:
    """Return the sums by layer of the counted rows of a CSV export."""
    response: Any = Client().get(address)
    found: dict[str, Decimal] = {}
    for row in csv.DictReader(b"".join(response.streaming_content).decode().splitlines(keepends=True)):
        if row["counted"] == "true":
            found[row["layer"]] = found.get(row["layer"], Decimal(0)) + Decimal(row["headline_usd"] or 0)
    return found
