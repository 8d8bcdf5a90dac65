"""What `make` removes can be made again; what people wrote stays."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.skipif(shutil.which("make") is None, reason="no make")
def test_clean_keeps_the_gradebook(tmp_path: Path) -> None:
    """Hand grades and names are nobody's to make again: only `make clean-all` takes them. No folder is no error."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    build = tmp_path / "build"
    (build / "mini" / "release").mkdir(parents=True)
    for name in ("gradebook.db", "gradebook.db.lock", "names.json", "mini.zip", ".hidden", "mini/gradebook.db"):
        (build / name).write_text("")
    make = [str(shutil.which("make")), "-C", str(tmp_path)]
    done = subprocess.run([*make, "clean"], capture_output=True, text=True, check=True, timeout=60)
    assert sorted(path.name for path in build.rglob("*")) == ["gradebook.db", "gradebook.db.lock", "names.json"]
    assert "build/gradebook.db" in done.stdout and "make clean-all" in done.stdout
    for target in ("clean-all", "clean"):
        subprocess.run([*make, target], capture_output=True, check=True, timeout=60)
        assert not build.exists()
