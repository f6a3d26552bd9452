"""The walls of the house: which room may import which, and how large a module may grow."""

import ast
from pathlib import Path

import pytest

APP = Path(__file__).parents[1] / "investments"
LONGEST = 400
# Module or room -> the modules and rooms of ours that it may import.
WALLS: dict[str, set[str]] = {
    "choices": set(), "iso": set(), "values": set(), "amounts": set(), "search": set(), "addresses": set(),
    "units": set(), "glossary": set(),
    "typed_amounts": {"choices", "iso"}, "typed_dates": {"values"},
    "models": {"choices", "iso", "values"},
    "ledger": {"choices", "iso", "models", "values"},
    "history": {"choices", "models"},
    "actions": {"addresses", "choices", "history", "models"},
    "corrections": {"choices", "models"},
    "doubts": set(),
    "desk": {"choices", "history", "models"},
    "resources": {"choices", "iso", "values", "amounts", "search", "units", "models", "ledger"},
    "charts": {"values"},
    "templatetags": {"choices", "glossary", "values", "amounts", "search", "units"},
    "conflicts": {"choices", "models"},
    "dataset": {"choices", "iso", "values", "models", "ledger"},
    "admin": {"actions", "addresses", "amounts", "choices", "corrections", "dataset", "desk", "doubts", "history", "iso", "ledger", "models",
              "typed_amounts", "typed_dates", "units", "values"},
    "exports": {"resources"},
    "api": {"choices", "conflicts", "ledger", "models", "resources", "views"},
    "views": {"choices", "conflicts", "corrections", "glossary", "values", "amounts", "history", "search", "units", "models", "ledger",
              "resources", "charts", "exports", "dataset", "templatetags"},
    "management": {"models", "ledger", "dataset"},
    "apps": {"ledger"},
}  # fmt: skip


def room(path: Path) -> str:
    """Return the room of a module: its folder, or its own name at the top."""
    inside = path.relative_to(APP)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


MODULES = [path for path in sorted(APP.rglob("*.py")) if "migrations" not in path.parts and room(path) != "__init__"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(APP)))
def test_a_room_imports_only_what_it_may(path: Path) -> None:
    tree = ast.parse(path.read_text())
    names = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    names += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    parts = [name.split(".") for name in names if name.startswith("investments.")]
    used = {part[1] for part in parts}
    used |= {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "investments"
        for alias in node.names
    }
    assert used - WALLS[room(path)] - {room(path)} == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(APP)))
def test_a_module_stays_readable(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST
