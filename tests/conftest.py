"""How the suite is shared out among several processes (`make test`): a file stays together, and so do one notebook's mutants.

And what no test may leave to the next one of its process.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

# the longest first, so that no process waits for the other at the end
_FIRST = (
    *("test_sample_class", "test_sample_classes", "test_redteam", "test_soak", "test_kill", "test_solutions", "test_mutants"),
    *("test_dask_cluster", "test_sandbox", "test_landlock", "test_warm", "test_several", "test_browser", "test_pages"),
)


def group(item: pytest.Item) -> str:
    """Whom an item shares a process with: a file shares what is costly to make, a notebook's mutants the solved notebook."""
    params = item.callspec.params if hasattr(item, "callspec") else {}
    variant = getattr(params.get("variant"), "homework", "")
    graded = params.get("graded", "")  # a class that is graded once for the tests that look at it
    return "-".join(filter(None, (item.path.stem, variant, graded if isinstance(graded, str) else "")))


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist's own, which reads the names of the groups off the marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Name the groups and put the longest first; run in one process, the suite keeps its order."""
    if not config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        return
    for item in items:
        item.add_marker(pytest.mark.xdist_group(group(item)))
    order = {name: place for place, name in enumerate(_FIRST)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))


@pytest.fixture(autouse=True)
def no_figure_is_left() -> Iterator[None]:
    """Close what a test drew: matplotlib counts open figures over all tests of a process, and warns of too many."""
    yield
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")
