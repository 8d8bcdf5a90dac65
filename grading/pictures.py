"""The pictures in a cell that a student pasted: of kinds that hold no script, as base64 and nothing else."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

KINDS = ("image/png", "image/jpeg", "image/gif")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


def pasted(attachments: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """The pictures among a cell's attachments, by the name that its text has for them: type and base64."""
    found = ((name, _picture(kinds)) for name, kinds in attachments.items())
    return {name: picture for name, picture in found if picture}


def in_page(picture: tuple[str, str]) -> str:
    """A picture as an address that holds it, for pages that are one file."""
    kind, data = picture
    return f"data:{kind};base64,{''.join(data.split())}"


def content(data: str) -> bytes:
    """The bytes of a picture; none where it is no base64."""
    try:
        return base64.b64decode(data)
    except (ValueError, binascii.Error):
        return b""


def _picture(kinds: Any) -> tuple[str, str] | None:
    for kind in KINDS if isinstance(kinds, Mapping) else ():
        data = kinds.get(kind)
        if isinstance(data, str) and data and _BASE64.fullmatch(data):
            return kind, data
    return None
