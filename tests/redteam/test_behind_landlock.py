"""The same attacks where namespaces are refused, as in the container of a platform that grades by itself."""

from __future__ import annotations

import pytest

from tests.grading import other_users

pytestmark = [pytest.mark.kernel, pytest.mark.slow, pytest.mark.long]


def test_nothing_is_earned_behind_landlock() -> None:
    """Landlock carries it for root in a container: no attacker earns more than its honest part, or sees a hidden test."""
    chosen = "earns or never_saw or person_looks"
    assert other_users.run_tests(other_users.container_root(), "../redteam/test_redteam.py", chosen, 3600) == ""
