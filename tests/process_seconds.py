"""What each test costs in process seconds, which a busy machine changes less than the clock's.

    .venv/bin/python -m pytest -p tests.process_seconds tests/grading

User and system time of this process and of its children that have ended; a process that several tests share is counted where it
ends. `tests/README.md` has the figures.
"""

from __future__ import annotations

import resource
from collections import Counter
from collections.abc import Iterator

import pytest

_NAME = "process seconds"
_SHOWN = 30

_spent: Counter[str] = Counter()


def _now() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _measured(item: pytest.Item) -> Iterator[None]:
    """Each of a test's three phases says what it took, and pytest-xdist carries that to the process that prints."""
    before = _now()
    try:
        return (yield)
    finally:
        item.user_properties.append((_NAME, _now() - before))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """What is made for it."""
    return (yield from _measured(item))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """The test."""
    return (yield from _measured(item))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """What ends with it."""
    return (yield from _measured(item))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """The last report of a test has all three."""
    if report.when == "teardown":
        _spent[report.nodeid] = sum(seconds for name, seconds in report.user_properties if name == _NAME)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """By file, and the costliest tests."""
    files: Counter[str] = Counter()
    for name, seconds in _spent.items():
        files[name.partition("::")[0]] += seconds
    terminalreporter.section(f"process seconds: {sum(_spent.values()):.0f}")
    for counter in (files, _spent):
        for name, seconds in counter.most_common(_SHOWN):
            terminalreporter.write_line(f"{seconds:8.1f}  {name}")
        terminalreporter.write_line("")
