"""The one script of our offline pages, and the policy under which it, and nothing else, runs."""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path

from markupsafe import Markup


@functools.cache
def script() -> Markup:
    """The text, as it stands between the tags: ours, so nothing in it is escaped."""
    return Markup((Path(__file__).parent / "templates" / "table.js").read_text(encoding="utf-8"))


@functools.cache
def policy() -> Markup:
    """What a content policy says of scripts: this text by its digest, no other."""
    digest = base64.b64encode(hashlib.sha256(script().encode()).digest()).decode()
    return Markup(f"script-src 'sha256-{digest}'")
