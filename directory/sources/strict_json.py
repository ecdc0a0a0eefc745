"""JSON that means one thing: no key twice, no NaN, no endless nesting, in UTF-8 and of a bounded size."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from directory.sources.entry import SourceError, require_size

DEEPEST = 60


def read_json(path: Path) -> Any:
    """The document in a file."""
    require_size(path)
    return parse_json(path.read_bytes(), path.name)


def parse_json(data: bytes, name: str) -> Any:
    """The document in some bytes; the name is for messages."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{name} is not in UTF-8: byte {error.start + 1} is wrong. Save it as UTF-8."
        ) from error
    try:
        document = json.loads(
            text, object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_finite, parse_int=_whole
        )
    except RecursionError as error:
        raise SourceError(f"{name} is nested too deeply to be read.") from error
    except json.JSONDecodeError as error:
        raise SourceError(
            f"{name} is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        ) from error
    except ValueError as error:
        raise SourceError(f"{name} cannot be read: {error}") from error
    _require_plain(document, name)
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"the key {name!r} stands twice in one object.")
        found[name] = value
    return found


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is not a number of JSON.")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {text[:20]} is too large.")
    return number


def _whole(text: str) -> int:
    if len(text) > 40:
        raise ValueError(f"the number {text[:20]} and so on is too long.")
    return int(text)


def _require_plain(document: Any, name: str) -> None:
    """Refuse what no database takes, and nesting too deep for anything that would walk the document."""
    level = [document]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                below += [*item.keys(), *item.values()]
            elif isinstance(item, list):
                below += item
            elif isinstance(item, str) and ("\x00" in item or not _is_unicode(item)):
                raise SourceError(f"{name} has a character that cannot be stored, in {item[:40]!a}.")
        if not below:
            return
        level = below
    raise SourceError(f"{name} is nested more than {DEEPEST} levels deep.")


def _is_unicode(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text)
