"""What a reader's browser has to fetch of ours stays light."""

from pathlib import Path

STATIC = Path(__file__).parents[1] / "static"
MOST = 60_000


def test_own_styles_and_scripts_stay_under_60_kb_together() -> None:
    sizes = {path.name: path.stat().st_size for kind in ("css", "js") for path in (STATIC / kind).iterdir()}
    assert len(sizes) > 10
    assert sum(sizes.values()) < MOST, sizes
