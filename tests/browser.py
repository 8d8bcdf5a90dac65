"""A real browser for the tests that need one: Debian's Chromium, driven by Playwright; without it they are skipped."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


@contextmanager
def opened(**context: Any) -> Iterator[Any]:
    """An empty page; `context` is Playwright's, for example `bypass_csp=True`."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; on Debian: apt-get install chromium, on Ubuntu chromium-browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_context(**context).new_page()
        browser.close()


def findings(page: Any) -> list[str]:
    """What axe-core finds wrong with a page, at WCAG's levels A and AA; a page with a content policy needs `bypass_csp`."""
    page.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    result = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
    assert result["passes"], "it looked at nothing"
    return [f"{page.url} {one['id']}: {one['nodes'][0]['html'][:200]}" for one in result["violations"]]
