"""Requirements: each is used, each has its exact version, and so has what they need in turn."""

import re
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPO = Path(__file__).parents[1]


def listed(name: str) -> dict[str, Requirement]:
    """Return the requirements of a file, by name."""
    lines = (line.split("#")[0].strip() for line in (REPO / name).read_text().splitlines())
    found = [Requirement(line) for line in lines if line and not line.startswith("-")]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


def needed(names: list[Requirement]) -> set[str]:
    """Return the names of all that these requirements need on this machine, themselves included."""
    found: set[tuple[str, str]] = set()
    ahead = list(names)
    while ahead:
        requirement = ahead.pop()
        for extra in ["", *requirement.extras]:
            key = (canonicalize_name(requirement.name), extra)
            if key not in found:
                found.add(key)
                for line in distribution(requirement.name).requires or []:
                    part = Requirement(line)
                    if part.marker is None or part.marker.evaluate({"extra": extra}):
                        ahead.append(part)
    return {name for name, extra in found}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "constraints.txt"])
def test_every_version_is_exact_and_is_the_one_installed(name: str) -> None:
    for requirement in listed(name).values():
        assert str(requirement.specifier) == f"=={distribution(requirement.name).version}", requirement.name


def test_everything_needed_has_its_version_and_nothing_else_has() -> None:
    direct = {**listed("requirements.txt"), **listed("requirements-dev.txt")}
    assert needed(list(direct.values())) - direct.keys() == listed("constraints.txt").keys()


def test_every_requirement_is_used() -> None:
    code = "\n".join(path.read_text() for room in ("tracker", "investments") for path in (REPO / room).rglob("*.py"))
    modules: dict[str, set[str]] = {}
    for module, names in packages_distributions().items():
        for name in names:
            modules.setdefault(canonicalize_name(name), set()).add(module)
    unused = {
        name
        for name in listed("requirements.txt")
        if not any(re.search(rf"\b{re.escape(module)}\b", code) for module in modules[name])
    }
    assert not unused


def test_every_requirement_says_why() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (REPO / name).read_text().splitlines():
            assert not re.match(r"\w", line) or re.search(r"  # \S", line), line
