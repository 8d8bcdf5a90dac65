"""What the sample classes share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.grading import shared_parents


@pytest.fixture(scope="session")
def parents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Classes that are graded in one test process share their fork servers: the one of the tests is the same for all of them."""
    with shared_parents.shared(tmp_path_factory.mktemp("shared")):
        yield
